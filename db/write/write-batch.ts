import { inviteId, type BatchId, type InviteRef } from '../../src/domain/ids.ts';
import { CHANNELS, type Channel } from '../../src/domain/message/channel.ts';
import type { Refused } from '../../src/domain/invite/decide-invites.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import { insertDecisions } from './batch-decisions.ts';
import type { BatchToWrite, InviteRow } from './batch-rows.ts';
import { laneOf, notifyLane } from './lane.ts';
import { markStale } from './mark-stale.ts';
import { addToCap, countBuckets } from './member-caps.ts';

/**
 * Writes a decided batch in one statement. Cooling is taken by conditional upsert in key order, so of two requests for
 * one recipient the second is refused; returned are the places that lost, with the invite that won.
 */
export async function writeBatch(tx: Tx, batch: BatchToWrite): Promise<Map<number, InviteRef>> {
  const accepted = batch.rows.filter((row) => row.contact !== null && row.hash !== null)
    .toSorted((a, b) => Buffer.compare(a.hash ?? Buffer.alloc(0), b.hash ?? Buffer.alloc(0)));
  const refused = batch.rows.filter((row) => row.contact === null);
  const moved = accepted.flatMap(({ contact, hash }) => (contact?.moved === true && hash !== null ? [hash] : []));
  // Before cooling and contacts are touched: everybody who locks those after batches would wait for us in a ring.
  if (moved.length > 0) await markStale(tx, { kind: 'people', recipientHashes: moved, inviterIds: [] }, batch.now);
  await insertBatchRow(tx, batch, accepted);
  if (refused.length > 0) await insertRefused(tx, batch, refused);
  const lost = accepted.length === 0 ? new Map<number, InviteRef>() : await insertAccepted(tx, batch, accepted);
  await countInCap(tx, batch, accepted, lost);
  await insertDecisions(tx, batch, lost);
  if (accepted.length > lost.size) for (const { lane } of lanesOf(batch, accepted)) await notifyLane(tx, batch.tenantId, lane, batch.now);
  return lost;
}

async function insertBatchRow(tx: Tx, batch: BatchToWrite, accepted: readonly InviteRow[]): Promise<void> {
  const lanes = lanesOf(batch, accepted);
  tx.answerLater(tx.sql`
    with batch as (
      insert into invite_batches (id, tenant_id, program_id, program_version, member_id, invite_count, expires_at, created_at, run_id, run_step)
      values (${batch.batchId}, ${batch.tenantId}, ${batch.offer.programId}, ${batch.offer.programVersion}, ${batch.memberId},
              ${batch.rows.length}, ${batch.expiresAt}, ${batch.now}, ${batch.run?.runId ?? null}, ${batch.run?.step ?? null})
    )
    insert into batch_lanes (batch_id, channel, tenant_id, lane, next_due_at)
    select ${batch.batchId}, l.channel, ${batch.tenantId}, l.lane, l.due_at
    from unnest(${lanes.map(({ channel }) => channel)}::text[], ${lanes.map(({ lane }) => lane)}::text[], ${lanes.map(({ dueAt }) => dueAt)}::timestamptz[]) as l (channel, lane, due_at)`);
}

/** The lanes in which a batch waits, and when the first of it is due there. */
function lanesOf({ batchId, offer }: BatchToWrite, accepted: readonly InviteRow[]): { channel: Channel; lane: string; dueAt: number }[] {
  return CHANNELS.flatMap((channel) => {
    const dueAts = accepted.flatMap((row) => (row.channel === channel && row.decision.outcome === 'accepted' ? [row.decision.sendAt] : []));
    return dueAts.length === 0 ? [] : [{ channel, lane: laneOf(batchId, channel, offer.senderShards), dueAt: dueAts.reduce((first, dueAt) => Math.min(first, dueAt)) }];
  });
}

async function insertRefused(tx: Tx, batch: BatchToWrite, rows: readonly InviteRow[]): Promise<void> {
  const refused = rows.flatMap(({ decision }) => (decision.outcome === 'refused' ? [decision] : []));
  tx.answerLater(tx.sql`
    insert into invites (batch_id, n, tenant_id, recipient_hash, state, reason, duplicate_of, relationship, consent_basis, channel, phone_hash)
    select ${batch.batchId}, i.n, ${batch.tenantId}, i.hash, 'refused', i.reason, i.duplicate_of, i.relationship, i.consent, i.channel, i.phone
    from unnest(${rows.map((row) => row.n)}::smallint[], ${bytesArray(rows.map((row) => row.hash))}::bytea[], ${refused.map((row) => row.reason)}::text[],
                ${refused.map((row) => duplicateId(batch.batchId, row))}::text[], ${rows.map((row) => row.relationship)}::text[],
                ${rows.map((row) => row.consentBasis)}::text[], ${rows.map((row) => row.channel)}::text[], ${bytesArray(rows.map((row) => row.phoneHash))}::bytea[])
      as i (n, hash, reason, duplicate_of, relationship, consent, channel, phone)`);
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
        ${plans.map((plan) => plan.sendAt)}::timestamptz[], ${plans.map((plan) => plan.permittedUntil)}::timestamptz[],
        ${contacts.map((row) => row.places.join(' '))}::text[], ${plans.map((plan) => (batch.keepsPlaces ? plan.capBucket : null))}::text[],
        ${rows.map((row) => row.channel)}::text[], ${bytesArray(rows.map((row) => row.phoneHash))}::bytea[], ${bytesArray(contacts.map((row) => row.phoneSealed))}::bytea[]
      ) as i (n, hash, contact_id, email, name, zones, zone_source, locale, relationship, consent, due_at, permitted_until, places, cap_bucket, channel, phone_hash, phone)
    ), cooled as (
      insert into cooling (tenant_id, recipient_hash, batch_id, n, until)
      select ${tenantId}, hash, ${batchId}, n, ${batch.coolUntil} from input order by hash
      on conflict (tenant_id, recipient_hash) do update
        set batch_id = excluded.batch_id, n = excluded.n, until = excluded.until where cooling.until <= ${now}
      returning recipient_hash
    ), won as materialized (
      select * from input where hash in (select recipient_hash from cooled)
    ), people as (
      insert into contacts (id, tenant_id, email_hash, email_sealed, phone_hash, phone_sealed, name_sealed, zones, zone_source, places, locale, created_at)
      select contact_id, ${tenantId}, hash, email, phone_hash, phone, name, string_to_array(zones, ' '), zone_source, string_to_array(places, ' '), locale, ${now}
      from won where email is not null order by hash
      on conflict (tenant_id, email_hash) do update
        set name_sealed = coalesce(contacts.name_sealed, excluded.name_sealed), locale = coalesce(contacts.locale, excluded.locale),
            zones = excluded.zones, zone_source = excluded.zone_source, places = excluded.places,
            phone_hash = case when ${tellsPhone(tx)} then excluded.phone_hash else contacts.phone_hash end, phone_sealed = case when ${tellsPhone(tx)} then excluded.phone_sealed else contacts.phone_sealed end
      returning id, email_hash as hash
    ), by_phone as (
      insert into contacts (id, tenant_id, phone_hash, phone_sealed, name_sealed, zones, zone_source, places, locale, created_at)
      select contact_id, ${tenantId}, hash, phone, name, string_to_array(zones, ' '), zone_source, string_to_array(places, ' '), locale, ${now}
      from won where email is null and contact_id not in (select contact_id from won where email is not null) order by contact_id
      on conflict (id) do update
        set name_sealed = coalesce(contacts.name_sealed, excluded.name_sealed), locale = coalesce(contacts.locale, excluded.locale),
            zones = excluded.zones, zone_source = excluded.zone_source, places = excluded.places
      returning id
    ), written as (
      insert into invites (batch_id, n, tenant_id, recipient_hash, contact_id, state, relationship, consent_basis, step, due_at, permitted_until, plan_version, cap_bucket, channel, phone_hash)
      select ${batchId}, won.n, ${tenantId}, won.hash, known.id, 'waiting', won.relationship, won.consent, 0, won.due_at, won.permitted_until, ${batch.offer.planVersion}, won.cap_bucket,
             won.channel, won.phone_hash
      from won join (select * from people union all select contact_id, hash from won where email is null) known on known.hash = won.hash
    )
    select n, hash from input where hash not in (select recipient_hash from cooled)`;
  if (lost.length === 0) return new Map();
  const winners = await winnersOf(tx, batch, lost);
  await insertLost(tx, batch, rows, winners);
  return winners;
}

/** A newer number is kept with the contact, but never before a member's own. What waits for the number before it goes nowhere: see claim-group.ts. */
function tellsPhone(tx: Tx) {
  return tx.sql`(contacts.phone_hash is null or (excluded.phone_hash <> contacts.phone_hash and not exists (select 1 from members m where m.contact_id = contacts.id)))`;
}

/** Counts what was won in the inviter's cap, whose member is locked. */
async function countInCap(tx: Tx, { tenantId, memberId }: BatchToWrite, accepted: readonly InviteRow[], lost: ReadonlyMap<number, InviteRef>): Promise<void> {
  if (memberId === null) return;
  await addToCap(tx, { tenantId, memberId }, countBuckets(accepted.map(({ n, decision }) => (decision.outcome === 'accepted' && !lost.has(n) ? decision.capBucket : null))));
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
