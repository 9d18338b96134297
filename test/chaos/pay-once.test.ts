import { paidOnce, PAY_ENV, payOnceWhileKilling } from './scenarios/pay-once.ts';
import { chaosTest, say } from './support/chaos-test.ts';
import { openWholeStack, type WholeStack } from './support/whole-stack.ts';

let stack: WholeStack;
beforeAll(async () => { stack = await openWholeStack({ env: PAY_ENV }); }, 120_000);
afterAll(() => stack.close(), 30_000);

chaosTest('1,000 conversions and 200 payouts are paid exactly once, whatever is killed and however the rail fails', { limitMs: 30 * 60_000 }, async (random) => {
  const plan = { conversions: 1_000, referrers: 200, kills: 20 };
  const report = await payOnceWhileKilling(stack, random, plan);
  say(JSON.stringify(report));
  expect(report).toEqual(paidOnce(plan));
});
