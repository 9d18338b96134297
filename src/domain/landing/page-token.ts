import { timingSafeEqual } from 'node:crypto';
import { isId } from '../ids.ts';
import type { TenantId, TouchId } from '../ids.ts';
import { secretInUse, secretNamed } from '../link/signer.ts';
import type { Secret, Signer } from '../link/signer.ts';

/** What a landing page was made for: one visit of one link of a tenant. */
export type LandingToken = { readonly tenantId: TenantId; readonly code: string; readonly touchId: TouchId };
export type ReadLandingToken = ({ readonly kind: 'good' | 'stale' } & LandingToken) | { readonly kind: 'forged' };

/** A page may stay open this long before its buttons ask for it to be opened again. */
export const PAGE_TOKEN_LIVES_MS = 24 * 3_600_000;
const TOKEN = /^([2-9b-df-hj-km-np-tv-z])\.([0-9a-z]{1,12})\.([0-9a-z]{26})\.([0-9a-z]{26})\.([A-Za-z0-9_-]{22})$/;

/**
 * The token in the forms of one landing page: key id, end (epoch ms), tenant, visit, and 128 bits of HMAC-SHA256 over them and the link's code,
 * by a key for this alone. So what is posted belongs to a page that we showed, for this link, not long ago; nothing of it is kept.
 */
export function writeLandingToken(signer: Signer, { tenantId, code, touchId }: LandingToken, now: number): string {
  const secret = secretInUse(signer);
  const body = [secret.keyId, (now + PAGE_TOKEN_LIVES_MS).toString(36), tenantId.slice(4), touchId.slice(4)].join('.');
  return `${body}.${signatureOf(secret, code, body)}`;
}

/** What a posted token of a page of the link `code` is. Compares in constant time. */
export function readLandingToken(signer: Signer, code: string, given: string, now: number): ReadLandingToken {
  const [, keyId = '', until = '', tenant = '', touch = '', signature = ''] = given.length > 120 ? [] : TOKEN.exec(given) ?? [];
  const [tenantId, touchId] = [`tnt_${tenant}`, `tch_${touch}`];
  const secret = secretNamed(signer, keyId);
  if (secret === undefined || !isId('tnt', tenantId) || !isId('tch', touchId)) return { kind: 'forged' };
  if (!timingSafeEqual(Buffer.from(signature), Buffer.from(signatureOf(secret, code, [keyId, until, tenant, touch].join('.'))))) return { kind: 'forged' };
  return { kind: now < parseInt(until, 36) ? 'good' : 'stale', tenantId, code, touchId };
}

function signatureOf(secret: Secret, code: string, body: string): string {
  return Buffer.from(secret.sign('landing', `landing\0${code}\0${body}`).subarray(0, 16)).toString('base64url');
}
