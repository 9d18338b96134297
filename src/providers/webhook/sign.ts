import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';
/** Standard Webhooks: a secret is of 24 to 64 bytes. */
const SECRET_BYTES = { least: 24, most: 64 };

export type SignedHeaders = { 'webhook-id': string; 'webhook-timestamp': string; 'webhook-signature': string };

/** A secret as its owner gets it: `whsec_` and its bytes in base64. Throws for fewer than 24 bytes or more than 64. */
export function writeSecret(bytes: Uint8Array): string {
  if (bytes.length < SECRET_BYTES.least || bytes.length > SECRET_BYTES.most) throw new Error('a secret of a webhook is of 24 to 64 bytes');
  return PREFIX + Buffer.from(bytes).toString('base64');
}

/**
 * The headers of one try, by Standard Webhooks 1.0.0: `v1` is HMAC-SHA256 over `id.timestamp.body` in base64, one for each secret
 * (two while a secret is rotated), with spaces between them. `at` is the try's own time (epoch ms; seconds on the wire).
 */
export function signWebhook({ id, at, body, secrets }: { id: string; at: number; body: string; secrets: readonly string[] }): SignedHeaders {
  if (id.includes('.')) throw new Error('an id with a full stop could be read in two ways');
  const timestamp = String(Math.floor(at / 1000));
  const signatures = secrets.map((secret) => `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')}`);
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

function keyOf(secret: string): Buffer {
  if (!secret.startsWith(PREFIX)) throw new Error('a secret of a webhook begins with whsec_');
  return Buffer.from(secret.slice(PREFIX.length), 'base64');
}
