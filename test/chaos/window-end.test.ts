import { windowEndsWhileDown } from './scenarios/window-end.ts';
import { chaosTest, say } from './support/chaos-test.ts';
import { NOTHING_WRONG } from './support/verdict.ts';
import { openWholeStack, type WholeStack } from './support/whole-stack.ts';

let stack: WholeStack;
beforeAll(async () => { stack = await openWholeStack(); }, 120_000);
afterAll(() => stack.close(), 30_000);

chaosTest('a window that closes while the worker is down: nothing leaves in the quiet time, all is planned for the next opening', { limitMs: 10 * 60_000 }, async (random) => {
  const report = await windowEndsWhileDown(stack, random, { invitesEach: 120, sinkDelayMs: 400, label: 'window-' });
  say(JSON.stringify(report));
  expect(report.verdict).toEqual(NOTHING_WRONG);
  expect([report.inQuiet, report.tally.unknown <= 2 * stack.connections]).toEqual([0, true]);
  expect([report.before > 0, report.after > 0, report.waiting > 0, report.tomorrow.waiting > 0]).toEqual([true, true, true, true]);
  expect([report.planned, report.tomorrow.planned]).toEqual([report.waiting, report.tomorrow.waiting]);
  expect(report.told['plain']).toMatch(/^Planned again because its send window had closed before it could leave: the invitation now leaves .+ \| now: leaves /);
  expect(report.told['tomorrow']).toMatch(/^Planned again because its send window had closed before it could leave/);
  expect(report.told['stopped']).toMatch(/^Planned again because its send window had closed while it was held/);
  expect(report.told['paused']).toMatch(/^now: held: program .+ is paused/);
});
