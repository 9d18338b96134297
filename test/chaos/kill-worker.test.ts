import { killWorkerWhileSending } from './scenarios/kill-worker.ts';
import { chaosTest, say } from './support/chaos-test.ts';
import { NOTHING_WRONG } from './support/verdict.ts';
import { openWholeStack, type WholeStack } from './support/whole-stack.ts';

let stack: WholeStack;
beforeAll(async () => { stack = await openWholeStack(); }, 120_000);
afterAll(() => stack.close(), 30_000);

chaosTest('a worker killed at 20 random instants loses no invite and sends none twice', { limitMs: 30 * 60_000 }, async (random) => {
  const plan = { invites: 2000, kills: 20, tenants: ['ada', 'bob', 'cyd', 'dan'], sinkDelayMs: 200, label: 'kill-' };
  const { verdict, tally, kills } = await killWorkerWhileSending(stack, random, plan);
  say(JSON.stringify(tally));
  for (const kill of kills) say(JSON.stringify(kill));
  expect(verdict).toEqual(NOTHING_WRONG);
  expect(kills).toHaveLength(plan.kills);
  const tooMany = kills.filter((kill) => kill.unknown > 2 * stack.connections);
  expect(tooMany).toEqual([]);
  expect(kills.filter((kill) => kill.resumedAfterReadyMs > 15_000)).toEqual([]);
});
