import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import { capBucket } from '../../src/domain/invite/cap-bucket.ts';
import type { CapRule } from '../../src/domain/invite/cap.ts';
import type { CapState } from '../../src/domain/invite/take-cap.ts';
import type { Tx } from '../client.ts';

const LENGTH = { day: '2026-06-10'.length, hour: '2026-06-10T14'.length } as const;

/** What is used of a member's cap from `now` (epoch ms) on, without a lock: to look at. Who takes a place locks the member first. */
export async function readCapUsed(tx: Tx, of: { tenantId: TenantId; memberId: MemberId; rule: CapRule; zone: string; now: number }): Promise<CapState> {
  const { tenantId, memberId, rule, zone, now } = of;
  const rows = await tx.sql<{ bucket: string; used: number }[]>`
    select bucket, used from member_caps
    where tenant_id = ${tenantId} and member_id = ${memberId} and bucket >= ${capBucket(now, rule.per, zone)} and length(bucket) = ${LENGTH[rule.per]}`;
  return { rule, zone, used: new Map(rows.map((row) => [row.bucket, row.used])) };
}
