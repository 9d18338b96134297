import type { BatchId, ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { SendPlan } from '../../src/domain/send-time/plan-send.ts';
import type { Tx } from '../client.ts';
import { loadOffer, type Offer } from '../read/offer.ts';
import type { QuietHours } from '../schema/people.ts';
import { recordDecision } from './decide.ts';
import { freeCooling } from './free-cooling.ts';
import { planFor } from './plan-for.ts';
import { lockBatches, refreshNextDue } from './refresh-next-due.ts';

const ROWS_A_CALL = 500;

type StaleRow = {
  batchId: BatchId;
  n: number;
  step: number;
  programId: ProgramId;
  pinnedAfterHours: number;
  expiresAt: number;
  zones: string[];
  memberQuiet: QuietHours | null;
  eventDates: string[];
  previousAt: number | null;
  /** When a row that was put off may be tried again. */
  retryAt: number | null;
};

/**
 * Plans stale rows of a lane again, once per distinct (zones, rules, expiry), up to a limit a call; returns how many it
 * took, so call again until 0. An invite for which no moment is left ends `refused`/`no_permitted_time`; a reminder is let go.
 */
export async function replanStale(tx: Tx, lane: { tenantId: TenantId; lane: string }, now: number): Promise<number> {
  const rows = await staleRows(tx, lane);
  if (rows.length === 0) return 0;
  const batchIds = rows.map((row) => row.batchId);
  await lockBatches(tx, batchIds);
  const offers = new Map<ProgramId, Offer | null>();
  for (const { programId } of rows) if (!offers.has(programId)) offers.set(programId, await loadOffer(tx, programId));
  const plans = new Map<string, Planned>();
  for (const row of rows) {
    const offer = offers.get(row.programId);
    if (offer == null) throw new Error(`program ${row.programId} is gone`);
    const from = Math.max(now, row.retryAt ?? now, row.previousAt === null ? now : row.previousAt + row.pinnedAfterHours * 3_600_000);
    const key = JSON.stringify([row.programId, row.zones, row.memberQuiet, row.eventDates, from, row.expiresAt, row.batchId, row.step]);
    const planned = plans.get(key) ?? { plan: planFor(offer, row.eventDates, row.zones, row.memberQuiet, from, row.expiresAt), offer, zones: row.zones, batchId: row.batchId, rows: [] };
    planned.rows.push(row);
    plans.set(key, planned);
  }
  for (const planned of plans.values()) await writePlan(tx, lane.tenantId, planned, now);
  await refreshNextDue(tx, batchIds);
  return rows.length;
}

type Planned = { plan: SendPlan; offer: Offer; zones: readonly string[]; batchId: BatchId; rows: StaleRow[] };

async function staleRows(tx: Tx, lane: { tenantId: TenantId; lane: string }): Promise<StaleRow[]> {
  return tx.sql<StaleRow[]>`
    select i.batch_id as "batchId", i.n, i.step, b.program_id as "programId", b.expires_at as "expiresAt",
           case when i.step > 0 then (v.terms -> 'reminders' -> (i.step - 1) ->> 'afterHours')::float8 else 0 end as "pinnedAfterHours",
           case when r.zone is not null then array[r.zone] else c.zones end as zones, r.quiet_hours as "memberQuiet",
           coalesce(m.event_dates::text[], '{}') as "eventDates", prev.recorded_at as "previousAt",
           case when i.tries > 0 then i.due_at end as "retryAt"
    from invites i
    join invite_batches b on b.id = i.batch_id
    join program_versions v on v.program_id = b.program_id and v.version = b.program_version
    join contacts c on c.id = i.contact_id
    left join members m on m.id = b.member_id
    left join lateral (select * from members r where r.contact_id = c.id order by r.id limit 1) r on true
    left join messages prev on prev.batch_id = i.batch_id and prev.n = i.n and prev.step = i.step - 1 and prev.channel = b.channel
    where i.stale and i.tenant_id = ${lane.tenantId} and b.lane = ${lane.lane} and i.step is not null and i.attempt_id is null
    order by i.batch_id, i.n limit ${ROWS_A_CALL}`;
}

async function writePlan(tx: Tx, tenantId: TenantId, planned: Planned, now: number): Promise<void> {
  const { plan, offer, rows, batchId } = planned;
  const ns = rows.map((row) => row.n);
  const isPlanned = plan.sendAt !== null;
  await tx.sql`
    update invites i set
      stale = false, plan_version = ${offer.planVersion},
      state = case when ${isPlanned} or i.step > 0 then i.state else 'refused' end,
      reason = case when ${isPlanned} or i.step > 0 then i.reason else 'no_permitted_time' end,
      due_at = case when ${isPlanned} then ${plan.sendAt}::timestamptz when i.step > 0 then ${rows[0]?.expiresAt ?? now}::timestamptz end,
      permitted_until = ${isPlanned ? plan.permittedUntil : null}::timestamptz,
      step = case when ${isPlanned} then i.step end
    where i.batch_id = ${batchId} and i.n = any(${ns}::smallint[]) and i.stale and i.attempt_id is null and i.step is not null`;
  if (!isPlanned) await freeCooling(tx, tenantId, rows.filter((row) => row.step === 0));
  await recordDecision(tx, {
    tenantId, subjectId: batchId, ns, kind: isPlanned ? 'planned_again' : 'no_time_left', rule: plan.why,
    inputs: { step: rows[0]?.step ?? 0, zones: planned.zones, sendAt: iso(plan.sendAt), permittedUntil: isPlanned ? iso(plan.permittedUntil) : null, planVersion: offer.planVersion },
    actor: 'sender', now,
  });
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
