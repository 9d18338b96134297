import type { HeldReward, PausedBy, RefusedReward } from './evaluated-reward.ts';
import { moveReward, type RewardState } from './reward-state.ts';
import { leftOf, type StoredReward } from './stored-reward.ts';

type Which = { readonly key: string; readonly generation: number };

/** One step in a reward's life. What takes back says how much and, in a code, why. */
export type RewardMove =
  | (Which & { readonly kind: 'grant'; readonly reward: HeldReward; readonly amountMinor: number })
  | (Which & { readonly kind: 'void' | 'reverse' | 'reduce'; readonly amountMinor: number; readonly reason: RefusedReward['reason'] })
  | (Which & { readonly kind: 'pause'; readonly by: PausedBy })
  | (Which & { readonly kind: 'resume' | 'release' | 'redeem' | 'expire' | 'pay' });

/** What a grant makes: held, at once paused where a dispute or review is open already. */
export function grantedReward({ key, generation, reward, amountMinor }: Extract<RewardMove, { kind: 'grant' }>): StoredReward {
  return { key, generation, memberId: reward.memberId, unit: reward.unit, grantedMinor: amountMinor, takenBackMinor: 0, state: 'held', pausedBy: reward.pausedBy, inPayout: false };
}

/** The reward after a move. Throws where the move is not allowed: who makes moves asks `moveReward` or `movesFor` first. */
export function applyMove(reward: StoredReward, move: Exclude<RewardMove, { kind: 'grant' }>): StoredReward {
  const moved = moveReward({ state: reward.state, paused: reward.pausedBy !== null, inPayout: reward.inPayout }, move.kind);
  if (moved.outcome === 'refused') throw new Error(`${move.kind} of ${reward.state} reward ${reward.key}: ${moved.reason}`);
  const { state } = moved;
  switch (move.kind) {
    case 'void':
    case 'reverse': return { ...takenBack(reward, state, move.amountMinor, leftOf(reward)), pausedBy: null };
    case 'reduce': return takenBack(reward, state, move.amountMinor, leftOf(reward) - 1);
    case 'pause': return { ...reward, pausedBy: move.by };
    case 'resume': return { ...reward, pausedBy: null };
    case 'pay': return { ...reward, state, inPayout: false };
    case 'release':
    case 'redeem':
    case 'expire': return { ...reward, state };
  }
}

function takenBack(reward: StoredReward, state: RewardState, amountMinor: number, mostMinor: number): StoredReward {
  if (amountMinor < 1 || amountMinor > mostMinor || (state !== reward.state && amountMinor !== mostMinor)) {
    throw new RangeError(`${String(amountMinor)} cannot be taken back: ${String(leftOf(reward))} are left of ${reward.key}`);
  }
  return { ...reward, state, takenBackMinor: reward.takenBackMinor + amountMinor };
}
