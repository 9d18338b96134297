import { inviteId, type BatchId, type ProgramId, type TenantId } from '../../src/domain/ids.ts';
import type { LawfulPlan } from '../../src/domain/invite/lawful-plan.ts';
import { takeCap, type Taken } from '../../src/domain/invite/take-cap.ts';
import type { Tx } from '../client.ts';
import { loadOffer, type Offer } from '../read/offer.ts';
import { staleRows, type StaleRow } from '../read/stale-rows.ts';
import { recordDecision } from './decide.ts';
import { freeCooling } from './free-cooling.ts';
import { inviteIsHeard, tellOfInvites } from './invite-news.ts';
import { planFor } from './plan-for.ts';
import { lockBatches, refreshNextDue } from './refresh-next-due.ts';
import { lockInviters, moveInCaps, sharedCaps, type MovedInCap } from './replan-caps.ts';
import { isOfLiveRun, tellOfMessages } from './runs/tell-of-messages.ts';

/**
 * Plans stale rows of a lane again, once per distinct (zones, rules, expiry), up to a limit a call; returns how many it
 * took, so call again until 0. Where the inviter's cap defers, each takes a place in it anew. An invite for which no moment
 * is left ends `refused`/`no_permitted_time`; a reminder is let go.
 */
export async function replanStale(tx: Tx, lane: { tenantId: TenantId; lane: string }, now: number): Promise<number> {
  const found = await staleRows(tx, lane);
  if (found.length === 0) return 0;
  const before = await loadOffers(tx, found);
  await lockInviters(tx, found, before);
  const batchIds = found.map((row) => row.batchId);
  await lockBatches(tx, batchIds);
  // Read again: who held a lock we waited for may have changed a zone, a rule or the row, and marks what we have locked no more.
  const isFound = new Set(found.map(inviteId));
  const rows = (await staleRows(tx, lane, [...new Set(batchIds)])).filter((row) => isFound.has(inviteId(row)));
  const offers = await loadOffers(tx, rows);
  // Other rules may need other inviters locked: the next call begins with them.
  if ([...offers].some(([id, { planVersion }]) => planVersion !== before.get(id)?.planVersion)) return found.length;
  const caps = await sharedCaps(tx, { tenantId: lane.tenantId, rows, offers, now });
  const plan = planner(rows, offers, now);
  const uncapped = takeCap(null, now, plan);
  const takers = new Map([...caps].map(([key, { cap, used }]) => [key, takeCap(cap, now, plan, used)]));
  const groups = new Map<string, Planned>();
  const moved: MovedInCap[] = [];
  for (const row of rows) {
    const taken = (takers.get(capKey(row)) ?? uncapped)(planKey(row));
    const bucket = taken.outcome === 'planned' ? taken.bucket : null;
    if (row.memberId !== null && row.step === 0) moved.push({ memberId: row.memberId, from: row.capBucket, to: bucket });
    const key = JSON.stringify([row.batchId, row.step, planKey(row), taken.outcome === 'planned' ? taken.plan.sendAt : taken.reason, bucket]);
    const group = groups.get(key) ?? { taken, bucket, planVersion: offerOf(offers, row).planVersion, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  for (const group of groups.values()) await writePlan(tx, lane.tenantId, group, now);
  await moveInCaps(tx, lane.tenantId, moved);
  await refreshNextDue(tx, batchIds);
  return found.length;
}

type Planned = { taken: Taken; bucket: string | null; planVersion: number; rows: StaleRow[] };
type Offers = ReadonlyMap<ProgramId, Offer>;

async function loadOffers(tx: Tx, rows: readonly StaleRow[]): Promise<Offers> {
  const offers = new Map<ProgramId, Offer>();
  for (const programId of new Set(rows.map((row) => row.programId))) {
    const offer = await loadOffer(tx, programId);
    if (offer === null) throw new Error(`program ${programId} is gone`);
    offers.set(programId, offer);
  }
  return offers;
}

function offerOf(offers: Offers, row: StaleRow): Offer {
  const offer = offers.get(row.programId);
  if (offer === undefined) throw new Error(`program ${row.programId} is gone`);
  return offer;
}

/** Only an invitation takes a place in its inviter's cap. */
function capKey(row: StaleRow): string {
  return row.step === 0 ? `${row.memberId ?? ''} ${row.programId}` : '';
}

function planKey(row: StaleRow): string {
  const { programId, zones, zoneSource, places, isMinor, memberQuiet, channel, eventDates, previousAt, pinnedAfterHours, retryAt, expiresAt } = row;
  return JSON.stringify([programId, zones, zoneSource, places, isMinor, memberQuiet, channel, eventDates, previousAt, pinnedAfterHours, retryAt, expiresAt]);
}

/** Plans by key, each once: from now, from when a row that was put off may be tried again, or so long after the message before. */
function planner(rows: readonly StaleRow[], offers: Offers, now: number): (key: string, notBefore: number | null) => LawfulPlan {
  const byKey = new Map(rows.map((row) => [planKey(row), row]));
  const plans = new Map<string, LawfulPlan>();
  return (key, notBefore) => {
    const row = byKey.get(key);
    if (row === undefined) throw new Error('a plan key without a row');
    const memo = `${key} ${String(notBefore)}`;
    const from = Math.max(now, row.retryAt ?? now, row.previousAt === null ? now : row.previousAt + row.pinnedAfterHours * 3_600_000);
    const plan = plans.get(memo) ?? planFor(offerOf(offers, row), row, { from, notBefore: notBefore ?? row.retryAt, expiresAt: row.expiresAt, eventDates: row.eventDates });
    plans.set(memo, plan);
    return plan;
  };
}

async function writePlan(tx: Tx, tenantId: TenantId, group: Planned, now: number): Promise<void> {
  const { taken, rows, planVersion, bucket } = group;
  const [first] = rows;
  if (first === undefined) return;
  const ns = rows.map((row) => row.n);
  const plan = taken.outcome === 'planned' ? taken.plan : null;
  const written = await tx.sql<{ n: number; heard: boolean; ofRun: boolean }[]>`
    update invites i set
      stale = false, plan_version = ${planVersion}, cap_bucket = case when i.step > 0 then i.cap_bucket else ${bucket} end,
      state = case when ${plan !== null} or i.step > 0 then i.state else 'refused' end,
      reason = case when ${plan !== null} then nullif(i.reason, 'recipient_cap') when i.step > 0 then i.reason else 'no_permitted_time' end,
      due_at = case when ${plan !== null} then ${plan?.sendAt ?? null}::timestamptz when i.step > 0 then ${first.expiresAt}::timestamptz end,
      permitted_until = ${plan?.permittedUntil ?? null}::timestamptz,
      step = case when ${plan !== null} then i.step end
    where i.batch_id = ${first.batchId} and i.n = any(${ns}::smallint[]) and i.stale and i.attempt_id is null and i.step is not null
    returning i.n, i.state = 'refused' and ${inviteIsHeard(tx, tenantId, ['invite.refused'], tx.sql`i.batch_id`)} as heard,
              ${plan === null ? isOfLiveRun(tx, tenantId, tx.sql`i.batch_id`) : tx.sql`false`} as "ofRun"`;
  if (plan === null) await freeCooling(tx, tenantId, rows.filter((row) => row.step === 0));
  const { batchId } = first;
  await tellOfInvites(tx, { tenantId, now, news: written.flatMap(({ n, heard }) => (heard ? [{ batchId, n, type: 'invite.refused', reason: 'no_permitted_time' }] : [])) });
  await tellOfMessages(tx, { tenantId, refs: written.flatMap(({ n, ofRun }) => (ofRun ? [{ batchId, n }] : [])), now });
  await recordReplanned(tx, { tenantId, batchId: first.batchId, ns, first, group, now });
}

type Told = { tenantId: TenantId; batchId: BatchId; ns: number[]; first: StaleRow; group: Planned; now: number };

async function recordReplanned(tx: Tx, { tenantId, batchId, ns, first, group, now }: Told): Promise<void> {
  const { taken, planVersion, bucket } = group;
  const plan = taken.outcome === 'planned' ? taken.plan : null;
  await recordDecision(tx, {
    tenantId, subjectId: batchId, ns, kind: plan === null ? 'no_time_left' : 'planned_again',
    rule: taken.outcome === 'planned' ? taken.plan.why : (taken.detail ?? 'The inviter\'s cap leaves no time before it expires.'),
    inputs: {
      step: first.step, zones: first.zones, ...(first.places.length === 0 ? {} : { places: first.places }),
      sendAt: iso(plan?.sendAt), permittedUntil: iso(plan?.permittedUntil), planVersion,
      ...(plan === null || plan.law.length === 0 ? {} : { law: plan.law }), ...(plan?.peak === undefined ? {} : { peak: plan.peak }), ...(bucket === null ? {} : { capBucket: bucket }),
    },
    actor: 'sender', now,
  });
}

function iso(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
