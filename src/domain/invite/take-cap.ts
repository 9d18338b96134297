import { capBucket, nextBucketAt } from './cap-bucket.ts';
import { sayCap, type CapRule } from './cap.ts';
import { hasTime, type LawfulPlan, type PlannedTime } from './lawful-plan.ts';

/** A member's cap and what of it is used: by span, see `capBucket`. */
export type CapState = { readonly rule: CapRule; readonly zone: string; readonly used: ReadonlyMap<string, number> };

/** Plans one recipient (by plan key), not before an instant (epoch ms) where one is given. */
export type PlanFrom = (planKey: string, notBefore: number | null) => LawfulPlan;

export type Taken =
  | { outcome: 'planned'; plan: PlannedTime; bucket: string | null }
  | { outcome: 'refused'; reason: 'cap_reached' | 'no_permitted_time'; detail?: string };

/** Full spans that are passed over for one message; a cap so full is as good as reached. */
const MOST_SPANS = 2_000;

/**
 * Plans invites one after another under a member's cap, which each that is planned uses up. Without a cap all are planned
 * from now on. A cap that refuses counts in the span of `now`; one that defers counts in the span in which the message
 * would leave, and looks for the next with room. `used` is written to: programs of one member that are planned together share it.
 */
export function takeCap(cap: CapState | null, now: number, plan: PlanFrom, used = new Map(cap?.used)): (planKey: string) => Taken {
  if (cap === null) return (planKey) => planned(plan(planKey, null), null);
  if (cap.rule.excess === 'refuse') return refusing(cap, used, now, plan);
  return deferring(cap, used, plan);
}

function refusing({ rule, zone }: CapState, used: Map<string, number>, now: number, plan: PlanFrom): (planKey: string) => Taken {
  const bucket = capBucket(now, rule.per, zone);
  return (planKey) => {
    const taken = planned(plan(planKey, null), bucket);
    if (taken.outcome === 'refused') return taken;
    const before = used.get(bucket) ?? 0;
    if (before >= rule.invites) return { outcome: 'refused', reason: 'cap_reached' };
    used.set(bucket, before + 1);
    return taken;
  };
}

function deferring({ rule, zone }: CapState, used: Map<string, number>, plan: PlanFrom): (planKey: string) => Taken {
  /** Where the last of a plan key found room: spans only fill up, so the next need not look before it. */
  const startAt = new Map<string, { at: number; offPeak: boolean }>();
  const nextWithRoom = roomFinder(rule, zone, used);
  return (planKey) => {
    for (let spans = 0; spans < MOST_SPANS; spans += 1) {
      const start = startAt.get(planKey) ?? null;
      const taken = planned(plan(planKey, start?.at ?? null), null);
      if (taken.outcome === 'refused') {
        return start === null ? taken : { outcome: 'refused', reason: 'cap_reached', detail: `No time with room is left before it expires: a member sends ${sayCap(rule)}.` };
      }
      const bucket = capBucket(taken.plan.sendAt, rule.per, zone);
      const before = used.get(bucket) ?? 0;
      if (before < rule.invites) {
        used.set(bucket, before + 1);
        return { ...taken, bucket, plan: start === null ? taken.plan : putOff(taken.plan, rule, start.offPeak) };
      }
      // A peak without room is not waited for: the message takes the first span with room, as without a peak.
      const { movedFrom, sendAt } = taken.plan;
      startAt.set(planKey, movedFrom === undefined ? { at: nextWithRoom(sendAt), offPeak: start?.offPeak ?? false } : { at: movedFrom, offPeak: true });
    }
    return { outcome: 'refused', reason: 'cap_reached' };
  };
}

/** The first span after the one at an instant that has room: begins when? Full ones stay full, so where one led is remembered. */
function roomFinder({ invites, per }: CapRule, zone: string, used: ReadonlyMap<string, number>): (at: number) => number {
  const ledTo = new Map<string, number>();
  return (at) => {
    const passed = [capBucket(at, per, zone)];
    let next = ledTo.get(capBucket(at, per, zone)) ?? nextBucketAt(at, per, zone);
    for (let bucket = capBucket(next, per, zone); passed.length <= MOST_SPANS && (used.get(bucket) ?? 0) >= invites; bucket = capBucket(next, per, zone)) {
      passed.push(bucket);
      next = ledTo.get(bucket) ?? nextBucketAt(next, per, zone);
    }
    for (const bucket of passed) ledTo.set(bucket, next);
    return next;
  };
}

function putOff(plan: PlannedTime, rule: CapRule, offPeak: boolean): PlannedTime {
  return { ...plan, why: `The member's cap of ${sayCap(rule)} ${offPeak ? 'has no room at the peak' : 'puts it off'}. ${plan.why}` };
}

function planned(plan: LawfulPlan, bucket: string | null): Taken {
  if (!hasTime(plan)) return { outcome: 'refused', reason: 'no_permitted_time', detail: plan.why };
  return { outcome: 'planned', plan, bucket };
}
