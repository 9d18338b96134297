import { groupBy } from '../group-by.ts';
import { isAmount } from '../money/amount.ts';
import type { RewardFact } from './facts.ts';
import { givenBack, type RefundFact } from './given-back.ts';

export type Payment = {
  readonly conversionId: string;
  readonly at: number;
  readonly paidMinor: number;
  /** Paid, less what was refunded and what lost disputes took; never below 0. */
  readonly keptMinor: number;
  readonly currency: string;
  readonly product: string | null;
  readonly country: string | null;
  readonly disputed: boolean;
};

/** A referral's facts put in order: each thing once, as it stands now. */
export type Course = {
  readonly signedUp: { readonly at: number; readonly country: string | null } | null;
  readonly firstValueAt: number | null;
  readonly upgrades: readonly { readonly plan: string; readonly at: number }[];
  /** By time. */
  readonly payments: readonly Payment[];
};

type Of<K extends RewardFact['kind']> = Extract<RewardFact, { kind: K }>;
type Dispute = Of<'dispute_opened' | 'dispute_won' | 'dispute_lost'>;
type Change = Dispute | RefundFact;

/**
 * Reads facts that may come in any order, more than once, and before those they belong to. What was told twice counts as
 * first told (by its own time, then its id); of refunds (`givenBack`) and disputes the latest word holds, of one instant the one
 * that takes more. A payment of nothing is none; what belongs to a payment nobody reported waits for it.
 */
export function readCourse(facts: readonly RewardFact[]): Course {
  const told = facts.toSorted(byTime);
  const signedUp = told.find((fact) => fact.kind === 'signed_up');
  const firstValue = told.find((fact) => fact.kind === 'first_value');
  const conversions = new Map<string, Of<'converted'>>();
  for (const fact of told) {
    if (fact.kind === 'converted' && isAmount(fact.amountMinor) && !conversions.has(fact.conversionId)) conversions.set(fact.conversionId, fact);
  }
  const changesOf = groupBy(told.filter(isChange), ({ conversionId }) => conversionId);
  return {
    signedUp: signedUp === undefined ? null : { at: signedUp.at, country: signedUp.country ?? null },
    firstValueAt: firstValue?.at ?? null,
    upgrades: told.flatMap((fact) => (fact.kind === 'plan_upgraded' ? [{ plan: fact.plan, at: fact.at }] : [])),
    payments: [...conversions.values()].map((conversion) => readPayment(conversion, changesOf.get(conversion.conversionId) ?? [])),
  };
}

function isChange(fact: RewardFact): fact is Change {
  return 'conversionId' in fact && fact.kind !== 'converted';
}

function isDispute(fact: Change): fact is Dispute {
  return 'disputeId' in fact;
}

function isRefund(fact: Change): fact is RefundFact {
  return !isDispute(fact);
}

/** `changes`: what was told of it. */
function readPayment(conversion: Of<'converted'>, changes: readonly Change[]): Payment {
  const { conversionId, at, amountMinor, currency, product, country } = conversion;
  const outcomes = [...groupBy(changes.filter(isDispute), ({ disputeId }) => disputeId).values()].map((words) => readDispute(words, amountMinor));
  const taken = outcomes.reduce((sum, { lostMinor }) => Math.min(amountMinor, sum + lostMinor), givenBack(amountMinor, changes.filter(isRefund)));
  return {
    conversionId,
    at,
    paidMinor: amountMinor,
    keptMinor: Math.max(0, amountMinor - taken),
    currency,
    product: product ?? null,
    country: country ?? null,
    disputed: outcomes.some(({ open }) => open),
  };
}

/** A dispute's end holds over its beginning, in whichever order they are told; the latest end over an earlier one, of one instant a loss. */
function readDispute(words: readonly Dispute[], paidMinor: number): { open: boolean; lostMinor: number } {
  const ends = words.filter(({ kind }) => kind !== 'dispute_opened');
  const lastAt = Math.max(...ends.map(({ at }) => at));
  const losses = ends.filter(({ kind, at }) => kind === 'dispute_lost' && at === lastAt);
  return { open: ends.length === 0, lostMinor: Math.max(0, ...losses.map(({ amountMinor }) => Math.min(paidMinor, amountMinor ?? paidMinor))) };
}

/** By time; of one instant by id, and of one id by all it says, so that any order of telling reads alike. */
function byTime(a: RewardFact, b: RewardFact): number {
  if (a.at !== b.at) return a.at - b.at;
  return compare(a.id, b.id) || compare(said(a), said(b));
}

function said(fact: RewardFact): string {
  return JSON.stringify(Object.entries(fact).toSorted(([a], [b]) => compare(a, b)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
