import type { BucketAnswer, BucketAsk } from '../../db/write/take-rate-units.ts';
import type { Keyring } from '../../src/config/keyring.ts';
import { NO_LEASE, slotsLeft, useSlots, withSlots, type Lease } from '../../src/domain/limits/lease.ts';
import { spacingUs, waitUs, type RateRule } from '../../src/domain/limits/rate-rule.ts';
import { secondText, type Hold } from '../../src/domain/sending/hold.ts';

/** A rate that binds: its rule, whose it is, and how an operator knows it. */
export type BindingRate = { readonly rule: RateRule; readonly who: string; readonly text: string };

export type Units = { readonly kind: 'taken'; readonly count: number; /** What was not used after all. */ giveBack(unused: number): void } | { readonly kind: 'held'; readonly hold: Hold };

export type SendRates = {
  /** One unit of every rate for each message: up to `most`, what holds them where there is none. Throws where the database is away. */
  take(rates: readonly BindingRate[], most: number): Promise<Units>;
};

export type SendRatesDeps = {
  ask(asks: readonly BucketAsk[], atUs: number): Promise<readonly BucketAnswer[]>;
  now(): number;
  keyring: Pick<Keyring, 'hashLimited'>;
};

/** What this process holds of a bucket; `refusedUntilUs`: whoever asks sooner would hear no again. */
type Bucket = { readonly rate: BindingRate; readonly scope: Uint8Array; lease: Lease; refusedUntilUs: number };

/** Waits until this part of a burst is there, rather than claim one message after the other. */
const AT_ONCE = 4;
/** Rates remembered; the one used longest ago goes first, and costs one question more when it comes back. */
const MOST_BUCKETS = 10_000;

/**
 * Send rates that all workers share: units are taken from the buckets of the rate limits for a group at a time, in one round
 * trip. What a group did not use stays in this process and is good until its time has passed (src/domain/limits/lease.ts), so that no more leaves
 * than the rate says, from however many workers.
 */
export function createSendRates({ ask, now, keyring }: SendRatesDeps): SendRates {
  const buckets = new Map<string, Bucket>();
  /** A rate whose number was changed is another bucket. */
  const bucketOf = (rate: BindingRate): Bucket => {
    const { name, quota, windowSeconds, burst } = rate.rule;
    const key = `${name} ${String(quota)}/${String(windowSeconds)}/${String(burst)} ${rate.who}`;
    const bucket = buckets.get(key) ?? { rate, scope: keyring.hashLimited(key), lease: NO_LEASE, refusedUntilUs: 0 };
    buckets.delete(key);
    buckets.set(key, bucket);
    const [oldest] = buckets.keys();
    if (buckets.size > MOST_BUCKETS && oldest !== undefined) buckets.delete(oldest);
    return bucket;
  };
  const fill = async (of: readonly Bucket[], most: number, atUs: number): Promise<void> => {
    const lacking = of.filter((bucket) => left(bucket, atUs) < most && bucket.refusedUntilUs <= atUs);
    if (lacking.length === 0) return;
    const answers = await ask(lacking.map((bucket): BucketAsk => {
      const { rule } = bucket.rate;
      return { scope: bucket.scope, spacingUs: spacingUs(rule), burst: rule.burst, need: 1, want: most - left(bucket, atUs) };
    }), atUs);
    for (const [i, bucket] of lacking.entries()) {
      const answer = answers[i];
      if (answer !== undefined) hear(bucket, answer, atUs);
    }
  };
  return {
    async take(rates, most) {
      const atUs = now() * 1000;
      const of = rates.map(bucketOf);
      await fill(of, most, atUs);
      const count = Math.min(most, ...of.map((bucket) => left(bucket, atUs)));
      const empty = of.find((bucket) => left(bucket, atUs) === 0);
      if (empty !== undefined) return { kind: 'held', hold: holdOf(empty) };
      const used = of.map((bucket) => use(bucket, count, atUs));
      return {
        kind: 'taken', count,
        giveBack(unused) {
          for (const [i, bucket] of of.entries()) {
            const spare = useSlots(used[i] ?? NO_LEASE, count - unused, spacingUs(bucket.rate.rule), 0)?.left ?? NO_LEASE;
            for (const range of spare) bucket.lease = withSlots(bucket.lease, range, spacingUs(bucket.rate.rule), now() * 1000);
          }
        },
      };
    },
  };
}

function left({ lease, rate }: Bucket, atUs: number): number {
  return slotsLeft(lease, spacingUs(rate.rule), atUs);
}

function use(bucket: Bucket, count: number, atUs: number): Lease {
  const taken = useSlots(bucket.lease, count, spacingUs(bucket.rate.rule), atUs);
  if (taken === null) throw new Error('slots were counted that are not there');
  bucket.lease = taken.left;
  return taken.used;
}

function hear(bucket: Bucket, { granted, fullAtUs }: BucketAnswer, atUs: number): void {
  const { rule } = bucket.rate;
  const spacing = spacingUs(rule);
  if (granted === 0) bucket.refusedUntilUs = atUs + waitUs(rule, fullAtUs, Math.max(1, Math.floor(rule.burst / AT_ONCE)), atUs);
  else bucket.lease = withSlots(bucket.lease, { fromUs: fullAtUs - granted * spacing, untilUs: fullAtUs }, spacing, atUs);
}

function holdOf({ rate, refusedUntilUs }: Bucket): Hold {
  const until = Math.ceil(refusedUntilUs / 1000);
  return { until, by: `rate: ${rate.text} are used up; the next leaves at ${secondText(until)}` };
}
