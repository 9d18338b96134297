import { killPostgresWhileSending } from '../chaos/scenarios/kill-postgres.ts';
import { killApiUnderLoad, killRelayUnderLoad, type RoleKillReport } from '../chaos/scenarios/kill-relay-and-api.ts';
import { meddleWhileSending } from '../chaos/scenarios/reset-sender.ts';
import { sendersTerminated, temporalAway, temporalForgets } from '../chaos/scenarios/temporal-outages.ts';
import { chaosTest } from '../chaos/support/chaos-test.ts';
import { NOTHING_WRONG } from '../chaos/support/verdict.ts';
import { openWholeStack, type WholeStack } from '../chaos/support/whole-stack.ts';

/** Short forms of `npm run chaos`. */
let stack: WholeStack;
beforeAll(async () => { stack = await openWholeStack({ afterCheck: 'quick' }); }, 120_000);
afterAll(() => stack.close(), 30_000);

const LIMIT = { limitMs: 240_000, seed: 1 };

chaosTest('with Temporal down the API accepts, and everything is delivered once after', LIMIT, async (random) => {
  const report = await temporalAway(stack, random, { invites: 60, label: 'away-', tenants: ['away-a', 'away-b'], sinkDelayMs: 100, awayMs: 12_000 });
  expect([report.acceptedMeanwhile, report.waitingMeanwhile > 0]).toEqual([30, true]);
  expect(report.verdict).toEqual(NOTHING_WRONG);
});

chaosTest('with the store of Temporal lost the sweep starts the senders again', LIMIT, async (random) => {
  const report = await temporalForgets(stack, random, { invites: 200, label: 'lost-', tenants: ['lost-a', 'lost-b'], sinkDelayMs: 200 });
  expect(report.verdict).toEqual(NOTHING_WRONG);
});

chaosTest('senders that an operator terminated are started again by the sweep', LIMIT, async (random) => {
  const report = await sendersTerminated(stack, random, { invites: 300, label: 'term-', tenants: ['term-a', 'term-b'], sinkDelayMs: 200 });
  expect(report.verdict).toEqual(NOTHING_WRONG);
});

function expectEachOnce(report: RoleKillReport): void {
  expect(report.verdict).toEqual(NOTHING_WRONG);
  expect(report.tally.unknown).toBe(0);
  expect([report.batches, report.replayed]).toEqual([report.requests, report.requests]);
}

chaosTest('a relay killed between nudge and delete loses nothing and sends nothing twice', LIMIT, async (random) => {
  stack.sink.setDelay(0);
  expectEachOnce(await killRelayUnderLoad(stack, random, { invites: 100, kills: 3, tenants: ['rel-a', 'rel-b'], label: 'relay-' }));
});

chaosTest('an API killed in the middle of keyed requests: the retry replays or performs, and no key is stuck', LIMIT, async (random) => {
  stack.sink.setDelay(0);
  expectEachOnce(await killApiUnderLoad(stack, random, { invites: 100, kills: 3, tenants: ['api-a', 'api-b'], label: 'api-' }));
});

chaosTest('with PostgreSQL killed all go on by themselves, and nobody gets it twice', LIMIT, async (random) => {
  const report = await killPostgresWhileSending(stack, random, { invites: 200, kills: 2, tenants: ['pg-a', 'pg-b'], sinkDelayMs: 150, label: 'pg-', longestDownMs: 1_500 });
  expect(report.verdict).toEqual(NOTHING_WRONG);
  expect(report.survivors).toEqual(['api', 'relay', 'worker']);
  expect(report.unknownPerKill.filter((unknown) => unknown > 2 * stack.connections)).toEqual([]);
});

chaosTest('a sender that an operator resets while it sends sends nobody twice and goes on', LIMIT, async (random) => {
  const report = await meddleWhileSending(stack, random, 'reset', { label: 'reset-', invites: 120, sinkDelayMs: 150, times: 2 });
  expect([report.verdict, report.tally.unknown]).toEqual([NOTHING_WRONG, 0]);
  expect(report.done).toEqual([expect.stringMatching(/^reset to event/), expect.stringMatching(/^reset to event/)]);
});
