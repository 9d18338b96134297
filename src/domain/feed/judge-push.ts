import { takeCap } from '../invite/take-cap.ts';
import { hasTime, type LawfulPlan } from '../invite/lawful-plan.ts';

/**
 * What a push waits for, or why there is none. `hours`, `daily_cap`: it waits, or found no time within its day. The others: the member switched it
 * off; is not to be contacted; left as many unread as the tenant allows; no time is permitted; it came too late or is over.
 */
export const PUSH_REASONS = ['hours', 'daily_cap', 'opted_out', 'suppressed', 'unanswered', 'no_permitted_time', 'over'] as const;
export type PushReason = (typeof PUSH_REASONS)[number];

/** How many pushes a member may have on a calendar day of their own, and had: by date (`YYYY-MM-DD`). `used` is written to, so that those of one batch share it. */
export type PushRoom = { readonly zone: string; readonly perDay: number; readonly used: Map<string, number> };

export type PushQuestion = {
  /** Not before, and not from then on (epoch ms). */
  readonly from: number;
  readonly until: number;
  /** What forbids it whatever the hour; null: nothing. */
  readonly forbidden: Extract<PushReason, 'opted_out' | 'suppressed' | 'unanswered'> | null;
  readonly room: PushRoom;
  /** By the rules of any message; not before an instant where one is given. */
  plan(notBefore: number | null): LawfulPlan;
};

/** `at`: when it may leave (epoch ms); null: it does not, for the reason. */
export type PushJudgement = { readonly at: number; readonly reason: 'hours' | 'daily_cap' | null } | { readonly at: null; readonly reason: PushReason };

/** When a push may leave: at a permitted time of a day on which the member has room for one. Pure, but for the room it takes. */
export function judgePush({ from, until, forbidden, room, plan }: PushQuestion): PushJudgement {
  if (forbidden !== null) return { at: null, reason: forbidden };
  if (until <= from) return { at: null, reason: 'over' };
  let unlimitedAt: number | null = null;
  const planFrom = (_key: string, notBefore: number | null): LawfulPlan => {
    const planned = plan(notBefore);
    if (notBefore === null && hasTime(planned)) unlimitedAt = planned.sendAt;
    return planned;
  };
  const { zone, perDay, used } = room;
  const taken = takeCap({ rule: { invites: perDay, per: 'day', excess: 'defer' }, zone, used }, from, planFrom, used)('push');
  if (taken.outcome === 'refused') return { at: null, reason: taken.reason === 'cap_reached' ? 'daily_cap' : 'no_permitted_time' };
  const { sendAt } = taken.plan;
  if (sendAt !== unlimitedAt) return { at: sendAt, reason: 'daily_cap' };
  return { at: sendAt, reason: sendAt > from ? 'hours' : null };
}
