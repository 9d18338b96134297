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

export type Taken =
  | { readonly outcome: 'taken'; readonly state: LimitState }
  | { readonly outcome: 'refused'; readonly reason: 'cap_reached' | 'budget_spent'; readonly detail: string };

/** Takes one new reward from every cap that looks at it and from the budget: from all of them, or from none. Whose turn it is is the ledger's sequence. */
export function takeLimits(caps: readonly RewardCap[], state: LimitState, reward: Counted): Taken {
  const used = new Map(state.used);
  for (const cap of caps) {
    const key = capKey(cap, reward, state.zone);
    if (key === null) continue;
    const before = state.used.get(key) ?? 0;
    const use = capUse(cap, reward);
    if (use > capSize(cap) - before) return { outcome: 'refused', reason: 'cap_reached', detail: sayCap(cap, before) };
    used.set(key, addMinor(before, use));
  }
  const budget = state.budgets.get(reward.unit);
  if (budget === undefined) return { outcome: 'taken', state: { ...state, used } };
  const reserved = reserve(budget, reward.amountMinor);
  if (reserved.outcome === 'budget_spent') {
    return { outcome: 'refused', reason: 'budget_spent', detail: `${String(reserved.leftMinor)} of ${reward.unit} are left in the budget, ${String(reward.amountMinor)} are needed.` };
  }
  return { outcome: 'taken', state: { ...state, used, budgets: new Map(state.budgets).set(reward.unit, reserved.budget) } };
}

/** Gives back to the caps what a reward used, or a part of its amount; a part still counts as one reward. Budgets: `release`, `regain`. */
export function giveBack(caps: readonly RewardCap[], state: LimitState, reward: Counted, part: 'all' | 'part'): LimitState {
  const used = new Map(state.used);
  for (const cap of caps) {
    const key = capKey(cap, reward, state.zone);
    if (key === null || (part === 'part' && !('unit' in cap.most))) continue;
    // From what was used before: two caps of different size may count in one row.
    used.set(key, Math.max(0, (state.used.get(key) ?? 0) - capUse(cap, reward)));
  }
  return { ...state, used };
}

function sayCap(cap: RewardCap, used: number): string {
  const unit = 'unit' in cap.most ? `of ${cap.most.unit}` : 'rewards';
  const per = cap.per === 'total' ? 'in all' : `a ${cap.per}`;
  return `The program gives one person ${String(capSize(cap))} ${unit} ${per}; ${String(used)} are given.`;
}
