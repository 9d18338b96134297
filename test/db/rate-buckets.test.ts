import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { purgeExpired } from '../../db/write/purge-expired.ts';
import { takeRateUnits } from '../../db/write/take-rate-units.ts';
import type { DeskDeps } from '../../src/api/limits/lease-desk.ts';
import { createRateLimiter } from '../../src/api/limits/rate-limiter.ts';
import type { RateLimiter } from '../../src/api/limits/rate-limiter.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import { spacingUs, takeUnits } from '../../src/domain/limits/rate-rule.ts';
import type { RateRule } from '../../src/domain/limits/rate-rule.ts';
import { NOON } from '../support/api.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => { database = await openTestDatabase(); });
afterAll(() => database.drop());

const keyring = openKeyring(randomBytes(32));
const HUNDRED: RateRule = { name: 'hundred', quota: 6_000, windowSeconds: 60, burst: 100 };
const FIVE: RateRule = { name: 'five', quota: 60, windowSeconds: 60, burst: 5 };

const ask: DeskDeps['ask'] = (asks, atUs) => takeRateUnits(database.app.sql, asks, atUs);

/** One process's limiter, with a clock that stands where it is put. */
function limiterOf(clock: { at: number }, log: { warn(): void } = { warn: () => {} }): RateLimiter {
  return createRateLimiter({ ask, clock: { now: () => clock.at }, keyring, log, patienceMs: 10_000 });
}

let made = 0;
const someone = () => `key ${String((made += 1))}`;

async function passes(limiter: RateLimiter, rule: RateRule, who: string, cost = 1): Promise<boolean> {
  return (await limiter.charge([{ rule, who, cost }])).kind === 'passed';
}

function pick(limiters: readonly RateLimiter[], i: number): RateLimiter {
  const limiter = limiters[i % limiters.length];
  if (limiter === undefined) throw new Error('no limiter');
  return limiter;
}

async function countPassed(limiters: readonly RateLimiter[], rule: RateRule, who: string, requests: number): Promise<number> {
  const answers = await Promise.all(Array.from({ length: requests }, (_none, i) => passes(pick(limiters, i), rule, who)));
  return answers.filter(Boolean).length;
}

test('the database takes units by the same arithmetic as the rule', async () => {
  await fc.assert(fc.asyncProperty(
    fc.record({ quota: fc.integer({ min: 1, max: 5_000 }), windowSeconds: fc.constantFrom(1, 60, 3600), burst: fc.integer({ min: 1, max: 50 }) }),
    fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 5_000 }), need: fc.integer({ min: 1, max: 70 }), more: fc.integer({ min: 0, max: 30 }) }), { minLength: 1, maxLength: 8 }),
    async (numbers, asks) => {
      const rule = { name: 'any', ...numbers };
      const scope = randomBytes(16);
      let [fullAtUs, nowUs] = [0, NOON * 1000];
      for (const { afterMs, need, more } of asks) {
        nowUs += afterMs * 1000;
        const expected = takeUnits(rule, Math.max(fullAtUs, 0), { need, want: need + more }, nowUs);
        const [answer] = await takeRateUnits(database.app.sql, [{ scope, spacingUs: spacingUs(rule), burst: rule.burst, need, want: need + more }], nowUs);
        expect(answer?.granted).toBe(expected.granted);
        if (expected.granted > 0) expect(answer?.fullAtUs).toBe(expected.fullAtUs);
        fullAtUs = expected.fullAtUs;
      }
    },
  ), { numRuns: 60 });
});

test('two processes that race let through the burst, to the last unit, and not one more', async () => {
  const clock = { at: NOON };
  const both = [limiterOf(clock), limiterOf(clock)];
  const who = someone();
  const passed = await countPassed(both, FIVE, who, 40);
  expect(passed).toBe(5);
  clock.at += 2_000;
  expect(await countPassed(both, FIVE, who, 40)).toBe(2);
});

test('under four times the load two processes let through burst and rate, nothing more and nearly all of it', async () => {
  const clock = { at: NOON };
  const both = [limiterOf(clock), limiterOf(clock)];
  const who = someone();
  let passed = 0;
  const SECONDS = 5;
  for (let tenth = 0; tenth <= SECONDS * 10; tenth += 1) {
    passed += await countPassed(both, HUNDRED, who, 40);
    if (tenth < SECONDS * 10) clock.at += 100;
  }
  const allowed = HUNDRED.burst + (HUNDRED.quota / HUNDRED.windowSeconds) * SECONDS;
  expect(passed).toBeLessThanOrEqual(allowed);
  expect(passed).toBeGreaterThanOrEqual(0.95 * allowed);
});

test('what a process leased and left unused ends by itself and never comes on top of a full bucket', async () => {
  const clock = { at: NOON };
  const [first, second] = [limiterOf(clock), limiterOf(clock)];
  const who = someone();
  expect(await countPassed([first], HUNDRED, who, 90)).toBe(90);
  clock.at += 60_000;
  expect(await countPassed([first, second], HUNDRED, who, 300)).toBe(100);
});

test('a clock that is ahead in one process lets neither through more than its own time is worth', async () => {
  const [early, late] = [{ at: NOON }, { at: NOON + 1_000 }];
  const who = someone();
  const both = [limiterOf(early), limiterOf(late)];
  const passed = await countPassed(both, FIVE, who, 40);
  expect(passed).toBeLessThanOrEqual(6);
  expect(passed).toBeGreaterThanOrEqual(5);
});

test('more than the burst goes through once when the bucket is full, and is waited for afterwards', async () => {
  const clock = { at: NOON };
  const limiter = limiterOf(clock);
  const who = someone();
  expect(await passes(limiter, FIVE, who, 65)).toBe(true);
  expect(await limiter.charge([{ rule: FIVE, who, cost: 1 }])).toMatchObject({ kind: 'refused', retryAfterSeconds: 61 });
  clock.at += 60_000;
  expect(await passes(limiter, FIVE, who)).toBe(false);
  clock.at += 1_000;
  expect(await passes(limiter, FIVE, who)).toBe(true);
  expect(await passes(limiter, FIVE, who, 65)).toBe(false);
  clock.at += 5_000;
  expect(await passes(limiter, FIVE, who, 65)).toBe(true);
});

test('what one rule refuses costs nothing of the others', async () => {
  const limiter = limiterOf({ at: NOON });
  const [narrow, wide] = [someone(), someone()];
  for (let i = 0; i < 5; i += 1) expect(await passes(limiter, FIVE, narrow)).toBe(true);
  for (let i = 0; i < 50; i += 1) {
    const both = await limiter.charge([{ rule: HUNDRED, who: wide, cost: 2 }, { rule: FIVE, who: narrow, cost: 1 }]);
    expect(both).toMatchObject({ kind: 'refused', refusedBy: [FIVE] });
  }
  expect(await passes(limiter, HUNDRED, wide, 100)).toBe(true);
});

test('a refusal is remembered: the database is asked again only when there may be something', async () => {
  const clock = { at: NOON };
  let asked = 0;
  const limiter = createRateLimiter({ ask: (asks, atUs) => { asked += 1; return ask(asks, atUs); }, clock: { now: () => clock.at }, keyring, log: { warn: () => {} }, patienceMs: 10_000 });
  const who = someone();
  for (let i = 0; i < 8; i += 1) await passes(limiter, FIVE, who);
  const before = asked;
  for (let i = 0; i < 100; i += 1) expect(await passes(limiter, FIVE, who)).toBe(false);
  expect(asked).toBe(before);
  clock.at += 1_000;
  expect(await passes(limiter, FIVE, who)).toBe(true);
});

test('a busy caller asks the database for a part of its requests only', async () => {
  let asked = 0;
  const limiter = createRateLimiter({ ask: (asks, atUs) => { asked += 1; return ask(asks, atUs); }, clock: { now: () => NOON }, keyring, log: { warn: () => {} }, patienceMs: 10_000 });
  const who = someone();
  const wide: RateRule = { name: 'wide', quota: 60_000, windowSeconds: 60, burst: 5_000 };
  for (let i = 0; i < 2_000; i += 1) expect(await passes(limiter, wide, who)).toBe(true);
  expect(asked).toBeLessThan(40);
});

test('where the database does not answer in time requests pass, at once from then on, and it is said once', async () => {
  let said = 0;
  const limiter = createRateLimiter({ ask, clock: { now: () => NOON }, keyring, log: { warn: () => { said += 1; } }, patienceMs: 50 });
  const who = someone();
  const held = database.superuser.begin(async (tx) => {
    await tx`lock table rate_buckets in access exclusive mode`;
    const startedAt = performance.now();
    expect(await limiter.charge([{ rule: FIVE, who, cost: 1 }])).toMatchObject({ kind: 'passed', standings: [] });
    for (let i = 0; i < 100; i += 1) expect(await passes(limiter, FIVE, who)).toBe(true);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
  await held;
  expect(said).toBe(1);
});

test('no bucket says whose it is, the app can only take, and what is full again is removed', async () => {
  const clock = { at: NOON };
  const limiter = limiterOf(clock);
  await passes(limiter, HUNDRED, 'network 192.0.2.77');
  const rows = await database.superuser<{ hash: Uint8Array }[]>`select scope_hash as hash from rate_buckets`;
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.every(({ hash }) => hash.length === 16 && !Buffer.from(hash).includes('192.0.2'))).toBe(true);
  for (const statement of ['select * from rate_buckets', 'delete from rate_buckets', 'update rate_buckets set full_at_us = 0', "insert into rate_buckets values (decode('00000000000000000000000000000000', 'hex'), 0)"]) {
    await expect(database.app.sql.unsafe(statement)).rejects.toThrow('permission denied');
  }
  await purgeExpired(database.relay, NOON + 14 * 24 * 3_600_000);
  expect(await database.superuser`select from rate_buckets`).toHaveLength(0);
});
