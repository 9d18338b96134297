import { openStackWithLogin, smtpMisbehaves } from './scenarios/smtp-faults.ts';
import { serverStalls } from './scenarios/stalled-server.ts';
import { NOTHING_LEFT_BEHIND } from './support/after-fault.ts';
import { chaosTest, say } from './support/chaos-test.ts';
import { FATES_FULFILLED } from './support/fate-verdict.ts';
import type { WholeStack } from './support/whole-stack.ts';

let stack: WholeStack;
beforeAll(async () => { stack = await openStackWithLogin(); }, 120_000);
afterAll(() => stack.close(), 30_000);

chaosTest('a mail server that refuses, greylists and drops: every invite ends as the server treated it', { limitMs: 15 * 60_000 }, async (random) => {
  const report = await smtpMisbehaves(stack, random, { invites: 800, tenants: ['fate-a', 'fate-b', 'fate-c', 'fate-d'], sinkDelayMs: 20, label: 'fate-', incidentMs: 2_000 });
  say(JSON.stringify(report));
  expect(report.verdict).toEqual(FATES_FULFILLED);
  expect(report.putOffFaults).toEqual([]);
  expect(Object.keys(report.ownTrouble)).toEqual(expect.arrayContaining(['cannot_connect', 'server_busy', 'smtp_auth_failed']));
  expect(report.alerts).toBeGreaterThan(0);
  expect(report.after).toEqual(NOTHING_LEFT_BEHIND);
});

chaosTest('recipients that stall hold up neither their own tenant nor the others', { limitMs: 15 * 60_000 }, async (random) => {
  const report = await serverStalls(stack, random, { label: 'stall-', stalls: { stalled_after_body: 2, stalled_when_kept: 2, stalled_early: 1 }, slow: 60, others: 60, tenants: 3, sinkDelayMs: 20 });
  say(JSON.stringify(report));
  // Three minutes each, were they waited for.
  expect([report.othersDoneMs < 30_000, report.ownDoneMs < 30_000]).toEqual([true, true]);
  expect(report.unknownAfterMs).toHaveLength(4);
  expect(report.unknownAfterMs.filter((ms) => ms < 120_000)).toEqual([]);
  expect(Object.keys(report.states).toSorted()).toEqual([
    'other tenant: handed_off', 'stalled_after_body: unknown/no_answer', 'stalled_early: handed_off', 'stalled_when_kept: unknown/no_answer', 'taken: handed_off',
  ]);
});
