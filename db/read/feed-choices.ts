import type { FeedChoice } from '../../src/domain/feed/choices.ts';
import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** What a member switched off or on again; `decidedAt` in epoch ms. */
export async function readFeedChoices(tx: Tx, tenantId: TenantId, memberId: MemberId): Promise<(FeedChoice & { decidedAt: number })[]> {
  return tx.sql<(FeedChoice & { decidedAt: number })[]>`
    select topic, channel, state, decided_at as "decidedAt" from feed_choices where tenant_id = ${tenantId} and member_id = ${memberId} order by topic, channel`;
}
