import type { Clock } from '../../../db/clock.ts';
import type { Keyring } from '../../config/keyring.ts';
import type { RateRule } from '../../domain/limits/rate-rule.ts';
import { spacingUs } from '../../domain/limits/rate-rule.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { openLeaseDesk } from './lease-desk.ts';
import type { DeskDeps } from './lease-desk.ts';
import { openSharedBucket } from './shared-bucket.ts';
import type { SharedBucket } from './shared-bucket.ts';

/** So many units of a rule, for whom: `key key_…`, `network 192.0.2.1`. */
export type Charge = { readonly rule: RateRule; readonly who: string; readonly cost: number };

/** Where a caller stands with one rule; `moreInSeconds` null: nothing is missing. */
export type Standing = { readonly rule: RateRule; readonly remaining: number; readonly moreInSeconds: number | null };

export type Charged =
  | { kind: 'passed'; standings: readonly Standing[]; giveBack(): void }
  | { kind: 'refused'; standings: readonly Standing[]; refusedBy: readonly RateRule[]; retryAfterSeconds: number };

export type RateLimiter = {
  /** All or nothing: what one rule refuses costs nothing of the others. Never throws and never waits longer than its patience. */
  charge(charges: readonly Charge[]): Promise<Charged>;
  /** What was refused by what this process knows, without asking anybody; null: nothing is known against it. */
  knownRefusal(charge: Charge): Extract<Charged, { kind: 'refused' }> | null;
};

/** `ask`: the shared buckets, take-rate-units.ts. */
export type LimiterDeps = { ask: DeskDeps['ask']; clock: Pick<Clock, 'now'>; keyring: Pick<Keyring, 'hashLimited'>; log: Pick<Logger, 'warn'>; patienceMs?: number };

/** A lease takes under a millisecond; a database that takes so long is in trouble, and a request must not wait for its limit. */
const PATIENCE_MS = 250;
/** Callers remembered; whoever was seen longest ago goes first, and costs one question more when he comes back. */
const MOST_BUCKETS = 20_000;
const TROUBLE_SAID_EVERY_MS = 60_000;

/**
 * The limits all processes share, in PostgreSQL: units are leased in slices, so that most requests of a busy caller ask
 * nobody, and a refusal is remembered until it ends. Where the database does not answer, requests go on unlimited: it will
 * refuse them itself.
 */
export function createRateLimiter({ ask, clock, keyring, log, patienceMs = PATIENCE_MS }: LimiterDeps): RateLimiter {
  const nowUs = (): number => clock.now() * 1000;
  let saidAt = Number.NEGATIVE_INFINITY;
  const desk = openLeaseDesk({
    ask,
    nowUs,
    patienceMs,
    onTrouble(error) {
      if (performance.now() - saidAt < TROUBLE_SAID_EVERY_MS) return;
      saidAt = performance.now();
      log.warn({ err: error }, 'rate limits cannot be looked at; requests pass unlimited');
    },
  });
  const bucketOf = rememberBuckets((name) => keyring.hashLimited(name));

  return {
    async charge(charges) {
      const buckets = charges.map((charge) => ({ charge, bucket: bucketOf(charge) }));
      const outcomes = await Promise.all(buckets.map(({ charge, bucket }) => desk.take(bucket, charge.cost)));
      const giveBack = (): void => {
        for (const [i, outcome] of outcomes.entries()) if (outcome.kind === 'taken') buckets[i]?.bucket.giveBack(outcome.used, nowUs());
      };
      const refusals = outcomes.flatMap((outcome, i) => (outcome.kind === 'refused' && buckets[i] !== undefined ? [{ waitUs: outcome.waitUs, bucket: buckets[i].bucket }] : []));
      if (refusals.length > 0) {
        giveBack();
        return refusedBy(refusals, buckets.map(({ bucket }) => bucket), nowUs());
      }
      const known = buckets.flatMap(({ bucket }, i) => (outcomes[i]?.kind === 'taken' ? [standingOf(bucket, nowUs())] : []));
      return { kind: 'passed', standings: known, giveBack };
    },
    knownRefusal(charge) {
      const bucket = bucketOf(charge);
      const waitUs = bucket.refusedForUs(charge.cost, nowUs());
      return waitUs === 0 ? null : refusedBy([{ waitUs, bucket }], [bucket], nowUs());
    },
  };
}

/** A rule whose numbers were changed is another bucket: a new plan begins full and owes nothing of the old one's time. */
function rememberBuckets(hash: (name: string) => Uint8Array): (charge: Charge) => SharedBucket {
  const buckets = new Map<string, SharedBucket>();
  return ({ rule, who }) => {
    const name = `${rule.name} ${String(rule.quota)}/${String(rule.windowSeconds)}/${String(rule.burst)} ${who}`;
    const bucket = buckets.get(name) ?? openSharedBucket(rule, hash(name));
    buckets.delete(name);
    buckets.set(name, bucket);
    if (buckets.size > MOST_BUCKETS) {
      const [oldest] = buckets.keys();
      if (oldest !== undefined) buckets.delete(oldest);
    }
    return bucket;
  };
}

function refusedBy(refusals: readonly { waitUs: number; bucket: SharedBucket }[], all: readonly SharedBucket[], nowUs: number): Extract<Charged, { kind: 'refused' }> {
  const retryAfterSeconds = Math.max(1, ...refusals.map(({ waitUs }) => Math.ceil(waitUs / 1_000_000)));
  const standings = all.map((bucket): Standing => {
    const refusal = refusals.find((each) => each.bucket === bucket);
    if (refusal === undefined) return standingOf(bucket, nowUs);
    return { rule: bucket.rule, remaining: bucket.remaining(nowUs), moreInSeconds: Math.max(1, Math.ceil(refusal.waitUs / 1_000_000)) };
  });
  return { kind: 'refused', standings, refusedBy: refusals.map(({ bucket }) => bucket.rule), retryAfterSeconds };
}

function standingOf(bucket: SharedBucket, nowUs: number): Standing {
  const remaining = bucket.remaining(nowUs);
  return { rule: bucket.rule, remaining, moreInSeconds: remaining >= bucket.rule.burst ? null : Math.max(1, Math.ceil(spacingUs(bucket.rule) / 1_000_000)) };
}
