import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { recordDecision } from './decide.ts';

/**
 * Refuses all tokens of a member that were made before `notBefore` (epoch ms), and those made since the last were taken back: they count as made up to a second
 * ahead (`tokenFor`), so that it always reaches a second further.
 */
export async function revokeMemberTokens(tx: Tx, { tenantId, memberId, notBefore, actor, now }: { tenantId: TenantId; memberId: MemberId; notBefore: number; actor: string; now: number }): Promise<void> {
  await tx.sql`update members set tokens_not_before = greatest(tokens_not_before + interval '1 second', ${notBefore}::timestamptz) where tenant_id = ${tenantId} and id = ${memberId}`;
  await recordDecision(tx, { tenantId, subjectId: memberId, kind: 'member_tokens_revoked', rule: 'Every token that the member\'s pages and devices hold is refused from now on.', inputs: {}, actor, now });
}
