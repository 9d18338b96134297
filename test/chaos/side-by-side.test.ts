import { oldMeetsPatch, versionsAlternate } from './scenarios/side-by-side.ts';
import { chaosTest, say } from './support/chaos-test.ts';
import { NOTHING_WRONG } from './support/verdict.ts';
import { openWholeStack, type WholeStack } from './support/whole-stack.ts';

let stack: WholeStack;
beforeAll(async () => { stack = await openWholeStack(); }, 120_000);
afterAll(() => stack.close(), 30_000);

const LIMIT = { limitMs: 15 * 60_000 };

chaosTest('the newest release and today\'s code continue each other\'s senders', LIMIT, async (random) => {
  const report = await versionsAlternate(stack, random, { label: 'both-', invitesEach: 60, rounds: 6, sinkDelayMs: 150, versions: ['released', 'today'] });
  say(JSON.stringify(report));
  expect(report.verdict).toEqual(NOTHING_WRONG);
  expect(report.lives.map(({ isFirst, failedTasks, tries }) => ({ isFirst, failedTasks, isTriedAgain: tries > 1 }))).toEqual(
    [0, 1].map(() => ({ isFirst: true, failedTasks: 0, isTriedAgain: false })));
  expect(report.tally.unknown).toBeLessThanOrEqual(6 * 2 * stack.connections);
});

chaosTest('a run with a newer version\'s mark waits for that version, unharmed; or an operator ends it, and it begins anew', LIMIT, async (random) => {
  const report = await oldMeetsPatch(stack, random, { label: 'mark-', invites: 20 });
  say(JSON.stringify(report));
  expect(report.verdict).toEqual(NOTHING_WRONG);
  expect([report.leftStuck, report.tally.unknown]).toEqual([0, 0]);
  expect(report.terminatedMs).toBeLessThan(60_000);
});
