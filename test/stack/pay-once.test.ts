import { paidOnce, PAY_ENV, payOnceWhileKilling } from '../chaos/scenarios/pay-once.ts';
import { chaosTest } from '../chaos/support/chaos-test.ts';
import { openWholeStack, type WholeStack } from '../chaos/support/whole-stack.ts';

/** A short form of `npm run chaos -- pay-once`. */
let stack: WholeStack;
beforeAll(async () => { stack = await openWholeStack({ afterCheck: 'quick', env: PAY_ENV }); }, 120_000);
afterAll(() => stack.close(), 30_000);

chaosTest('conversions and payouts are paid exactly once while worker and API are killed and the rail fails', { limitMs: 300_000, seed: 1 }, async (random) => {
  const plan = { conversions: 60, referrers: 12, kills: 3 };
  expect(await payOnceWhileKilling(stack, random, plan)).toEqual(paidOnce(plan));
});
