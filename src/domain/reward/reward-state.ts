/** The life of a reward that was granted. One that never was is a refusal, not a state. */
export const REWARD_STATES = {
  held: 'Earned, and kept until the refund window is over.',
  released: 'The member\'s own: it can be used or paid out.',
  redeemed: 'Used.',
  paid: 'Paid out.',
  voided: 'Taken back before it was released.',
  expired: 'Not used in time.',
  reversed: 'Taken back, all of it, after it was released.',
} as const;
export type RewardState = keyof typeof REWARD_STATES;

/** What can be done with a reward. */
export const REWARD_ACTIONS = ['release', 'void', 'redeem', 'expire', 'pay', 'reverse', 'reduce', 'pause', 'resume'] as const;
export type RewardAction = (typeof REWARD_ACTIONS)[number];

/** Every move that is allowed, and the state after it: what is not here is refused. `reduce`: a part is taken back, the rest stays. */
export const REWARD_MOVES: Readonly<Record<RewardState, Partial<Record<RewardAction, RewardState>>>> = {
  held: { release: 'released', void: 'voided', reduce: 'held', pause: 'held', resume: 'held' },
  released: { redeem: 'redeemed', expire: 'expired', pay: 'paid', reverse: 'reversed', reduce: 'released', pause: 'released', resume: 'released' },
  redeemed: { reverse: 'reversed', reduce: 'redeemed' },
  paid: { reverse: 'reversed', reduce: 'paid' },
  voided: {},
  expired: {},
  reversed: {},
};

/** Nothing of these is a person's any more, or can be taken back. */
export const isOver = (state: RewardState): boolean => Object.keys(REWARD_MOVES[state]).length === 0;

/** While a reward is paused it can be taken back, but not given out. */
const NOT_WHILE_PAUSED: ReadonlySet<RewardAction> = new Set<RewardAction>(['release', 'redeem', 'expire', 'pay', 'pause']);
/** While it stands in a payout that is under way nobody else may use it. What is taken back then is settled when the payout ends. */
const NOT_IN_PAYOUT: ReadonlySet<RewardAction> = new Set<RewardAction>(['redeem', 'expire', 'pause', 'resume']);

export type Standing = { readonly state: RewardState; readonly paused: boolean; readonly inPayout: boolean };

/** The state after an action, or why it cannot be taken. */
export function moveReward({ state, paused, inPayout }: Standing, action: RewardAction): { outcome: 'moved'; state: RewardState } | { outcome: 'refused'; reason: 'not_from_this_state' | 'paused' | 'not_paused' | 'in_payout' | 'not_in_payout' } {
  const next = REWARD_MOVES[state][action];
  if (next === undefined) return { outcome: 'refused', reason: 'not_from_this_state' };
  if (paused && NOT_WHILE_PAUSED.has(action)) return { outcome: 'refused', reason: 'paused' };
  if (!paused && action === 'resume') return { outcome: 'refused', reason: 'not_paused' };
  if (inPayout && NOT_IN_PAYOUT.has(action)) return { outcome: 'refused', reason: 'in_payout' };
  if (!inPayout && action === 'pay') return { outcome: 'refused', reason: 'not_in_payout' };
  return { outcome: 'moved', state: next };
}

/** May its hold end now? `holdUntil` is the stored one. */
export function mayRelease(reward: { readonly state: RewardState; readonly pausedBy: string | null; readonly holdUntil: number }, now: number): boolean {
  return reward.state === 'held' && reward.pausedBy === null && now >= reward.holdUntil;
}

/** May it be put into a payout? */
export function mayEnterPayout({ state, paused, inPayout }: Standing): boolean {
  return state === 'released' && !paused && !inPayout;
}

/** Is its time to be used over? */
export function mayExpire(reward: { readonly state: RewardState; readonly pausedBy: string | null; readonly expiresAt: number | null; readonly inPayout: boolean }, now: number): boolean {
  return reward.state === 'released' && reward.pausedBy === null && !reward.inPayout && reward.expiresAt !== null && now >= reward.expiresAt;
}
