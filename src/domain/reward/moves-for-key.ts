import type { EvaluatedReward } from './evaluated-reward.ts';
import { movesFor } from './moves-for.ts';
import type { RewardMove } from './reward-move.ts';
import type { RewardReason } from './reward-reasons.ts';
import type { StoredReward } from './stored-reward.ts';

/** As it is kept, with why it was last taken back or paused. */
export type KeptReward = StoredReward & { readonly reason: RewardReason | null };

/** Reasons that hold whatever facts come: nothing is granted under their key again. */
const FINAL: ReadonlySet<RewardReason> = new Set<RewardReason>(['cap_reached', 'budget_spent', 'operator']);

/** Was it refused for good? */
export function isFinalRefusal(reason: RewardReason): boolean {
  return FINAL.has(reason);
}

/**
 * `movesFor`, where the credit may have been corrected: what stands under the key for somebody else, or in another unit,
 * is taken back from them, all of it, and granted anew as the next generation. `refused`: why the key was refused before, if it was. What
 * an operator took back, and what caps or the budget refused, is not asked for again.
 */
export function movesForKey(stored: readonly KeptReward[], evaluated: EvaluatedReward | null, refused: RewardReason | null): RewardMove[] {
  const isFinal = (refused !== null && isFinalRefusal(refused)) || stored.some(({ state, reason }) => (state === 'voided' || state === 'reversed') && reason === 'operator');
  const strange = new Set(evaluated === null ? [] : stored.filter((reward) => isOfSomebodyElse(reward, evaluated)));
  if (strange.size === 0) return movesFor(stored, evaluated, isFinal);
  const rest = stored.map((reward): KeptReward => (strange.has(reward) ? { ...reward, state: 'voided', takenBackMinor: reward.grantedMinor } : reward));
  return [...movesFor([...strange], null), ...movesFor(rest, evaluated, isFinal)];
}

function isOfSomebodyElse({ memberId, unit }: StoredReward, evaluated: EvaluatedReward): boolean {
  return memberId !== evaluated.memberId || (evaluated.state === 'held' && unit !== evaluated.unit);
}
