import { killWorkerWhileSending } from '../chaos/scenarios/kill-worker.ts';
import { freezeWorkerWhileSending } from '../chaos/scenarios/freeze-worker.ts';
import { chaosTest } from '../chaos/support/chaos-test.ts';
import { NOTHING_WRONG } from '../chaos/support/verdict.ts';
import { stopWorkerWhileSending } from '../chaos/scenarios/stop-worker.ts';
import { openWholeStack, type WholeStack } from '../chaos/support/whole-stack.ts';

/** Short forms of `npm run chaos`. */
let stack: WholeStack;
beforeAll(async () => { stack = await openWholeStack({ afterCheck: 'quick' }); }, 120_000);
afterAll(() => stack.close(), 30_000);

chaosTest('a worker killed in the middle of sending loses no invite and sends none twice', { limitMs: 240_000, seed: 1 }, async (random) => {
  const plan = { invites: 200, kills: 3, tenants: ['ada', 'bob', 'cyd', 'dan'], sinkDelayMs: 200, label: 'kill-' };
  const { verdict, kills } = await killWorkerWhileSending(stack, random, plan);
  expect(verdict).toEqual(NOTHING_WRONG);
  expect(kills).toHaveLength(plan.kills);
  expect(kills.filter((kill) => kill.unknown > 2 * stack.connections)).toEqual([]);
  expect(kills.filter((kill) => kill.resumedAfterReadyMs > 15_000)).toEqual([]);
});

chaosTest('the late record of a frozen worker turns unknown into handed off, and nobody gets it twice', { limitMs: 240_000, seed: 1 }, async (random) => {
  const { verdict, tally, unknownWhileFrozen } = await freezeWorkerWhileSending(stack, random, { invites: 50, sinkDelayMs: 400, label: 'freeze-' });
  expect(unknownWhileFrozen).toBeGreaterThan(0);
  expect(unknownWhileFrozen).toBeLessThanOrEqual(2 * stack.connections);
  expect(verdict).toEqual(NOTHING_WRONG);
  expect(tally.unknown).toBe(0);
});

chaosTest('a worker told to stop in the middle of sending finishes what it has claimed: nothing is unknown', { limitMs: 240_000, seed: 1 }, async (random) => {
  const { verdict, tally, leftClaimed } = await stopWorkerWhileSending(stack, random, { invites: 150, stops: 2, sinkDelayMs: 300, label: 'stop-' });
  expect([leftClaimed, tally.unknown]).toEqual([0, 0]);
  expect(verdict).toEqual(NOTHING_WRONG);
});
