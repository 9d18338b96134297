import type { PayoutEnd } from './payout-state.ts';

/** The named stages of a payout's run, as ops see them in the Temporal UI. */
export const PAYOUT_STAGES = {
  approved: 'Approved; to be handed to the rail.',
  paused: 'Paused: nothing is handed over.',
  sending: 'Being handed to the rail.',
  unknown: 'Nobody knows whether the rail has it; it is looked for there.',
  sent: 'The rail has it; waits for its end.',
} as const;
export type PayoutStage = keyof typeof PAYOUT_STAGES;

/** How a payout's run ends. */
export const PAYOUT_OUTCOMES = {
  completed: 'Paid.',
  failed: 'Not paid; the rewards are free again.',
  canceled: 'Withdrawn before it left.',
} as const satisfies Readonly<Record<PayoutEnd, string>>;

/** What a look at a payout tells its run: what to do next, and when (epoch ms; null: only when something is heard). */
export type PayoutLook =
  | { readonly kind: 'goes_on'; readonly stage: PayoutStage; readonly next: 'hand_over' | 'reconcile'; readonly nextAt: number | null }
  | { readonly kind: 'over'; readonly outcome: PayoutEnd };
