import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far the time of a signature may be from ours, either way. */
const TOLERANCE_SECONDS = 300;
const LONGEST_HEADER = 4_000;
/** While secrets are rotated there are two. */
const MOST_SIGNATURES = 20;

/** A webhook as it came: the header `Stripe-Signature` and the body's very bytes. */
export type SignedByStripe = { readonly header: string | undefined; readonly body: Uint8Array; readonly secrets: readonly string[]; readonly now: number };

export type StripeSignature = { readonly outcome: 'signed' } | { readonly outcome: 'refused'; readonly reason: 'no_signature' | 'altered' | 'stale' };

/**
 * Did Stripe sign this (https://docs.stripe.com/webhooks/signature)? `t=<seconds>,v1=<hex>[,v1=<hex>…]`: HMAC-SHA256 with
 * the endpoint's secret over `t`, a point and the body. One good `v1` by one of the secrets will do; other schemes
 * are not looked at. `now` in epoch ms: what was signed more than five minutes before or after is `stale`, however good.
 */
export function verifyStripeSignature({ header, body, secrets, now }: SignedByStripe): StripeSignature {
  const read = readHeader(header ?? '');
  if (read === null) return { outcome: 'refused', reason: 'no_signature' };
  const expected = secrets.filter((secret) => secret !== '').map((secret) => createHmac('sha256', secret).update(`${read.time}.`).update(body).digest());
  // Each is compared, also after one was found: how long it takes tells nothing.
  const good = read.signatures.flatMap((given) => expected.map((own) => timingSafeEqual(given, own))).includes(true);
  if (!good) return { outcome: 'refused', reason: 'altered' };
  return Math.abs(now / 1_000 - Number(read.time)) > TOLERANCE_SECONDS ? { outcome: 'refused', reason: 'stale' } : { outcome: 'signed' };
}

function readHeader(header: string): { time: string; signatures: Buffer[] } | null {
  if (header.length > LONGEST_HEADER) return null;
  const parts = header.split(',').map((part) => part.trim());
  const [time, ...moreTimes] = parts.flatMap((part) => /^t=(\d{1,12})$/.exec(part)?.[1] ?? []);
  const signatures = parts.flatMap((part) => /^v1=([0-9a-f]{64})$/.exec(part)?.[1] ?? []).slice(0, MOST_SIGNATURES);
  if (time === undefined || moreTimes.length > 0 || signatures.length === 0) return null;
  return { time, signatures: signatures.map((hex) => Buffer.from(hex, 'hex')) };
}
