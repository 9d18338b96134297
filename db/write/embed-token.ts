import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { embedTokens } from '../schema/embed-tokens.ts';

/** Stores a token for a member's referral page by its hash. Instants in epoch ms. */
export async function createEmbedToken(tx: Tx, token: { tenantId: TenantId; memberId: MemberId; tokenHash: Uint8Array; expiresAt: number }): Promise<void> {
  await tx.orm.insert(embedTokens).values(token);
}

export type OpenedToken = { outcome: 'opened' | 'own' } | { outcome: 'used' | 'expired' | 'unknown' };

type Opening = {
  tenantId: TenantId;
  tokenHash: Uint8Array;
  /** Of the session that a good token is swapped for. */
  sessionHash: Uint8Array;
  sessionExpiresAt: number;
  /** Of the session that the browser brought, if any. */
  broughtHash: Uint8Array | null;
  now: number;
};

/** Swaps a token for a session, once. `own`: it was swapped before, for the very session that this browser has. */
export async function openEmbedToken({ sql }: Tx, { tenantId, tokenHash, sessionHash, sessionExpiresAt, broughtHash, now }: Opening): Promise<OpenedToken> {
  const opened = await sql`
    update embed_tokens set session_hash = ${sessionHash}, session_expires_at = ${sessionExpiresAt}
    where tenant_id = ${tenantId} and token_hash = ${tokenHash} and session_hash is null and expires_at > ${now}`;
  if (opened.count === 1) return { outcome: 'opened' };
  const [row] = await sql<{ used: boolean; own: boolean }[]>`
    select session_hash is not null as used, coalesce(session_hash = ${broughtHash}::bytea and session_expires_at > ${now}, false) as own
    from embed_tokens where tenant_id = ${tenantId} and token_hash = ${tokenHash}`;
  if (row === undefined) return { outcome: 'unknown' };
  if (row.own) return { outcome: 'own' };
  return { outcome: row.used ? 'used' : 'expired' };
}
