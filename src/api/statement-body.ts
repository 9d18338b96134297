import { z } from 'zod';
import type { TransferView } from '../../db/read/ledger.ts';
import type { LedgerTotal } from '../../db/read/ledger-totals.ts';
import type { AccountKind } from '../domain/ledger/accounts.ts';
import { sayTransfer } from '../domain/ledger/say-transfer.ts';
import type { MemberId } from '../domain/ids.ts';
import { FIRST_INSTANT_AT, instantIn } from './fields.ts';
import { problem } from './problems.ts';
import type { Problem } from './problems.ts';

const DAY_MS = 86_400_000;
const USUAL_DAYS = 30;
const MOST_DAYS = 366;

/** Query of a statement: its span, and as what it is wanted. */
export const spanQuery = {
  from: instantIn.optional().meta({ description: `The first instant; left out: ${USUAL_DAYS} days before \`to\`` }),
  to: instantIn.optional().meta({ description: `Up to, not including, this one; left out: up to this instant. At most ${MOST_DAYS} days after \`from\`` }),
  format: z.enum(['json', 'csv']).default('json').meta({ description: '`csv`: a file with every line, safe to open in a spreadsheet' }),
};

export type Span = { readonly fromAt: number; readonly untilAt: number };

/** The span that was asked for, in epoch ms. What is still to come is not in it: a statement does not change once it was made. */
export function readSpan({ from, to }: { from?: number | undefined; to?: number | undefined }, now: number): Span | Problem<'invalid_request'> {
  const untilAt = Math.min(to ?? now + 1, now + 1);
  const fromAt = from ?? Math.max(FIRST_INSTANT_AT, untilAt - USUAL_DAYS * DAY_MS);
  const refuse = (path: string, message: string): Problem<'invalid_request'> => problem('invalid_request', { errors: [{ path, message }] });
  if (fromAt >= untilAt) return refuse('?from', 'Must be before `to`, and in the past.');
  if (untilAt - fromAt > MOST_DAYS * DAY_MS) return refuse('?from', `At most ${MOST_DAYS} days can be asked for at once.`);
  return { fromAt, untilAt };
}

/** The accounts of a member by what they mean to it. */
const PLACES = { held: 'member_held', owed: 'member_owed', clawback: 'member_clawback', unsettled: 'member_unsettled' } as const satisfies Readonly<Record<string, AccountKind>>;

/** Amounts (minor units) by where they stand; `clawback` and `unsettled` are 0 or below. */
export type Standing = { readonly held: number; readonly owed: number; readonly clawback: number; readonly unsettled: number };
export const standingOut = z.object({
  held: z.int().meta({ description: 'Earned, and held' }),
  owed: z.int().meta({ description: 'Released: can be used or paid out' }),
  clawback: z.int().meta({ description: 'To be given back: 0 or below' }),
  unsettled: z.int().meta({ description: 'Taken back while a payout is under way: 0 or below' }),
}).meta({ id: 'MemberStanding', description: 'In minor units' });

function standing(amountOf: (kind: AccountKind) => number): Standing {
  return { held: amountOf(PLACES.held), owed: amountOf(PLACES.owed), clawback: amountOf(PLACES.clawback), unsettled: amountOf(PLACES.unsettled) };
}

export type UnitStanding = { readonly unit: string; readonly opening: Standing; readonly closing: Standing };

/** A member's totals by unit. */
export function unitStandings(totals: readonly LedgerTotal[]): UnitStanding[] {
  return [...new Set(totals.map(({ unit }) => unit))].map((unit) => {
    const amount = (which: 'openingMinor' | 'closingMinor') => (kind: AccountKind): number => totals.find((total) => total.unit === unit && total.kind === kind)?.[which] ?? 0;
    return { unit, opening: standing(amount('openingMinor')), closing: standing(amount('closingMinor')) };
  });
}

export type StatementLine = { readonly sequence: number; readonly bookedAt: number; readonly what: string; readonly unit: string; readonly change: Standing; readonly rewardId: string | null; readonly payoutId: string | null };

/** What a transfer means to one member: how it changes what is held and owed. */
export function statementLine(memberId: MemberId, { sequence, bookedAt, debitKind, debitOwnerId, creditKind, creditOwnerId, unit, amountMinor, rewardId, payoutId }: TransferView): StatementLine {
  const change = standing((kind) => (debitKind === kind && debitOwnerId === memberId ? -amountMinor : 0) + (creditKind === kind && creditOwnerId === memberId ? amountMinor : 0));
  return { sequence, bookedAt, what: sayTransfer(debitKind, creditKind), unit, change, rewardId, payoutId };
}
