import { hashSecret } from '../config/keyring.ts';
import { isId } from '../domain/ids.ts';
import type { TenantId } from '../domain/ids.ts';

/** A preview's page can be looked at this long, as often as one likes. */
export const PREVIEW_LINK_LIVES_MS = 60 * 60_000;

/** What the address of a preview's page says: whose it is, so that its row may be looked for, and the hash it is kept under. */
export type PreviewToken = { tenantId: TenantId; hash: Buffer };

const TOKEN = /^([0-9a-z]{26})\.([A-Za-z0-9_-]{32})$/;

/** The path of a preview's page, of 24 random bytes (192 bits); they stand in it and nowhere else. */
export function previewPath(tenantId: TenantId, random: Uint8Array): { path: string; hash: Buffer } {
  const secret = Buffer.from(random).toString('base64url');
  if (secret.length !== 32) throw new Error('a preview link takes 24 random bytes');
  return { path: `/preview/${tenantId.slice('tnt_'.length)}.${secret}`, hash: hashSecret(secret) };
}

/** Reads the last part of the path; null where it is none of ours. */
export function readPreviewToken(text: string): PreviewToken | null {
  const [, tenant, secret] = TOKEN.exec(text) ?? [];
  const tenantId = `tnt_${tenant ?? ''}`;
  return secret !== undefined && isId('tnt', tenantId) ? { tenantId, hash: hashSecret(secret) } : null;
}
