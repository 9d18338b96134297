import { addMinor } from '../money/amount.ts';
import type { Unit } from '../money/unit.ts';
import { reserve, type Budget } from './budget.ts';
import { capKey, capSize, capUse, type Counted } from './cap-use.ts';
import type { RewardCap } from './reward-terms.ts';

/** What rewards share across referrals: how much of each cap is used (by `capKey`), and the budgets; a unit without one is not limited. */
export type LimitState = {
  readonly zone: string;
  readonly used: ReadonlyMap<string, number>;
  readonly budgets: ReadonlyMap<Unit, Budget>;
};

type Refused = { readonly outcome: 'refused'; readonly reason: 'cap_reached' | 'budget_spent'; readonly detail: string };
export type Taken = { readonly outcome: 'taken'; readonly state: LimitState } | Refused;

/** Limits that many rewards take from and give back to, one after the other, with nothing copied for each. */
export type OpenLimits = {
  readonly zone: string;
  /** Takes one new reward from every cap that looks at it and from the budget: from all of them, or from none. */
  take(caps: readonly RewardCap[], reward: Counted): { readonly outcome: 'taken' } | Refused;
  /** Gives back to the caps what a reward used, or a part of its amount; a part still counts as one reward. `zone`: in which it was counted. */
  giveBack(caps: readonly RewardCap[], reward: Counted, part: 'all' | 'part', zone?: string): void;
  changeBudget(unit: Unit, change: (budget: Budget) => Budget): void;
  /** As they are now. */
  readonly state: LimitState;
};

/** `before` stays as it is. Whose turn it is is the ledger's sequence. */
export function openLimits({ zone, ...before }: LimitState): OpenLimits {
  const used = new Map(before.used);
  const budgets = new Map(before.budgets);
  return {
    zone,
    take(caps, reward) {
      const wanted = new Map<string, number>();
      for (const cap of caps) {
        const key = capKey(cap, reward, zone);
        if (key === null) continue;
        // Of two caps that count in one row each looks at what was used before.
        const now = used.get(key) ?? 0;
        const use = capUse(cap, reward);
        if (use > capSize(cap) - now) return { outcome: 'refused', reason: 'cap_reached', detail: sayCap(cap, now) };
        wanted.set(key, addMinor(now, use));
      }
      const budget = budgets.get(reward.unit);
      if (budget !== undefined) {
        const reserved = reserve(budget, reward.amountMinor);
        if (reserved.outcome === 'budget_spent') {
          return { outcome: 'refused', reason: 'budget_spent', detail: `${String(reserved.leftMinor)} of ${reward.unit} are left in the budget, ${String(reward.amountMinor)} are needed.` };
        }
        budgets.set(reward.unit, reserved.budget);
      }
      for (const [key, now] of wanted) used.set(key, now);
      return { outcome: 'taken' };
    },
    giveBack(caps, reward, part, countedIn = zone) {
      const given = new Map<string, number>();
      for (const cap of caps) {
        const key = capKey(cap, reward, countedIn);
        if (key === null || (part === 'part' && !('unit' in cap.most))) continue;
        given.set(key, Math.max(0, (used.get(key) ?? 0) - capUse(cap, reward)));
      }
      for (const [key, now] of given) used.set(key, now);
    },
    changeBudget(unit, change) {
      const budget = budgets.get(unit);
      if (budget !== undefined) budgets.set(unit, change(budget));
    },
    state: { zone, used, budgets },
  };
}

/** One reward, from limits that stay as they are. */
export function takeLimits(caps: readonly RewardCap[], state: LimitState, reward: Counted): Taken {
  const limits = openLimits(state);
  const taken = limits.take(caps, reward);
  return taken.outcome === 'refused' ? taken : { outcome: 'taken', state: limits.state };
}

/** What one reward gives back, to limits that stay as they are. Budgets: `release`, `regain`. */
export function giveBack(caps: readonly RewardCap[], state: LimitState, reward: Counted, part: 'all' | 'part'): LimitState {
  const limits = openLimits(state);
  limits.giveBack(caps, reward, part);
  return limits.state;
}

function sayCap(cap: RewardCap, used: number): string {
  const unit = 'unit' in cap.most ? `of ${cap.most.unit}` : 'rewards';
  const per = cap.per === 'total' ? 'in all' : `a ${cap.per}`;
  return `The program gives one person ${String(capSize(cap))} ${unit} ${per}; ${String(used)} are given.`;
}
