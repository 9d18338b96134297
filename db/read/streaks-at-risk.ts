import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** A streak that ends. Instants in epoch ms; `zone`: the member's clock. */
export type StreakAtRisk = { readonly memberId: MemberId; readonly streak: string; readonly current: number; readonly endsAt: number; readonly zone: string };
/** Where a page ended. */
export type AtRiskPlace = Pick<StreakAtRisk, 'endsAt' | 'memberId' | 'streak'>;

/**
 * Streaks that end after `from` and not after `until` unless their member practises: no freeze is left for that day, it is not
 * paused, and nobody practised on it, which is what the rows' `expires_at` says. In the order of their ends, from the place
 * after which a page ended. Keep the span well below a day: then whoever practised today is not in it.
 */
export async function streaksAtRisk({ sql }: Tx, { tenantId, from, until, after, limit }: { tenantId: TenantId; from: number; until: number; after: AtRiskPlace | null; limit: number }): Promise<StreakAtRisk[]> {
  return sql<StreakAtRisk[]>`
    select member_id as "memberId", streak, current, expires_at as "endsAt", zone from streaks
    where tenant_id = ${tenantId} and expires_at > ${from} and expires_at <= ${until}
      ${after === null ? sql`` : sql`and (expires_at, member_id, streak) > (${after.endsAt}, ${after.memberId}, ${after.streak})`}
    order by tenant_id, expires_at, member_id, streak limit ${limit}`;
}
