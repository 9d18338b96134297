import type { NextStep } from '../../db/write/message-record.ts';
import { planFor } from '../../db/write/plan-for.ts';
import type { ClaimedMessage } from '../../db/write/claim-group.ts';
import { rulesOfToday, versionKey, type GroupContext } from './compose-claimed.ts';

const HOUR_MS = 3_600_000;

/**
 * What follows a hand-off: the next reminder, by the steps the batch pinned and the rules of today; let go where none fits
 * before the expiry, null where none is left.
 */
export function nextStepAfter(message: ClaimedMessage, context: GroupContext, now: number): NextStep {
  const program = context.programs.get(versionKey(message));
  const reminder = program?.terms.reminders[message.step];
  const recipient = context.people.get(message.contactId);
  if (program === undefined || reminder === undefined || recipient === undefined) return null;
  const { tenant } = context;
  const eventDates = message.memberId === null ? [] : (context.people.get(message.memberId)?.eventDates ?? []);
  const plan = planFor(rulesOfToday(tenant, program), recipient, { from: now + reminder.afterHours * HOUR_MS, expiresAt: message.expiresAt, eventDates });
  const about = { step: message.step + 1, zones: recipient.zones, why: plan.why, ...(plan.peak === undefined ? {} : { peak: plan.peak }) };
  return plan.sendAt === null
    ? { ...about, outcome: 'let_go' }
    : { ...about, outcome: 'planned', dueAt: plan.sendAt, permittedUntil: plan.permittedUntil, planVersion: program.planVersion };
}
