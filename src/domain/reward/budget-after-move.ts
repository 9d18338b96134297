import { confirm, regain, release, type Budget } from './budget.ts';
import type { RewardMove } from './reward-move.ts';
import { leftOf, type StoredReward } from './stored-reward.ts';

/** What a reward's move, as it stood before, does to its program's budget. A grant reserves by `takeLimits`. What expired or was used was given, so it stays confirmed. */
export function budgetAfterMove(budget: Budget, move: Exclude<RewardMove, { kind: 'grant' }>, before: StoredReward): Budget {
  switch (move.kind) {
    case 'release': return confirm(budget, leftOf(before));
    case 'void':
    case 'reverse':
    case 'reduce': return before.state === 'held' ? release(budget, move.amountMinor) : regain(budget, move.amountMinor);
    case 'pause':
    case 'resume':
    case 'redeem':
    case 'expire':
    case 'pay': return budget;
  }
}
