import { ANSWERS_WITHIN_MS, hangPostgres } from '../chaos/scenarios/hung-postgres.ts';
import { fillPostgres } from '../chaos/scenarios/full-postgres.ts';
import { hangTemporal } from '../chaos/scenarios/hung-temporal.ts';
import { killApiAfterCommit, killRelayBeforeMark } from '../chaos/scenarios/kill-at-instant.ts';
import { lastBase, settled, type StackBase } from '../chaos/support/after-fault.ts';
import { chaosTest } from '../chaos/support/chaos-test.ts';
import { NOTHING_WRONG } from '../chaos/support/verdict.ts';
import { openWholeStack, type WholeStack } from '../chaos/support/whole-stack.ts';

/** Short forms of `npm run chaos`. */
let stack: WholeStack;
let base: StackBase;
beforeAll(async () => {
  stack = await openWholeStack({ afterCheck: 'quick' });
  base = lastBase(stack);
}, 120_000);
afterAll(() => stack.close(), 30_000);

const LIMIT = { limitMs: 120_000, seed: 1 };

chaosTest('with PostgreSQL hung the API answers 503 in time, each key has one effect, and nobody gets it twice', LIMIT, async (random) => {
  const report = await hangPostgres(stack, random, { invites: 120, label: 'hang-', tenants: ['hang-a', 'hang-b'], sinkDelayMs: 100, hangMs: 5_500 });
  expect(report.verdict).toEqual(NOTHING_WRONG);
  expect([report.ready, report.healthy]).toEqual([503, 200]);
  expect(report.meanwhile.statuses['503']).toBeGreaterThan(0);
  expect(report.meanwhile.longestMs).toBeLessThan(ANSWERS_WITHIN_MS);
  expect([report.batches, report.replayed]).toEqual([report.requests, report.requests]);
  expect(report.tally.unknown).toBe(0);
});

chaosTest('with PostgreSQL out of connections the API answers 503, and all goes on once there are some', LIMIT, async (random) => {
  const report = await fillPostgres(stack, random, { invites: 120, label: 'full-', tenants: ['full-a', 'full-b'], sinkDelayMs: 100, fullMs: 1_000 });
  expect(report.verdict).toEqual(NOTHING_WRONG);
  expect([report.ready, Object.keys(report.meanwhile.statuses)]).toEqual([503, ['503']]);
  expect([report.batches, report.replayed, report.tally.unknown]).toEqual([report.requests, report.requests, 0]);
});

chaosTest('with Temporal hung the API accepts, and everything is delivered once after', LIMIT, async (random) => {
  const report = await hangTemporal(stack, random, { invites: 60, label: 'still-', tenants: ['still-a', 'still-b'], sinkDelayMs: 50, hangMs: 3_000 });
  expect(report.verdict).toEqual(NOTHING_WRONG);
  expect(Object.keys(report.meanwhile.statuses)).toEqual(['202']);
});

chaosTest('an API killed after the commit and before its answer: the repeat replays word for word', LIMIT, async (random) => {
  const report = await killApiAfterCommit(stack, random, { label: 'commit-', tenant: 'commit', kills: 1 });
  expect(report.verdict).toEqual(NOTHING_WRONG);
  expect([report.unanswered, report.committed, report.replayedWordForWord, report.batches]).toEqual([1, 1, 1, 1]);
});

chaosTest('a relay killed between start and mark: the sender runs, the row stays, and nobody gets it twice', LIMIT, async (random) => {
  const report = await killRelayBeforeMark(stack, random, { label: 'mark-', tenant: 'mark', kills: 1 });
  expect(report.verdict).toEqual(NOTHING_WRONG);
  expect(report.startedUnmarked).toBe(1);
});

test('after all of it connections and memory are back to what they were', async () => {
  expect(await settled(stack, base)).toEqual({ connectionsAbove: [], memoryAbove: [] });
}, 130_000);
