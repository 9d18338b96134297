import { z } from 'zod';
import type { PayoutView } from '../../db/read/payouts.ts';
import { PAYOUT_STATES, type PayoutState } from '../domain/payout/payout-state.ts';
import { RAIL_KINDS } from '../domain/payout/rails.ts';
import { PAYOUT_REASONS, type PayoutReason } from '../domain/payout/reasons.ts';
import { idOut, instantOut, iso, isoOrNull } from './fields.ts';

const states = Object.keys(PAYOUT_STATES).filter((text): text is PayoutState => Object.hasOwn(PAYOUT_STATES, text));
const reasons = Object.keys(PAYOUT_REASONS).filter((text): text is PayoutReason => Object.hasOwn(PAYOUT_REASONS, text));

export const payoutStateIn = z.enum(states);
export const minorOut = z.int().meta({ description: 'In minor units (cents)' });
export const reasonOut = z.enum(reasons);

const fields = {
  id: idOut('pyt'),
  batchId: idOut('pbt'),
  memberId: idOut('mbr'),
  externalId: z.string().meta({ description: 'Your own id of the member' }),
  unit: z.string().meta({ description: 'ISO 4217' }),
  state: z.enum(states).meta({ description: states.map((state) => `\`${state}\`: ${PAYOUT_STATES[state]}`).join(' ') }),
  rewardsMinor: minorOut.meta({ description: 'Its rewards, all together; fixed when it is approved' }),
  nettedMinor: minorOut.meta({ description: 'Of it: kept back for what the member owed' }),
  paidMinor: minorOut.meta({ description: 'The difference: what is paid' }),
  takenBackMinor: minorOut.meta({ description: 'Of its rewards: taken back while it was under way, settled at its end' }),
  rail: z.enum(RAIL_KINDS).nullable(),
  payee: z.string().nullable().meta({ description: 'The end of the payee details it goes to, as they were when it was approved' }),
  reference: z.string().nullable().meta({ description: 'The rail\'s id of it' }),
  handOvers: z.int().meta({ description: 'How often it was handed to the rail, each time under the same key' }),
  reason: reasonOut.nullable(),
  detail: z.string().nullable(),
  createdAt: instantOut,
  approvedAt: instantOut.nullable(),
  sentAt: instantOut.nullable(),
  endedAt: instantOut.nullable(),
};

export const payoutOut = z.object(fields).meta({ id: 'Payout' });
export const payoutWithRewardsOut = z.object({
  ...fields,
  rewards: z.array(z.object({ rewardId: idOut('rew'), amountMinor: minorOut, leftMinor: minorOut })).meta({ description: 'What was left of each reward when it was collected or approved, and what is left of it now' }),
}).meta({ id: 'PayoutWithRewards' });

/** `open` opens a sealed payee. */
export function payoutBody(payout: PayoutView, open: (sealed: Uint8Array) => string): z.input<typeof payoutOut> {
  const { payeeSealed, createdAt, approvedAt, sentAt, endedAt, rewardsMinor, nettedMinor, ...rest } = payout;
  return {
    ...rest, rewardsMinor, nettedMinor,
    paidMinor: rewardsMinor - nettedMinor,
    payee: payeeSealed === null ? null : shownPayee(open(payeeSealed)),
    createdAt: iso(createdAt), approvedAt: isoOrNull(approvedAt), sentAt: isoOrNull(sentAt), endedAt: isoOrNull(endedAt),
  };
}

const SHOWN = 4;

/** The end by which somebody knows an account of their own; of a short one nothing. */
export function shownPayee(details: string): string {
  return details.length >= 3 * SHOWN ? `…${details.slice(-SHOWN)}` : '…';
}
