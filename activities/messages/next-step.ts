import type { NextStep } from '../../db/write/message-record.ts';
import { planFor } from '../../db/write/plan-for.ts';
import type { ClaimedMessage } from '../../db/write/claim-group.ts';
import { rulesOfToday, versionKey, type GroupContext } from './compose-claimed.ts';

const HOUR_MS = 3_600_000;
const SECOND_MS = 1000;

/** Plans of one group by what they were made from: those of most of its messages are the same. */
export type PlansMade = Map<string, NextStep>;

/**
 * What follows a hand-off: the next reminder, by the steps the batch pinned and the rules of today; let go where none fits
 * before the expiry, null where none is left; a notice is said once. Counted from the second of the hand-off, so that a group shares its plans.
 */
export function nextStepAfter(message: ClaimedMessage, context: GroupContext, now: number, made: PlansMade): NextStep {
  if (message.notice !== null) return null;
  const program = context.programs.get(versionKey(message));
  const reminder = program?.terms.reminders[message.step];
  const recipient = context.people.get(message.contactId);
  if (program === undefined || reminder === undefined || recipient === undefined) return null;
  const { tenant } = context;
  const eventDates = message.memberId === null ? [] : (context.people.get(message.memberId)?.eventDates ?? []);
  const { zones, zoneSource, places, memberQuiet, isMinor } = recipient;
  const { step, expiresAt, channel } = message;
  const handedOffAt = Math.floor(now / SECOND_MS) * SECOND_MS;
  const key = JSON.stringify([versionKey(message), step, expiresAt, channel, handedOffAt, zones, zoneSource, places, memberQuiet, isMinor, eventDates]);
  const known = made.get(key);
  if (known !== undefined) return known;
  const plan = planFor(rulesOfToday(tenant, program), { zones, zoneSource, places, memberQuiet, isMinor, channel }, { from: handedOffAt + reminder.afterHours * HOUR_MS, expiresAt, eventDates });
  const about = { step: step + 1, zones, why: plan.why, ...(plan.peak === undefined ? {} : { peak: plan.peak }) };
  const next: NextStep = plan.sendAt === null
    ? { ...about, outcome: 'let_go' }
    : { ...about, outcome: 'planned', dueAt: plan.sendAt, permittedUntil: plan.permittedUntil, planVersion: program.planVersion };
  made.set(key, next);
  return next;
}
