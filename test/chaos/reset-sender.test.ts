import { manySendersForOneLane, MEDDLINGS, meddleWhileIdle, meddleWhileSending, type MeddleReport, type MeddlingName } from './scenarios/reset-sender.ts';
import { chaosTest, say } from './support/chaos-test.ts';
import { NOTHING_WRONG } from './support/verdict.ts';
import { openWholeStack, type WholeStack } from './support/whole-stack.ts';

let stack: WholeStack;
beforeAll(async () => { stack = await openWholeStack(); }, 120_000);
afterAll(() => stack.close(), 30_000);

const LIMIT = { limitMs: 10 * 60_000 };
const isName = (name: string): name is MeddlingName => Object.hasOwn(MEDDLINGS, name);
const names = Object.keys(MEDDLINGS).filter(isName);

function expectEachOnce(report: MeddleReport): void {
  say(JSON.stringify(report));
  expect(report.verdict).toEqual(NOTHING_WRONG);
  expect([report.tally.unknown, report.tally.delivered]).toEqual([0, report.tally.accepted]);
  expect(report.done.length).toBeGreaterThan(0);
}

for (const name of names) {
  chaosTest(`a sender that an operator meddles with while it sends (${name}) sends nobody twice and goes on`, LIMIT, async (random) => {
    expectEachOnce(await meddleWhileSending(stack, random, name, { label: `busy-${name}-`, invites: 400, sinkDelayMs: 200, times: 5 }));
  });

  chaosTest(`a sender that an operator meddles with while it sleeps (${name}) sends nothing again and goes on`, LIMIT, async (random) => {
    const report = await meddleWhileIdle(stack, random, name, { label: `idle-${name}-`, invites: 40, sinkDelayMs: 0, times: 4 });
    expectEachOnce(report);
    expect(report.leftAgain).toBe(0);
  });
}

chaosTest('three more senders by hand for one lane send nobody twice, and all leaves', LIMIT, async (random) => {
  expectEachOnce(await manySendersForOneLane(stack, random, { label: 'many-', invites: 400, sinkDelayMs: 200, times: 3 }));
});
