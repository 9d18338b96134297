import { timingSafeEqual } from 'node:crypto';
import { inviteId, inviteRef, isId } from '../ids.ts';
import type { BatchId, TenantId } from '../ids.ts';
import { secretInUse, secretNamed } from './signer.ts';
import type { Secret, SignedPurpose, Signer } from './signer.ts';

/** What a token in a message stands for: the recipient of this invite of this tenant. One letter says which channel or use. */
export type InviteToken = { tenantId: TenantId; batchId: BatchId; n: number; letter: string };

/**
 * 83 characters of digits and small letters, so that a mail program that changes the case of links breaks nothing:
 * `1` (format), key id, letter, tenant (26), invite (28), signature (26: 128 bits of HMAC-SHA256 in base 32, by a key of its
 * purpose, so that no token serves two ends). It holds no address and no secret but its signature, and never expires.
 */
const TOKEN = /^1[0-9a-z]{82}$/;
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const SIGNED_LENGTH = 57;

export function writeInviteToken(signer: Signer, purpose: SignedPurpose, invite: InviteToken): string {
  const secret = secretInUse(signer);
  const body = `1${secret.keyId}${invite.letter}${invite.tenantId.slice(4)}${inviteId(invite).slice(4)}`;
  return body + signatureOf(secret, purpose, body);
}

/** What a token of that purpose stands for; null where it is none of ours. Compares in constant time. */
export function readInviteToken(signer: Signer, purpose: SignedPurpose, given: string): InviteToken | null {
  if (given.length > 100) return null;
  const token = given.toLowerCase();
  if (!TOKEN.test(token)) return null;
  const secret = secretNamed(signer, token.charAt(1));
  if (secret === undefined) return null;
  const body = token.slice(0, SIGNED_LENGTH);
  if (!timingSafeEqual(Buffer.from(token.slice(SIGNED_LENGTH)), Buffer.from(signatureOf(secret, purpose, body)))) return null;
  const tenantId = `tnt_${body.slice(3, 29)}`;
  const invite = inviteRef(`inv_${body.slice(29)}`);
  if (invite === null || !isId('tnt', tenantId)) return null;
  return { tenantId, batchId: invite.batchId, n: invite.n, letter: body.charAt(2) };
}

/** 128 bits of HMAC-SHA256 as 26 digits and small letters. */
export function signatureOf(secret: Secret, purpose: SignedPurpose, body: string): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of secret.sign(purpose, body).subarray(0, 16).toReversed()) {
    held |= byte << bits;
    for (bits += 8; bits >= 5; bits -= 5, held >>= 5) text += DIGITS.charAt(held & 31);
  }
  return text + DIGITS.charAt(held);
}
