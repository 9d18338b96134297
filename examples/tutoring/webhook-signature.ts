import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const GOOD_FOR_SECONDS = 300;

/**
 * Was this posted by Flywheel, to us, within five minutes? By Standard Webhooks 1.0.0: an HMAC over id, time and the body as it came. The
 * package `standardwebhooks` does the same. Two signatures come while a secret is rotated; one that fits is enough.
 */
export function isFromFlywheel(secret: string, headers: IncomingHttpHeaders, body: Buffer, nowSeconds: number): boolean {
  const [id = '', timestamp = '', signatures = ''] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => String(headers[name] ?? ''));
  if (!(Math.abs(nowSeconds - Number(timestamp)) <= GOOD_FOR_SECONDS)) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const wanted = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  return signatures.split(' ').some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
    return signature.startsWith('v1,') && given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}
