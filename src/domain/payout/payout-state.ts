/** The life of a payout: so much of one currency to one member. */
export const PAYOUT_STATES = {
  created: 'Collected; nobody has approved it.',
  approved: 'Approved, its sums are fixed; it has not left.',
  sending: 'Being handed to the rail: its key is stored, the rail has not answered.',
  unknown: 'Handed over, and nobody knows whether the rail has it. Settled by looking at the rail, never by paying again.',
  sent: 'The rail has it and has not said how it ended.',
  completed: 'Paid, or wholly kept back for what the member owed.',
  failed: 'The rail has not paid it and never will; its rewards are free again.',
  canceled: 'Withdrawn before it left; its rewards are free again.',
} as const;
export type PayoutState = keyof typeof PAYOUT_STATES;

/**
 * What can happen to a payout. `claim`: somebody begins to hand it over. `put_back`: it certainly did not arrive. `lose`:
 * no answer came. `accept`, `pay`, `fail`: the rail (or who looks after it) has said so. `net`: nothing is left to pay.
 */
export const PAYOUT_ACTIONS = ['approve', 'cancel', 'net', 'claim', 'put_back', 'lose', 'accept', 'pay', 'fail'] as const;
export type PayoutAction = (typeof PAYOUT_ACTIONS)[number];

/** Every move that is allowed, and the state after it: what is not here is refused. Migration 0031 holds the same pairs. */
export const PAYOUT_MOVES: Readonly<Record<PayoutState, Partial<Record<PayoutAction, PayoutState>>>> = {
  created: { approve: 'approved', cancel: 'canceled' },
  approved: { claim: 'sending', net: 'completed', cancel: 'canceled' },
  sending: { accept: 'sent', pay: 'completed', fail: 'failed', lose: 'unknown', put_back: 'approved' },
  unknown: { claim: 'sending', accept: 'sent', pay: 'completed', fail: 'failed' },
  sent: { pay: 'completed', fail: 'failed' },
  completed: {},
  failed: {},
  canceled: {},
};

/** The state after an action; null where it is not allowed. */
export function movePayout(state: PayoutState, action: PayoutAction): PayoutState | null {
  return PAYOUT_MOVES[state][action] ?? null;
}

/** Nothing can happen to it any more. */
export function isPayoutOver(state: PayoutState): boolean {
  return Object.keys(PAYOUT_MOVES[state]).length === 0;
}

export const PAYOUT_ENDS = ['completed', 'failed', 'canceled'] as const satisfies readonly PayoutState[];
export type PayoutEnd = (typeof PAYOUT_ENDS)[number];

/** How a payout has ended; null while it has not. */
export function endOf(state: PayoutState): PayoutEnd | null {
  return PAYOUT_ENDS.find((end) => end === state) ?? null;
}

export function isPayoutState(text: string): text is PayoutState {
  return Object.hasOwn(PAYOUT_STATES, text);
}

/** A batch is what is approved or canceled as one; afterwards each payout has its own life. */
export const BATCH_STATES = ['created', 'approved', 'canceled'] as const;
export type BatchState = (typeof BATCH_STATES)[number];
