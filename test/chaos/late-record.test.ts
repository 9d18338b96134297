import { freezeWorkerWhileSending } from './scenarios/freeze-worker.ts';
import { chaosTest, say } from './support/chaos-test.ts';
import { NOTHING_WRONG } from './support/verdict.ts';
import { openWholeStack, type WholeStack } from './support/whole-stack.ts';

let stack: WholeStack;
beforeAll(async () => { stack = await openWholeStack(); }, 120_000);
afterAll(() => stack.close(), 30_000);

chaosTest('the late record of a frozen worker turns unknown into handed off, and nobody gets it twice', { limitMs: 10 * 60_000 }, async (random) => {
  for (let round = 1; round <= 3; round += 1) {
    const { verdict, tally, ...figures } = await freezeWorkerWhileSending(stack, random, { invites: 100, sinkDelayMs: 400, label: `freeze${String(round)}-` });
    say(JSON.stringify({ round, ...tally, ...figures }));
    expect(figures.unknownWhileFrozen).toBeGreaterThan(0);
    expect(figures.unknownWhileFrozen).toBeLessThanOrEqual(2 * stack.connections);
    expect(verdict).toEqual(NOTHING_WRONG);
    expect(tally.unknown).toBe(0);
  }
});

chaosTest('a worker frozen in the middle of a transaction holds nobody up for long', { limitMs: 10 * 60_000 }, async (random) => {
  const { verdict, tally, ...figures } = await freezeWorkerWhileSending(stack, random, { invites: 600, sinkDelayMs: 300, label: 'held-', inTransaction: true });
  say(JSON.stringify({ ...tally, ...figures }));
  expect(verdict).toEqual(NOTHING_WRONG);
  expect(tally.unknown).toBe(0);
});
