import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Sql, Tx } from '../client.ts';

/** Tokens of a member that were made before are refused (epoch ms); null: none are. Needs no tenant: who asks has read the token's signature. */
export async function tokensNotBefore(sql: Sql, { tenantId, memberId }: { tenantId: TenantId; memberId: MemberId }): Promise<number | null> {
  const [row] = await sql<{ at: number | null }[]>`select member_tokens_not_before(${tenantId}, ${memberId}) as at`;
  return row?.at ?? null;
}

/** A member by our id or by the tenant's, and before when tokens are taken back (epoch ms; null: none are); null where there is no such member. */
export async function readTokenOwner({ sql }: Tx, tenantId: TenantId, named: { memberId: MemberId } | { externalId: string }): Promise<{ memberId: MemberId; tokensNotBefore: number | null } | null> {
  const [row] = await sql<{ memberId: MemberId; tokensNotBefore: number | null }[]>`
    select id as "memberId", tokens_not_before as "tokensNotBefore" from members
    where tenant_id = ${tenantId} and ${'memberId' in named ? sql`id = ${named.memberId}` : sql`external_id = ${named.externalId}`}`;
  return row ?? null;
}
