import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { recordDecision } from './decide.ts';

/** Refuses all tokens of a member that were made before `notBefore` (epoch ms); never takes back less than was taken back already. */
export async function revokeMemberTokens(tx: Tx, { tenantId, memberId, notBefore, actor, now }: { tenantId: TenantId; memberId: MemberId; notBefore: number; actor: string; now: number }): Promise<void> {
  await tx.sql`update members set tokens_not_before = greatest(tokens_not_before, ${notBefore}::timestamptz) where tenant_id = ${tenantId} and id = ${memberId}`;
  await recordDecision(tx, { tenantId, subjectId: memberId, kind: 'member_tokens_revoked', rule: 'Every token that the member\'s pages and devices hold is refused from now on.', inputs: {}, actor, now });
}
