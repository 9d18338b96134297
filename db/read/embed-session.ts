import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** Whose page a session opens; null where there is none, or it is over. */
export async function readEmbedSession({ sql }: Tx, tenantId: TenantId, sessionHash: Uint8Array, now: number): Promise<MemberId | null> {
  const [row] = await sql<{ memberId: MemberId }[]>`
    select member_id as "memberId" from embed_tokens where tenant_id = ${tenantId} and session_hash = ${sessionHash} and session_expires_at > ${now}`;
  return row?.memberId ?? null;
}
