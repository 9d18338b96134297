import type { IncomingMessage } from 'node:http';
import { REPEAT_WINDOW_MS } from '../../db/write/record-touch.ts';
import type { NewTouch } from '../../db/write/record-touch.ts';
import type { Keyring } from '../config/keyring.ts';
import { drawBytes } from '../config/draw-bytes.ts';
import type { TenantId } from '../domain/ids.ts';
import { isAuthenticVisitor, visitorCode } from '../domain/link/code.ts';
import { networkOf } from '../domain/link/network-of.ts';

const COOKIE = 'flywheel_visitor';

/**
 * Who opens a link, as far as repeats must be told apart: the random id of the cookie, else a fresh one. Its
 * signature keeps made-up ids from being counted as so many people.
 */
export function visitorOf({ headers }: IncomingMessage, keyring: Keyring): NewTouch['visitor'] {
  const brought = cookieOf(headers.cookie);
  return brought !== null && isAuthenticVisitor(keyring, brought)
    ? { kind: 'known', id: brought }
    : { kind: 'fresh', id: visitorCode(keyring, drawBytes(16)) };
}

/** Keyed hash of the visitor's network (IPv4 whole, IPv6 by /64); null where the connection has none any more. */
export function networkHashOf(address: string, keyring: Keyring, tenantId: TenantId): Uint8Array | null {
  const network = networkOf(address);
  return network === null ? null : keyring.hashAddress(tenantId, network);
}

/**
 * The cookie that remembers a counted visitor, for as long as the visitor is not counted again: an hour. It is read by
 * nothing else, goes to `/l` only, and no script sees it; that is all a repeat takes, and consent law asks for no more
 * than is needed (ePrivacy directive, article 5(3)).
 */
export function visitorCookie(visitorId: string, secure: boolean): string {
  return `${COOKIE}=${visitorId}; Path=/l; Max-Age=${String(REPEAT_WINDOW_MS / 1000)}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

function cookieOf(header: string | undefined): string | null {
  if (header === undefined) return null;
  const pair = header.split(';').map((part) => part.trim()).find((part) => part.startsWith(`${COOKIE}=`));
  return pair?.slice(COOKIE.length + 1) ?? null;
}
