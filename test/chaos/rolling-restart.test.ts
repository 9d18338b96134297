import { rollWhileSending } from './scenarios/rolling-restart.ts';
import { chaosTest } from './support/chaos-test.ts';
import { expectNothingLost } from './support/judge-roll.ts';
import { openWholeStack, type WholeStack } from './support/whole-stack.ts';

let stack: WholeStack;
beforeAll(async () => { stack = await openWholeStack(); }, 120_000);
afterAll(() => stack.close(), 60_000);

chaosTest('a rolling restart under load loses no keyed call and no message, and leaves nothing unknown', { limitMs: 15 * 60_000 }, async (random) => {
  expectNothingLost(await rollWhileSending(stack, random, { rounds: 5, tenants: ['roll-a', 'roll-b', 'roll-c'], sinkDelayMs: 150, label: 'roll-', drainMs: 500 }));
});
