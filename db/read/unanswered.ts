import type { TenantId } from '../../src/domain/ids.ts';
import { UNANSWERED_FOR_DAYS } from '../../src/domain/program/tenant-limits.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/**
 * Which recipients (hashes in hex) left `most` messages of the tenant, or more, unanswered since they last opened a link of
 * one or joined by one. Notices ask for no answer. Looks back UNANSWERED_FOR_DAYS; without `most` nobody is asked for.
 */
export async function loadUnanswered(tx: Tx, of: { tenantId: TenantId; hashes: readonly Uint8Array[]; most: number | undefined; now: number }): Promise<Set<string>> {
  const { tenantId, hashes, most, now } = of;
  if (most === undefined || hashes.length === 0) return new Set();
  const since = now - UNANSWERED_FOR_DAYS * DAY_MS;
  const rows = await tx.sql<{ key: string }[]>`
    select encode(h.hash, 'hex') as key
    from (select distinct hash from unnest(${bytesArray(hashes)}::bytea[]) as given (hash) where hash is not null) as h
    cross join lateral (
      select max(t.at) as answered_at
      from invites i join invite_batches b on b.id = i.batch_id and b.notice is null join links l on l.batch_id = i.batch_id and l.n = i.n
      join touches t on t.tenant_id = ${tenantId} and t.code = l.code and t.counted and t.at > ${since} and t.recorded_at > ${since - HOUR_MS}
      where i.tenant_id = ${tenantId} and i.recipient_hash = h.hash
    ) as answer
    cross join lateral (
      select count(*) as unanswered
      from invites i join invite_batches b on b.id = i.batch_id and b.notice is null join messages m on m.batch_id = i.batch_id and m.n = i.n
      where i.tenant_id = ${tenantId} and i.recipient_hash = h.hash and i.state <> 'joined' and m.state in ('handed_off', 'unknown', 'unknown_expired')
        and m.recorded_at > greatest(${since}::timestamptz, answer.answered_at)
    ) as messages
    where messages.unanswered >= ${most}`;
  return new Set(rows.map((row) => row.key));
}
