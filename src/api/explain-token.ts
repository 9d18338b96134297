import { hashSecret } from '../config/keyring.ts';
import { isId } from '../domain/ids.ts';
import type { TenantId } from '../domain/ids.ts';

/** An explain link lives this long, opened or not. */
export const EXPLAIN_LINK_LIVES_MS = 15 * 60_000;

/** What an explain link's address says: whose it is, so that its row may be looked for, and the hash it is kept under. */
export type ExplainToken = { tenantId: TenantId; hash: Buffer };

const TOKEN = /^([0-9a-z]{26})\.([A-Za-z0-9_-]{32})$/;

/** The path of a link, of 24 random bytes (192 bits); they stand in it and nowhere else. */
export function explainPath(tenantId: TenantId, random: Uint8Array): { path: string; hash: Buffer } {
  const secret = Buffer.from(random).toString('base64url');
  if (secret.length !== 32) throw new Error('an explain link takes 24 random bytes');
  return { path: `/explain/${tenantId.slice('tnt_'.length)}.${secret}`, hash: hashSecret(secret) };
}

/** Reads the last part of the path; null where it is none of ours. Whether there is such a link, the database tells. */
export function readExplainToken(text: string): ExplainToken | null {
  const [, tenant, secret] = TOKEN.exec(text) ?? [];
  const tenantId = `tnt_${tenant ?? ''}`;
  return secret !== undefined && isId('tnt', tenantId) ? { tenantId, hash: hashSecret(secret) } : null;
}
