import type { EvaluatedReward, HeldReward, RefusedReward } from './evaluated-reward.ts';
import type { RewardMove } from './reward-move.ts';
import { isOver, type RewardState } from './reward-state.ts';
import { leftOf, type StoredReward } from './stored-reward.ts';

/** What is least final is taken back first. */
const TAKEN_FIRST: readonly RewardState[] = ['held', 'released', 'redeemed', 'paid'];

/**
 * The moves that bring what was granted under one key to what its facts now give: nothing where both agree, so asking
 * twice moves once. More than was granted becomes a grant of the difference with its own hold; less is taken back, from the held
 * part first; `evaluated` null (a milestone no longer reached) or refused takes back everything. What has expired was
 * given and stays so. `stored` are all generations of the key. A grant still has to pass caps and budget: a key that was
 * refused by them (`refusedByLimits`) is not asked for again because some other fact came.
 */
export function movesFor(stored: readonly StoredReward[], evaluated: EvaluatedReward | null, refusedByLimits = false): RewardMove[] {
  const wanted = evaluated?.state === 'held' ? evaluated : null;
  const kept = stored.filter(({ state }) => state !== 'voided' && state !== 'reversed');
  const given = kept.reduce((sum, reward) => sum + leftOf(reward), 0);
  const change = (wanted?.amountMinor ?? 0) - given;
  const takes = change < 0 ? takeBack(kept, -change, evaluated?.reason ?? 'not_eligible') : [];
  const gone = new Set(takes.flatMap((move) => (move.kind === 'reduce' ? [] : [move.generation])));
  return [
    ...takes,
    ...(wanted === null ? [] : kept.flatMap((reward) => (gone.has(reward.generation) ? [] : pauseOrResume(reward, wanted)))),
    ...(wanted !== null && change > 0 && !refusedByLimits ? [grant(stored, wanted, change)] : []),
  ];
}

function grant(stored: readonly StoredReward[], reward: HeldReward, amountMinor: number): RewardMove {
  const generation = stored.reduce((next, { generation: used }) => Math.max(next, used + 1), 0);
  return { kind: 'grant', key: reward.key, generation, reward, amountMinor };
}

function takeBack(kept: readonly StoredReward[], amountMinor: number, reason: RefusedReward['reason']): (RewardMove & { kind: 'void' | 'reverse' | 'reduce' })[] {
  let rest = amountMinor;
  const order = kept.filter(({ state }) => !isOver(state))
    .toSorted((a, b) => TAKEN_FIRST.indexOf(a.state) - TAKEN_FIRST.indexOf(b.state) || b.generation - a.generation);
  return order.flatMap((reward) => {
    const part = Math.min(rest, leftOf(reward));
    rest -= part;
    if (part === 0) return [];
    const { key, generation, state } = reward;
    const kind = part < leftOf(reward) ? 'reduce' : state === 'held' ? 'void' : 'reverse';
    return [{ kind, key, generation, amountMinor: part, reason }];
  });
}

/** Only what is still here can wait: what was paid, used or stands in a payout is beyond a pause. */
function pauseOrResume({ key, generation, state, pausedBy, inPayout }: StoredReward, wanted: HeldReward): RewardMove[] {
  if ((state !== 'held' && state !== 'released') || inPayout || pausedBy === wanted.pausedBy) return [];
  if (wanted.pausedBy === null) return [{ kind: 'resume', key, generation }];
  // From one pause to another (a dispute on top of a review) nothing moves: it waits already.
  return pausedBy === null ? [{ kind: 'pause', key, generation, by: wanted.pausedBy }] : [];
}
