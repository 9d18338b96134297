import { noisyNeighbour, type NoisyPlan } from './scenarios/noisy-neighbour.ts';
import { serverStalls } from './scenarios/stalled-server.ts';
import { chaosTest, say } from './support/chaos-test.ts';
import { openWholeStack, type WholeStack } from './support/whole-stack.ts';

/** What one tenant has in plenty must not keep the others, measured. The counted claims are in test/activities/fair-sending.test.ts. */
let stack: WholeStack;
beforeAll(async () => { stack = await openWholeStack(); }, 120_000);
afterAll(() => stack.close(), 30_000);

const LIMIT = { limitMs: 15 * 60_000 };
/** Short spans in turn: what else the machine has to do meets both. A quiet tenant sends one a second, the crowd as fast as it goes: a hundred times as much and more. */
const PLAN: NoisyPlan = { label: 'noisy-', quiet: 8, callsEach: 6, everyMs: 1_000, rounds: 8, backlog: 4_000, sinkDelayMs: 20 };
/** Below this both are what a busy machine does by itself. */
const FLOOR_MS = 50;

chaosTest('beside a tenant with a hundred times the load the others\' messages take at most twice as long as alone (p99)', LIMIT, async () => {
  const report = await noisyNeighbour(stack, PLAN);
  say(JSON.stringify(report));
  expect(report.beside.p99Ms).toBeLessThanOrEqual(2 * Math.max(FLOOR_MS, report.alone.p99Ms));
});

chaosTest('more recipients of one tenant stall than there are connections: the others wait for none of them', LIMIT, async (random) => {
  const report = await serverStalls(stack, random, { label: 'crowded-', stalls: { stalled_after_body: 10, stalled_when_kept: 5 }, slow: 40, others: 60, tenants: 3, sinkDelayMs: 20, othersOnly: true });
  say(JSON.stringify(report));
  // Three minutes each, were they waited for.
  expect(report.othersDoneMs).toBeLessThan(30_000);
});
