import { hashSecret } from '../config/keyring.ts';
import { isId } from '../domain/ids.ts';
import type { TenantId } from '../domain/ids.ts';

/** A token can be opened this long, once. */
export const EMBED_TOKEN_LIVES_MS = 60 * 60_000;
/** The session that it was swapped for lives this long. */
export const EMBED_SESSION_LIVES_MS = 60 * 60_000;

/** What a token or a session says: whose it is, so that its row may be looked for, and the hash it is kept under. */
export type EmbedSecret = { tenantId: TenantId; hash: Buffer };

const SECRET = /^([0-9a-z]{26})\.([A-Za-z0-9_-]{32})$/;
const COOKIE = 'flywheel_referrals';

/** A token or session of 24 random bytes (192 bits), as it is given out, and its hash. */
export function embedSecret(tenantId: TenantId, random: Uint8Array): { text: string; hash: Buffer } {
  const secret = Buffer.from(random).toString('base64url');
  if (secret.length !== 32) throw new Error('a token takes 24 random bytes');
  return { text: `${tenantId.slice('tnt_'.length)}.${secret}`, hash: hashSecret(secret) };
}

/** Reads one; null where it is none of ours. Whether it opens anything, the database tells. */
export function readEmbedSecret(text: string): EmbedSecret | null {
  const [, tenant, secret] = SECRET.exec(text) ?? [];
  const tenantId = `tnt_${tenant ?? ''}`;
  return secret !== undefined && isId('tnt', tenantId) ? { tenantId, hash: hashSecret(secret) } : null;
}

/** The session that a browser brings. */
export function sessionIn(cookies: string | undefined): EmbedSecret | null {
  const pair = (cookies ?? '').split(';').map((part) => part.trim()).find((part) => part.startsWith(`${COOKIE}=`));
  return pair === undefined ? null : readEmbedSecret(pair.slice(COOKIE.length + 1));
}

/** Goes to the page alone, and no script sees it. It comes along where an app leads to the page, not where another page shows it inside itself. */
export function sessionCookie(session: string, secure: boolean): string {
  return `${COOKIE}=${session}; Path=/r; Max-Age=${String(EMBED_SESSION_LIVES_MS / 1_000)}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}
