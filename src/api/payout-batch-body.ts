import { z } from 'zod';
import type { BatchView } from '../../db/read/payout-batches.ts';
import { BATCH_STATES } from '../domain/payout/payout-state.ts';
import { LEFT_OUT_REASONS, type LeftOutReason } from '../domain/payout/reasons.ts';
import { idOut, instantIn, instantOut, iso, isoOrNull, textIn } from './fields.ts';
import { minorOut, payoutStateIn } from './payout-body.ts';

const leftOutReasons = Object.keys(LEFT_OUT_REASONS).filter((text): text is LeftOutReason => Object.hasOwn(LEFT_OUT_REASONS, text));

export const newBatchIn = z.strictObject({
  unit: z.string().max(20).meta({ description: 'The currency, ISO 4217. Batches are per currency; a tenant\'s own units are not paid out' }),
  cutOff: instantIn.optional().meta({ description: 'Rewards whose hold was over by then; now when left out' }),
  minimumMinor: z.int().min(0, 'Give a whole number from 0').max(Number.MAX_SAFE_INTEGER).default(0).meta({ description: 'Who would be paid less stays for a later batch (minor units)' }),
  exclude: z.array(z.string().min(1).max(200)).max(1000).default([]).meta({ description: 'Your own ids of members who are left out' }),
}).meta({ examples: [{ unit: 'EUR', cutOff: '2026-06-01T00:00:00Z', minimumMinor: 1000, exclude: ['user-7'] }] });
export type NewBatchBody = z.output<typeof newBatchIn>;

export const exclusionIn = z.strictObject({ externalId: z.string().min(1).max(200).meta({ description: 'Your own id of the member' }), reason: textIn(500).optional() })
  .meta({ examples: [{ externalId: 'user-7', reason: 'asked to wait' }] });

const entry = { memberId: idOut('mbr'), externalId: z.string(), rewards: z.int(), rewardsMinor: minorOut, nettedMinor: minorOut, paidMinor: minorOut };

export const previewOut = z.object({
  unit: z.string(),
  cutOff: instantOut,
  payouts: z.array(z.object(entry)).meta({ description: 'Who would be paid what' }),
  leftOut: z.array(z.object({ ...entry, reason: z.enum(leftOutReasons), say: z.string() })).meta({ description: 'Who would not be paid now, and why; the first 1,000' }),
  totals: z.object({ payouts: z.int(), leftOut: z.int(), rewardsMinor: minorOut, nettedMinor: minorOut, paidMinor: minorOut }),
  notYet: z.array(z.object({ why: z.enum(['held', 'paused', 'after_cut_off', 'in_another_payout']), rewards: z.int(), rewardsMinor: minorOut })).meta({ description: 'Rewards of this currency that no batch of this cut-off can take' }),
}).meta({ id: 'PayoutPreview' });

export const batchOut = z.object({
  id: idOut('pbt'),
  unit: z.string(),
  cutOff: instantOut,
  minimumMinor: minorOut,
  state: z.enum(BATCH_STATES),
  payouts: z.array(z.object({ state: payoutStateIn, payouts: z.int(), paidMinor: minorOut })).meta({ description: 'How many of its payouts stand so, and what they pay' }),
  excluded: z.array(z.object({ memberId: idOut('mbr'), externalId: z.string(), reason: z.string().nullable() })),
  createdAt: instantOut,
  createdBy: z.string().meta({ description: 'Whose key' }),
  decidedAt: instantOut.nullable().meta({ description: 'When it was approved or canceled' }),
  decidedBy: z.string().nullable(),
}).meta({ id: 'PayoutBatch' });

export function batchBody({ cutOff, createdAt, decidedAt, payouts, excluded, ...rest }: BatchView): z.input<typeof batchOut> {
  return { ...rest, payouts: [...payouts], excluded: [...excluded], cutOff: iso(cutOff), createdAt: iso(createdAt), decidedAt: isoOrNull(decidedAt) };
}
