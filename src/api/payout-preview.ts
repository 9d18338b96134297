import type { z } from 'zod';
import { readNotYet, readPayables } from '../../db/read/payables.ts';
import { readChosenRail } from '../../db/read/payout-rails.ts';
import { externalIdsOf, membersByExternalId } from '../../db/read/payout-members.ts';
import type { MemberId } from '../domain/ids.ts';
import { isCurrency } from '../domain/money/currencies.ts';
import { choosePayouts, type Chosen } from '../domain/payout/choose-payouts.ts';
import { RAILS } from '../domain/payout/rails.ts';
import { LEFT_OUT_REASONS } from '../domain/payout/reasons.ts';
import { iso } from './fields.ts';
import type { NewBatchBody, previewOut } from './payout-batch-body.ts';
import { problem, type FieldError, type Problem } from './problems.ts';
import type { Call } from './route.ts';

const MOST_SHOWN = 1000;

export type ReadBatch = { readonly kind: 'batch'; readonly unit: string; readonly cutOff: number; readonly minimumMinor: number; readonly needsPayee: boolean; readonly excluded: readonly MemberId[] };

/** What a batch is asked for, with everything looked up; or what is wrong with it. */
export async function readNewBatch({ tx, tenantId, now }: Call, body: NewBatchBody): Promise<ReadBatch | Problem<'invalid_request' | 'currency_not_supported'>> {
  const unit = body.unit.toUpperCase();
  if (!isCurrency(unit)) return problem('currency_not_supported', { errors: [{ path: '/unit', message: 'Give an ISO 4217 code such as EUR; your own units are not paid out.' }] });
  const cutOff = body.cutOff ?? now;
  const errors: FieldError[] = cutOff > now ? [{ path: '/cutOff', message: 'Give an instant that is past: what is released later belongs to a later batch.' }] : [];
  const known = await membersByExternalId(tx, tenantId, body.exclude);
  body.exclude.forEach((externalId, i) => {
    if (!known.has(externalId)) errors.push({ path: `/exclude/${String(i)}`, message: 'There is no such member.' });
  });
  if (errors.length > 0) return problem('invalid_request', { errors });
  const rail = await readChosenRail(tx, tenantId);
  return { kind: 'batch', unit, cutOff, minimumMinor: body.minimumMinor, needsPayee: rail !== null && RAILS[rail.kind].needsPayee, excluded: [...known.values()] };
}

/** Who would get what, and who is left out and why. Writes nothing. */
export async function previewBatch({ tx, tenantId, now }: Call, { unit, cutOff, minimumMinor, needsPayee, excluded }: ReadBatch): Promise<z.input<typeof previewOut>> {
  const query = { tenantId, unit, cutOff, excluded, now };
  const chosen = choosePayouts(await readPayables(tx, query), { minimumMinor, needsPayee });
  const payouts = chosen.filter(({ leftOut }) => leftOut === null);
  const leftOut = chosen.filter((one): one is Chosen & { leftOut: NonNullable<Chosen['leftOut']> } => one.leftOut !== null);
  const names = await externalIdsOf(tx, tenantId, [...payouts, ...leftOut.slice(0, MOST_SHOWN)].map(({ memberId }) => memberId));
  const entry = ({ memberId, rewards, rewardsMinor, nettedMinor, paidMinor }: Chosen) => ({ memberId, externalId: names.get(memberId) ?? '', rewards, rewardsMinor, nettedMinor, paidMinor });
  const sum = (of: 'rewardsMinor' | 'nettedMinor' | 'paidMinor'): number => payouts.reduce((total, one) => total + one[of], 0);
  return {
    unit, cutOff: iso(cutOff),
    payouts: payouts.map(entry),
    leftOut: leftOut.slice(0, MOST_SHOWN).map((one) => ({ ...entry(one), reason: one.leftOut, say: LEFT_OUT_REASONS[one.leftOut] })),
    totals: { payouts: payouts.length, leftOut: leftOut.length, rewardsMinor: sum('rewardsMinor'), nettedMinor: sum('nettedMinor'), paidMinor: sum('paidMinor') },
    notYet: await readNotYet(tx, query),
  };
}
