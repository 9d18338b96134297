import { newId } from '../../src/config/new-id.ts';
import { inviteId, type BatchId, type ContactId, type InviteRef, type MemberId, type TenantId } from '../../src/domain/ids.ts';
import type { InviteDecision, Refused } from '../../src/domain/invite/decide-invites.ts';
import type { ZoneOrigin } from '../../src/domain/zone/zone-candidates.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import type { Offer } from '../read/offer.ts';
import { laneOf, notifyLane } from './lane.ts';
import { markStale } from './mark-stale.ts';

/** The contact an accepted invite goes to. `id` is only a proposal where the contact is new. */
export type ContactRow = {
  id: ContactId;
  isNew: boolean;
  emailSealed: Buffer;
  nameSealed: Buffer | null;
  zones: readonly string[];
  zoneSource: ZoneOrigin;
  zonesChanged: boolean;
  locale: string | null;
};

export type InviteRow = {
  n: number;
  hash: Buffer | null;
  relationship: string | null;
  consentBasis: string | null;
  decision: InviteDecision;
  contact: ContactRow | null;
};

export type BatchToWrite = {
  batchId: BatchId;
  tenantId: TenantId;
  offer: Offer;
  memberId: MemberId | null;
  memberDay: string;
  now: number;
  expiresAt: number;
  coolUntil: number;
  actor: string;
  rows: readonly InviteRow[];
};

/**
 * Writes a decided batch in one statement. Cooling is taken by conditional upsert in key order, so of two requests for
 * one recipient the second is refused; returned are the places that lost, with the invite that won.
 */
export async function writeBatch(tx: Tx, batch: BatchToWrite): Promise<Map<number, InviteRef>> {
  const accepted = batch.rows.filter((row) => row.contact !== null && row.hash !== null)
    .toSorted((a, b) => Buffer.compare(a.hash ?? Buffer.alloc(0), b.hash ?? Buffer.alloc(0)));
  const refused = batch.rows.filter((row) => row.contact === null);
  const moved = accepted.flatMap(({ contact, hash }) => (contact?.zonesChanged === true && hash !== null ? [hash] : []));
  // Before cooling and contacts are touched: everybody who locks those after batches would wait for us in a ring.
  if (moved.length > 0) await markStale(tx, { kind: 'people', recipientHashes: moved, inviterIds: [] }, batch.now);
  await insertBatchRow(tx, batch, accepted);
  if (refused.length > 0) await insertRefused(tx, batch, refused);
  const lost = accepted.length === 0 ? new Map<number, InviteRef>() : await insertAccepted(tx, batch, accepted);
  await insertDecisions(tx, batch, lost);
  if (accepted.length > lost.size) await notifyLane(tx, batch.tenantId, laneOf(batch.batchId, batch.offer), batch.now);
  return lost;
}

async function insertBatchRow(tx: Tx, batch: BatchToWrite, accepted: readonly InviteRow[]): Promise<void> {
  const firstDueAt = accepted.reduce<number | null>(
    (first, { decision }) => (decision.outcome === 'accepted' ? Math.min(first ?? decision.sendAt, decision.sendAt) : first), null);
  await tx.sql`
    insert into invite_batches (id, tenant_id, program_id, program_version, member_id, channel, lane, invite_count, next_due_at, expires_at, created_at)
    values (${batch.batchId}, ${batch.tenantId}, ${batch.offer.programId}, ${batch.offer.programVersion}, ${batch.memberId}, ${batch.offer.channel},
            ${laneOf(batch.batchId, batch.offer)}, ${batch.rows.length}, ${firstDueAt}, ${batch.expiresAt}, ${batch.now})`;
}

async function insertRefused(tx: Tx, batch: BatchToWrite, rows: readonly InviteRow[]): Promise<void> {
  const refused = rows.flatMap(({ decision }) => (decision.outcome === 'refused' ? [decision] : []));
  await tx.sql`
    insert into invites (batch_id, n, tenant_id, recipient_hash, state, reason, duplicate_of, relationship, consent_basis)
    select ${batch.batchId}, i.n, ${batch.tenantId}, i.hash, 'refused', i.reason, i.duplicate_of, i.relationship, i.consent
    from unnest(${rows.map((row) => row.n)}::smallint[], ${bytesArray(rows.map((row) => row.hash))}::bytea[], ${refused.map((row) => row.reason)}::text[],
                ${refused.map((row) => duplicateId(batch.batchId, row))}::text[], ${rows.map((row) => row.relationship)}::text[],
                ${rows.map((row) => row.consentBasis)}::text[]) as i (n, hash, reason, duplicate_of, relationship, consent)`;
}

async function insertAccepted(tx: Tx, batch: BatchToWrite, rows: readonly InviteRow[]): Promise<Map<number, InviteRef>> {
  const { tenantId, batchId, now } = batch;
  const contacts = rows.flatMap(({ contact }) => contact ?? []);
  const plans = rows.flatMap(({ decision }) => (decision.outcome === 'accepted' ? [decision] : []));
  const lost = await tx.sql<{ n: number; hash: Buffer }[]>`
    with input as materialized (
      select * from unnest(
        ${rows.map((row) => row.n)}::smallint[], ${bytesArray(rows.map((row) => row.hash))}::bytea[], ${contacts.map((row) => row.id)}::text[],
        ${bytesArray(contacts.map((row) => row.emailSealed))}::bytea[], ${bytesArray(contacts.map((row) => row.nameSealed))}::bytea[],
        ${contacts.map((row) => row.zones.join(' '))}::text[], ${contacts.map((row) => row.zoneSource)}::text[], ${contacts.map((row) => row.locale)}::text[],
        ${rows.map((row) => row.relationship)}::text[], ${rows.map((row) => row.consentBasis)}::text[],
        ${plans.map((plan) => plan.sendAt)}::timestamptz[], ${plans.map((plan) => plan.permittedUntil)}::timestamptz[]
      ) as i (n, hash, contact_id, email, name, zones, zone_source, locale, relationship, consent, due_at, permitted_until)
    ), cooled as (
      insert into cooling (tenant_id, recipient_hash, batch_id, n, until)
      select ${tenantId}, hash, ${batchId}, n, ${batch.coolUntil} from input order by hash
      on conflict (tenant_id, recipient_hash) do update
        set batch_id = excluded.batch_id, n = excluded.n, until = excluded.until where cooling.until <= ${now}
      returning recipient_hash
    ), won as materialized (
      select * from input where hash in (select recipient_hash from cooled)
    ), people as (
      insert into contacts (id, tenant_id, email_hash, email_sealed, name_sealed, zones, zone_source, locale, created_at)
      select contact_id, ${tenantId}, hash, email, name, string_to_array(zones, ' '), zone_source, locale, ${now} from won order by hash
      on conflict (tenant_id, email_hash) do update
        set name_sealed = coalesce(contacts.name_sealed, excluded.name_sealed), locale = coalesce(contacts.locale, excluded.locale),
            zones = excluded.zones, zone_source = excluded.zone_source
      returning id, email_hash
    ), written as (
      insert into invites (batch_id, n, tenant_id, recipient_hash, contact_id, state, relationship, consent_basis, step, due_at, permitted_until, plan_version)
      select ${batchId}, won.n, ${tenantId}, won.hash, people.id, 'waiting', won.relationship, won.consent, 0, won.due_at, won.permitted_until, ${batch.offer.planVersion}
      from won join people on people.email_hash = won.hash
    ), counted as (
      update member_days set used = used + (select count(*) from won)
      where tenant_id = ${tenantId} and member_id = ${batch.memberId} and day = ${batch.memberDay}::date
    )
    select n, hash from input where hash not in (select recipient_hash from cooled)`;
  if (lost.length === 0) return new Map();
  const winners = await winnersOf(tx, batch, lost);
  await insertLost(tx, batch, rows, winners);
  return winners;
}

/** Who took the recipients first: looked up after the upsert has waited for them, when what they wrote can be seen. */
async function winnersOf(tx: Tx, { tenantId, batchId }: BatchToWrite, lost: readonly { n: number; hash: Buffer }[]): Promise<Map<number, InviteRef>> {
  const rows = await tx.sql<{ hash: Buffer; batchId: BatchId; n: number }[]>`
    select recipient_hash as hash, batch_id as "batchId", n from cooling
    where tenant_id = ${tenantId} and recipient_hash = any(${bytesArray(lost.map((row) => row.hash))}::bytea[])`;
  const byHash = new Map(rows.map((row) => [row.hash.toString('hex'), row]));
  return new Map(lost.map(({ n, hash }) => {
    const winner = byHash.get(hash.toString('hex'));
    return [n, winner === undefined ? { batchId, n } : { batchId: winner.batchId, n: winner.n }];
  }));
}

/** Rows that lost the race become refusals like any other. */
async function insertLost(tx: Tx, batch: BatchToWrite, rows: readonly InviteRow[], winners: ReadonlyMap<number, InviteRef>): Promise<void> {
  const lost = rows.flatMap((row): InviteRow[] => {
    const winner = winners.get(row.n);
    if (winner === undefined) return [];
    return [{ ...row, contact: null, decision: { n: row.n, outcome: 'refused', reason: 'duplicate_in_cooling_period', duplicateOf: winner } }];
  });
  await insertRefused(tx, batch, lost);
}

function duplicateId(batchId: BatchId, { duplicateOf }: Refused): string | null {
  if (duplicateOf === undefined) return null;
  return inviteId('batchId' in duplicateOf ? duplicateOf : { batchId, n: duplicateOf.n });
}

type DecisionGroup = { kind: string; rule: string; inputs: Record<string, unknown>; ns: number[] };

/** One decision row for all invites that one reasoning covers: a plan's key, or a refusal's reason. */
async function insertDecisions(tx: Tx, batch: BatchToWrite, lost: ReadonlyMap<number, InviteRef>): Promise<void> {
  const groups = new Map<string, DecisionGroup>();
  for (const { decision, contact, n } of batch.rows) {
    const [key, group] = decision.outcome === 'accepted' && contact !== null && !lost.has(n)
      ? [`planned ${decision.planKey}`, planGroup(batch, decision.why, decision.sendAt, decision.permittedUntil, contact)]
      : refusalGroup(decision.outcome === 'refused' ? decision.reason : 'duplicate_in_cooling_period', decision.outcome === 'refused' ? decision.detail : undefined);
    const held = groups.get(key) ?? group;
    held.ns.push(n);
    groups.set(key, held);
  }
  const rows = [...groups.values()];
  await tx.sql`
    insert into decisions (id, tenant_id, subject_id, ns, kind, rule, inputs, actor, at)
    select d.id, ${batch.tenantId}, ${batch.batchId}, string_to_array(d.ns, ' ')::smallint[], d.kind, d.rule, d.inputs, ${batch.actor}, ${batch.now}
    from unnest(${rows.map(() => newId('dec', batch.now))}::text[], ${rows.map((row) => row.ns.join(' '))}::text[], ${rows.map((row) => row.kind)}::text[],
                ${rows.map((row) => row.rule)}::text[], ${rows.map((row) => JSON.stringify(row.inputs))}::jsonb[]) as d (id, ns, kind, rule, inputs)`;
}

function planGroup(batch: BatchToWrite, why: string, sendAt: number, permittedUntil: number, contact: ContactRow): DecisionGroup {
  const { offer } = batch;
  return {
    kind: 'accepted_and_planned',
    rule: why,
    inputs: {
      zones: contact.zones,
      zoneSource: contact.zoneSource,
      sendAt: new Date(sendAt).toISOString(),
      permittedUntil: new Date(permittedUntil).toISOString(),
      expiresAt: new Date(batch.expiresAt).toISOString(),
      programVersion: offer.programVersion,
      planVersion: offer.planVersion,
    },
    ns: [],
  };
}

function refusalGroup(reason: string, detail: string | undefined): [string, DecisionGroup] {
  return [`refused ${reason} ${detail ?? ''}`, { kind: 'refused', rule: reason, inputs: detail === undefined ? {} : { detail }, ns: [] }];
}
