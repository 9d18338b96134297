import { timingSafeEqual } from 'node:crypto';
import { inviteId, inviteRef, isId } from '../ids.ts';
import type { BatchId, TenantId } from '../ids.ts';
import { secretInUse, secretNamed } from './signer.ts';
import type { Secret, Signer } from './signer.ts';

/** What one opt-out link stands for: the recipient of this invite, on this channel, of this tenant. */
export type OptOut = { tenantId: TenantId; batchId: BatchId; n: number; channel: OptOutChannel };
export type OptOutChannel = 'email';

/**
 * 83 characters of digits and small letters, so that a mail program that changes the case of links breaks nothing:
 * `1` (format), key id, channel, tenant (26), invite (28), signature (26: 128 bits of HMAC-SHA256 in base 32).
 * It holds no address and no secret but its signature, and never expires: CAN-SPAM (16 CFR 316.5) and RFC 8058
 * want an opt-out that goes on working.
 */
const TOKEN = /^1[0-9a-z]{82}$/;
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const SIGNED_LENGTH = 57;

/** One letter a channel; a new channel does not compile until it has its letter. */
const LETTERS: Record<OptOutChannel, string> = { email: 'e' };
const CHANNELS: ReadonlyMap<string, OptOutChannel> = new Map([[LETTERS.email, 'email']]);

/** The token of `/u/{token}` for one invite's recipient. */
export function unsubscribeToken(signer: Signer, invite: Omit<OptOut, 'channel'>, channel: OptOutChannel = 'email'): string {
  const secret = secretInUse(signer);
  const body = `1${secret.keyId}${LETTERS[channel]}${invite.tenantId.slice(4)}${inviteId(invite).slice(4)}`;
  return body + signatureOf(secret, body);
}

/** What a token stands for; null where it is none of ours. Compares in constant time. */
export function readUnsubscribeToken(signer: Signer, given: string): OptOut | null {
  if (given.length > 100) return null;
  const token = given.toLowerCase();
  if (!TOKEN.test(token)) return null;
  const secret = secretNamed(signer, token.charAt(1));
  if (secret === undefined) return null;
  const body = token.slice(0, SIGNED_LENGTH);
  if (!timingSafeEqual(Buffer.from(token.slice(SIGNED_LENGTH)), Buffer.from(signatureOf(secret, body)))) return null;
  const channel = CHANNELS.get(body.charAt(2));
  const tenantId = `tnt_${body.slice(3, 29)}`;
  const invite = inviteRef(`inv_${body.slice(29)}`);
  if (channel === undefined || invite === null || !isId('tnt', tenantId)) return null;
  return { tenantId, batchId: invite.batchId, n: invite.n, channel };
}

function signatureOf(secret: Secret, body: string): string {
  let bits = 0n;
  for (const byte of secret.sign('unsubscribe', body).subarray(0, 16)) bits = (bits << 8n) | BigInt(byte);
  let text = '';
  for (let i = 0; i < 26; i += 1, bits >>= 5n) text += DIGITS.charAt(Number(bits & 31n));
  return text;
}
