import type { BatchId, TenantId } from '../../src/domain/ids.ts';
import { localDayStartAt, nextLocalDayAt } from '../../src/domain/invite/cap-bucket.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import type { TenantLimits } from '../../src/domain/program/tenant-limits.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import { messagesSince } from '../read/messages-since.ts';
import { loadUnanswered } from '../read/unanswered.ts';
import { recordDecisions, type Decision } from './decide.ts';
import { freeCooling } from './free-cooling.ts';
import { tellOfMessages } from './runs/tell-of-messages.ts';

type Candidate = { batchId: BatchId; n: number; step: number; recipientHash: Buffer; zone: string | null; expiresAt: number; isNotice: boolean };
/** Rows of locked batches that may be claimed now: parallel lists. */
export type Claimable = { batchIds: readonly BatchId[]; ns: readonly number[] };

type Asked = { tenantId: TenantId; channel: Channel; limits: TenantLimits; tenantZone: string; batchIds: readonly BatchId[]; limit: number; now: number };

/**
 * Holds back what a recipient's limits do not let out now, of the due rows of locked batches: one message too many for the
 * recipient's calendar day is put off to the next, and somebody who left as many unanswered as the tenant allows gets
 * no further invite or reminder. Answers what is left to claim; null where the tenant sets no such limits. Two lanes with messages for one
 * recipient take turns here.
 */
export async function holdRecipients(tx: Tx, asked: Asked): Promise<Claimable | null> {
  const { messagesPerRecipientPerDay: perDay, stopAfterUnanswered: most } = asked.limits;
  if (perDay === undefined && most === undefined) return null;
  const candidates = await dueRows(tx, asked);
  const hashes = [...new Map(candidates.map((row) => [row.recipientHash.toString('hex'), row.recipientHash])).values()].toSorted(Buffer.compare);
  // Row locks would not do: what is counted are other batches' messages, and those that are about to be.
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(${asked.tenantId} || encode(hash, 'hex'), 0)) from unnest(${bytesArray(hashes)}::bytea[]) as h (hash)`;
  const unanswering = await loadUnanswered(tx, { tenantId: asked.tenantId, hashes, most, now: asked.now });
  const sentToday = perDay === undefined ? new Map<string, number>() : await countToday(tx, asked, candidates);
  const [claimable, tooMany, ended]: [Candidate[], Candidate[], Candidate[]] = [[], [], []];
  for (const row of candidates) {
    const key = row.recipientHash.toString('hex');
    const sent = sentToday.get(key) ?? 0;
    if (!row.isNotice && unanswering.has(key)) ended.push(row);
    else if (perDay !== undefined && sent >= perDay) tooMany.push(row);
    else {
      sentToday.set(key, sent + 1);
      claimable.push(row);
    }
  }
  await putOff(tx, asked, tooMany);
  await endUnanswered(tx, asked, ended);
  return { batchIds: claimable.map((row) => row.batchId), ns: claimable.map((row) => row.n) };
}

async function dueRows(tx: Tx, { batchIds, channel, limit, now }: Asked): Promise<Candidate[]> {
  return tx.sql<Candidate[]>`
    select i.batch_id as "batchId", i.n, i.step, i.recipient_hash as "recipientHash", coalesce(m.zone, case when c.zone_source <> 'tenant' then c.zones[1] end) as zone, b.expires_at as "expiresAt", b.notice is not null as "isNotice"
    from invites i join invite_batches b on b.id = i.batch_id join contacts c on c.id = i.contact_id
    left join lateral (select m.zone from members m where m.contact_id = c.id order by m.id limit 1) m on true
    where i.batch_id = any(${batchIds}::text[]) and i.channel = ${channel} and i.due_at <= ${now} and i.attempt_id is null and i.step is not null and not i.stale
    order by i.due_at, i.batch_id, i.n limit ${limit} for no key update of i skip locked`;
}

/** Messages that left, may have left or are on the wire on the recipients' present dates, and pushes that left, by hash in hex. */
async function countToday(tx: Tx, { tenantId, tenantZone, now }: Asked, candidates: readonly Candidate[]): Promise<Map<string, number>> {
  const rows = candidates.map(({ recipientHash, zone }) => ({ recipientHash, dayStartAt: localDayStartAt(now, zone ?? tenantZone) }));
  const counted = await tx.sql<{ key: string; sent: number }[]>`
    select encode(h.hash, 'hex') as key, (${messagesSince(tx, { tenantId, hash: tx.sql`h.hash`, since: tx.sql`h.day_start_at` })} + (
        select count(*) from contacts c join members m on m.contact_id = c.id join feed_items f on f.tenant_id = m.tenant_id and f.member_id = m.id
        where c.tenant_id = ${tenantId} and (c.email_hash = h.hash or (c.email_hash is null and c.phone_hash = h.hash)) and f.pushed_at >= h.day_start_at
      ))::int as sent
    from (select distinct * from unnest(${bytesArray(rows.map((row) => row.recipientHash))}::bytea[], ${rows.map((row) => row.dayStartAt)}::timestamptz[]) as given (hash, day_start_at)) as h`;
  return new Map(counted.map((row) => [row.key, row.sent]));
}

async function putOff(tx: Tx, { tenantId, tenantZone, now, limits }: Asked, rows: readonly Candidate[]): Promise<void> {
  if (rows.length === 0) return;
  const until = rows.map((row) => nextLocalDayAt(now, row.zone ?? tenantZone));
  await tx.sql`
    update invites i set stale = true, reason = 'recipient_cap', due_at = r.until
    from unnest(${rows.map((row) => row.batchId)}::text[], ${rows.map((row) => row.n)}::smallint[], ${until}::timestamptz[]) as r (batch_id, n, until)
    where i.batch_id = r.batch_id and i.n = r.n`;
  await recordDecisions(tx, rows.map((row, place): Decision => ({
    tenantId, subjectId: row.batchId, ns: [row.n], kind: 'recipient_cap', actor: 'sender', now,
    rule: `A recipient gets ${String(limits.messagesPerRecipientPerDay)} messages a day at most, across programs: it waits for the next.`,
    inputs: { step: row.step, perDay: limits.messagesPerRecipientPerDay, notBefore: new Date(until[place] ?? now).toISOString() },
  })));
}

/** An invitation ends; after one that was sent, the reminders end. */
async function endUnanswered(tx: Tx, { tenantId, now, limits }: Asked, rows: readonly Candidate[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.sql`
    update invites i set step = null,
      state = case when i.state = 'waiting' then 'refused' else i.state end, reason = 'unanswered_cap',
      due_at = case when i.state = 'waiting' then null else r.expires_at end
    from unnest(${rows.map((row) => row.batchId)}::text[], ${rows.map((row) => row.n)}::smallint[], ${rows.map((row) => row.expiresAt)}::timestamptz[]) as r (batch_id, n, expires_at)
    where i.batch_id = r.batch_id and i.n = r.n`;
  await freeCooling(tx, tenantId, rows.filter((row) => row.step === 0));
  await recordDecisions(tx, rows.map((row): Decision => ({
    tenantId, subjectId: row.batchId, ns: [row.n], kind: 'unanswered_cap', actor: 'sender', now,
    rule: `The recipient left ${String(limits.stopAfterUnanswered)} messages unanswered: nothing more is sent.`,
    inputs: { step: row.step, stopAfterUnanswered: limits.stopAfterUnanswered },
  })));
  await tellOfMessages(tx, { tenantId, refs: rows, now });
}
