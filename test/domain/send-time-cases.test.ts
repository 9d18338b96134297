import { planSend } from '../../src/domain/send-time/plan-send.ts';
import type { SendTimeRules } from '../../src/domain/send-time/plan-send.ts';
import file from './cases/send-time.json';

/** The case file is plain JSON: which of its values are usable rules is what the planner is asked. */
function isRules(value: unknown): value is SendTimeRules {
  return typeof value === 'object' && value !== null;
}

test('the case file is complete', () => {
  expect(file.cases).toHaveLength(file.meta.count);
});

test.each(file.cases)('$id: $name', ({ now, zone, rules, expected, outcome }) => {
  if (!isRules(rules)) throw new Error('the case has no rules');
  const plan = planSend({ now: Date.parse(now), zone, rules });
  expect({ outcome: plan.outcome, sendAt: plan.sendAt }).toEqual({
    outcome,
    sendAt: expected === null ? null : Date.parse(expected),
  });
});
