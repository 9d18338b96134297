import { workerClockAhead } from './scenarios/clock-ahead.ts';
import { fillPostgres } from './scenarios/full-postgres.ts';
import { ANSWERS_WITHIN_MS, hangPostgres } from './scenarios/hung-postgres.ts';
import { hangTemporal, TRANSACTION_WITHIN_MS } from './scenarios/hung-temporal.ts';
import { killApiAfterCommit, killRelayBeforeMark } from './scenarios/kill-at-instant.ts';
import { chaosTest, say } from './support/chaos-test.ts';
import { NOTHING_WRONG } from './support/verdict.ts';
import { openWholeStack, type WholeStack } from './support/whole-stack.ts';

/** Parts that stand still or are full, processes killed between two steps, clocks that are wrong. */
let stack: WholeStack;
beforeAll(async () => { stack = await openWholeStack(); }, 120_000);
afterAll(() => stack.close(), 30_000);

const LIMIT = { limitMs: 8 * 60_000 };

function tell<T extends object>(report: T): T {
  say(JSON.stringify(report));
  return report;
}

chaosTest('PostgreSQL hung for 10 to 40 seconds: 503 in time, and all goes on by itself after', LIMIT, async (random) => {
  for (const [round, hangMs] of [random.whole(10_000, 20_000), random.whole(25_000, 40_000)].entries()) {
    const label = `hang${String(round)}-`;
    const report = tell(await hangPostgres(stack, random, { invites: 600, label, tenants: [`${label}a`, `${label}b`], sinkDelayMs: 100, hangMs }));
    expect(report.verdict).toEqual(NOTHING_WRONG);
    expect([report.ready, report.healthy]).toEqual([503, 200]);
    expect(report.readyMs).toBeLessThan(2_000);
    expect(Object.keys(report.meanwhile.statuses).filter((status) => status !== '202')).toEqual(['503']);
    expect(report.meanwhile.longestMs).toBeLessThan(ANSWERS_WITHIN_MS);
    expect(Math.max(report.acceptsAgainMs, report.claimsAgainMs)).toBeLessThan(10_000);
    expect([report.batches, report.replayed]).toEqual([report.requests, report.requests]);
    expect(report.tally.unknown).toBe(0);
  }
});

chaosTest('PostgreSQL out of connections: 503 meanwhile, and at once all right after', LIMIT, async (random) => {
  const report = tell(await fillPostgres(stack, random, { invites: 600, label: 'full-', tenants: ['full-a', 'full-b'], sinkDelayMs: 100, fullMs: 15_000 }));
  expect(report.verdict).toEqual(NOTHING_WRONG);
  expect(report.ready).toBe(503);
  expect(Object.keys(report.meanwhile.statuses)).toEqual(['503']);
  expect(Math.max(report.acceptsAgainMs, report.claimsAgainMs)).toBeLessThan(5_000);
  expect([report.batches, report.replayed]).toEqual([report.requests, report.requests]);
  expect(report.tally.unknown).toBe(0);
});

chaosTest('Temporal hung for 30 to 60 seconds: accepted as always, and everything is delivered once after', LIMIT, async (random) => {
  const report = tell(await hangTemporal(stack, random, { invites: 400, label: 'still-', tenants: ['still-a', 'still-b', 'still-c'], sinkDelayMs: 100, hangMs: random.whole(30_000, 60_000) }));
  expect(report.verdict).toEqual(NOTHING_WRONG);
  expect(Object.keys(report.meanwhile.statuses)).toEqual(['202']);
  expect(report.longestTransactionMs).toBeLessThan(TRANSACTION_WITHIN_MS);
  expect([report.batches, report.replayed]).toEqual([report.requests, report.requests]);
});

chaosTest('an API killed after the commit and before its answer: the repeat replays word for word', LIMIT, async (random) => {
  const kills = 8;
  const report = tell(await killApiAfterCommit(stack, random, { label: 'commit-', tenant: 'commit', kills }));
  expect(report.verdict).toEqual(NOTHING_WRONG);
  expect([report.unanswered, report.committed, report.replayedWordForWord, report.batches]).toEqual([kills, kills, kills, kills]);
});

chaosTest('a relay killed between start and mark: the sender runs, the row stays, and nobody gets it twice', LIMIT, async (random) => {
  const kills = 5;
  const report = tell(await killRelayBeforeMark(stack, random, { label: 'mark-', tenant: 'mark', kills }));
  expect(report.verdict).toEqual(NOTHING_WRONG);
  expect(report.startedUnmarked).toBe(kills);
});

chaosTest("a worker's clock two hours ahead: sending stops and says why, and goes on by itself when it is right", LIMIT, async (random) => {
  const report = tell(await workerClockAhead(stack, random, { label: 'ahead-', tenant: 'ahead', invites: 40, aheadHours: random.pick([2, -2]), holdsMs: 20_000 }));
  expect(report.verdict).toEqual(NOTHING_WRONG);
  expect(report.sentMeanwhile).toBe(0);
  expect(report.details).toMatch(/the clocks disagree \(clock_skew\): this worker's shows \d{4}-\S+Z, the database's \d{4}-\S+Z/);
  expect(report.warnings).toBe(1);
  expect(report.sendsAgainMs).toBeLessThan(45_000);
});
