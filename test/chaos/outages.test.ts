import { killApiUnderLoad, killRelayUnderLoad, type RoleKillReport } from './scenarios/kill-relay-and-api.ts';
import { killPostgresWhileSending } from './scenarios/kill-postgres.ts';
import { sendersTerminated, temporalAway, temporalForgets } from './scenarios/temporal-outages.ts';
import { chaosTest, say } from './support/chaos-test.ts';
import { NOTHING_WRONG } from './support/verdict.ts';
import { openWholeStack, type WholeStack } from './support/whole-stack.ts';

let stack: WholeStack;
beforeAll(async () => { stack = await openWholeStack(); }, 120_000);
afterAll(() => stack.close(), 30_000);

const MINUTE_MS = 60_000;

function tell(report: object): void {
  say(JSON.stringify(report));
}

chaosTest('Temporal down for a minute: the API accepts, and everything is delivered once after', { limitMs: 8 * MINUTE_MS }, async (random) => {
  const report = await temporalAway(stack, random, { invites: 400, label: 'away-', tenants: ['away-a', 'away-b'], sinkDelayMs: 100, awayMs: MINUTE_MS });
  tell(report);
  expect(report.acceptedMeanwhile).toBe(200);
  expect(report.waitingMeanwhile).toBeGreaterThan(0);
  expect(report.verdict).toEqual(NOTHING_WRONG);
});

chaosTest('the store of Temporal lost: the sweep starts the senders again', { limitMs: 8 * MINUTE_MS }, async (random) => {
  const report = await temporalForgets(stack, random, { invites: 400, label: 'lost-', tenants: ['lost-a', 'lost-b'], sinkDelayMs: 100 });
  tell(report);
  expect(report.verdict).toEqual(NOTHING_WRONG);
});

chaosTest('senders terminated: the sweep starts them again', { limitMs: 8 * MINUTE_MS }, async (random) => {
  const report = await sendersTerminated(stack, random, { invites: 800, label: 'term-', tenants: ['term-a', 'term-b'], sinkDelayMs: 100 });
  tell(report);
  expect(report.verdict).toEqual(NOTHING_WRONG);
});

function expectEachOnce(report: RoleKillReport): void {
  tell(report);
  expect(report.verdict).toEqual(NOTHING_WRONG);
  expect(report.tally.unknown).toBe(0);
  expect([report.batches, report.replayed]).toEqual([report.requests, report.requests]);
}

chaosTest('a relay killed between nudge and delete loses nothing and sends nothing twice', { limitMs: 10 * MINUTE_MS }, async (random) => {
  stack.sink.setDelay(0);
  expectEachOnce(await killRelayUnderLoad(stack, random, { invites: 600, kills: 15, tenants: ['rel-a', 'rel-b'], label: 'relay-' }));
});

chaosTest('an API killed in the middle of keyed requests: the retry replays or performs, and no key is stuck', { limitMs: 10 * MINUTE_MS }, async (random) => {
  stack.sink.setDelay(0);
  expectEachOnce(await killApiUnderLoad(stack, random, { invites: 600, kills: 15, tenants: ['api-a', 'api-b'], label: 'api-' }));
});

chaosTest('PostgreSQL killed in the middle of sending: all go on by themselves, and nobody gets it twice', { limitMs: 10 * MINUTE_MS }, async (random) => {
  const report = await killPostgresWhileSending(stack, random, { invites: 1000, kills: 5, tenants: ['pg-a', 'pg-b', 'pg-c'], sinkDelayMs: 150, label: 'pg-', longestDownMs: 5_000 });
  tell(report);
  expect(report.verdict).toEqual(NOTHING_WRONG);
  expect(report.survivors).toEqual(['api', 'relay', 'worker']);
  expect(report.unknownPerKill.filter((unknown) => unknown > 2 * stack.connections)).toEqual([]);
});
