import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import type { CapRule } from '../../src/domain/invite/cap.ts';
import type { CapState } from '../../src/domain/invite/take-cap.ts';
import type { Tx } from '../client.ts';
import { readCapUsed } from '../read/cap-used.ts';

/** Locks the member, so that two requests cannot both take the last place, and reads what is used of the cap from now on. */
export async function lockCap(tx: Tx, of: { tenantId: TenantId; memberId: MemberId; rule: CapRule; zone: string; now: number }): Promise<CapState> {
  await tx.sql`select 1 from members where id = ${of.memberId} for no key update`;
  return readCapUsed(tx, of);
}

/** Adds to what is used of a (locked) member's cap, by span; negative numbers give places back. */
export async function addToCap(tx: Tx, of: { tenantId: TenantId; memberId: MemberId }, buckets: ReadonlyMap<string, number>): Promise<void> {
  const changed = [...buckets].filter(([, by]) => by !== 0).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (changed.length === 0) return;
  tx.answerLater(tx.sql`
    insert into member_caps (tenant_id, member_id, bucket, used)
    select ${of.tenantId}, ${of.memberId}, c.bucket, greatest(c.by, 0)
    from unnest(${changed.map(([bucket]) => bucket)}::text[], ${changed.map(([, by]) => by)}::integer[]) as c (bucket, by)
    on conflict (tenant_id, member_id, bucket) do update set used = greatest(0, member_caps.used + (
      select c.by from unnest(${changed.map(([bucket]) => bucket)}::text[], ${changed.map(([, by]) => by)}::integer[]) as c (bucket, by) where c.bucket = excluded.bucket))`);
}

/** How many of each. */
export function countBuckets(buckets: readonly (string | null)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const bucket of buckets) if (bucket !== null) counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  return counts;
}
