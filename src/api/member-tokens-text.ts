import type { Keyring } from '../config/keyring.ts';
import { sameBytes } from '../config/keyring.ts';
import { isId } from '../domain/ids.ts';
import type { MemberId, TenantId } from '../domain/ids.ts';

/** A token is good for this long; the app's server makes the next one. */
export const MEMBER_TOKEN_LIVES_MS = 60 * 60_000;

/** A token made now: good for an hour. Where tokens were taken back (`notBefore`, epoch ms), it counts as made no earlier. */
export function tokenFor(of: Pick<MemberToken, 'tenantId' | 'memberId'>, now: number, notBefore: number | null): MemberToken {
  return { ...of, expiresAt: Math.max(Math.floor(now / 1000) * 1000, notBefore ?? 0) + MEMBER_TOKEN_LIVES_MS };
}

/** When it counts as made (epoch ms, whole seconds): they all live alike. */
export function madeAt({ expiresAt }: MemberToken): number {
  return expiresAt - MEMBER_TOKEN_LIVES_MS;
}

/** Tokens know whole seconds: taking back at an instant takes back those of its whole second, and the next token counts as made after it. */
export function notBeforeOf(now: number): number {
  return (Math.floor(now / 1000) + 1) * 1000;
}

/** Whom a token names, and until when (epoch ms, whole seconds). */
export type MemberToken = { readonly tenantId: TenantId; readonly memberId: MemberId; readonly expiresAt: number };

type Signing = Pick<Keyring, 'sign'>;
const TOKEN = /^mt_([0-9a-z]{26})\.([0-9a-z]{26})\.(\d{10,11})\.([A-Za-z0-9_-]{43})$/;

/** The token's text: ids, the second at which it ends, and an HMAC-SHA256 over them. Nothing of it is stored. */
export function writeMemberToken(keyring: Signing, { tenantId, memberId, expiresAt }: MemberToken): string {
  const said = `${tenantId.slice('tnt_'.length)}.${memberId.slice('mbr_'.length)}.${String(Math.floor(expiresAt / 1000))}`;
  return `mt_${said}.${keyring.sign('member', said).toString('base64url')}`;
}

/** Reads a token that we made; null where it is none, or was altered. Whether it is still good `expiresAt` says. */
export function readMemberToken(keyring: Signing, text: string): MemberToken | null {
  const [, tenant = '', member = '', seconds = '', signature = ''] = TOKEN.exec(text) ?? [];
  if (signature === '') return null;
  const [tenantId, memberId] = [`tnt_${tenant}`, `mbr_${member}`];
  const expected = keyring.sign('member', `${tenant}.${member}.${seconds}`).toString('base64url');
  // As text: the last character of base64 has bits that decode to nothing.
  if (!sameBytes(Buffer.from(expected), Buffer.from(signature)) || !isId('tnt', tenantId) || !isId('mbr', memberId)) return null;
  return { tenantId, memberId, expiresAt: Number(seconds) * 1000 };
}
