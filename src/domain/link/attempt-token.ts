import { timingSafeEqual } from 'node:crypto';
import { inviteId, inviteRef, isId } from '../ids.ts';
import type { InviteRef, TenantId } from '../ids.ts';
import { secretInUse, secretNamed } from './signer.ts';
import type { Secret, Signer } from './signer.ts';

/** One try to hand a message over: whose, of which invite and step, and which try. */
export type AttemptRef = InviteRef & { tenantId: TenantId; step: number; attemptId: number };

/**
 * 96 characters of digits and small letters: `1` (format), key id, tenant (26), invite (28), step (1), attempt (13 in
 * base 32), signature (26: 128 bits of HMAC-SHA256 in base 32). The last part of a status callback's path, so that a callback
 * names the attempt it is about, also when our own record never came. It holds ids and nothing of a person.
 */
const TOKEN = /^1[0-9a-z]{95}$/;
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const ATTEMPT_LENGTH = 13;
const SIGNED_LENGTH = 70;

/** Throws for a step beyond 20 or an attempt that is no whole number: such a message does not exist. */
export function attemptToken(signer: Signer, { tenantId, step, attemptId, ...invite }: AttemptRef): string {
  if (!Number.isSafeInteger(attemptId) || attemptId < 0 || !Number.isInteger(step) || step < 0 || step > 20) throw new Error('not an attempt');
  const secret = secretInUse(signer);
  const body = `1${secret.keyId}${tenantId.slice(4)}${inviteId(invite).slice(4)}${digits(BigInt(step), 1)}${digits(BigInt(attemptId), ATTEMPT_LENGTH)}`;
  return body + signatureOf(secret, body);
}

/** What a token stands for; null where it is none of ours. Compares in constant time. */
export function readAttemptToken(signer: Signer, token: string): AttemptRef | null {
  if (!TOKEN.test(token)) return null;
  const secret = secretNamed(signer, token.charAt(1));
  if (secret === undefined) return null;
  const body = token.slice(0, SIGNED_LENGTH);
  if (!timingSafeEqual(Buffer.from(token.slice(SIGNED_LENGTH)), Buffer.from(signatureOf(secret, body)))) return null;
  const tenantId = `tnt_${body.slice(2, 28)}`;
  const invite = inviteRef(`inv_${body.slice(28, 56)}`);
  if (invite === null || !isId('tnt', tenantId)) return null;
  return { ...invite, tenantId, step: DIGITS.indexOf(body.charAt(56)), attemptId: Number(numberIn(body.slice(57))) };
}

function signatureOf(secret: Secret, body: string): string {
  let bits = 0n;
  for (const byte of secret.sign('attempt', body).subarray(0, 16)) bits = (bits << 8n) | BigInt(byte);
  return digits(bits, 26);
}

function digits(value: bigint, length: number): string {
  let text = '';
  for (let i = 0, rest = value; i < length; i += 1, rest >>= 5n) text = DIGITS.charAt(Number(rest & 31n)) + text;
  return text;
}

function numberIn(text: string): bigint {
  let value = 0n;
  for (const letter of text) value = value * 32n + BigInt(DIGITS.indexOf(letter));
  return value;
}
