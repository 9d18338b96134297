import { z } from 'zod';
import type { AccountView, TransferView } from '../../db/read/ledger.ts';
import { ACCOUNT_KINDS, isAccountKind, type AccountKind } from '../domain/ledger/accounts.ts';
import { sayTransfer } from '../domain/ledger/say-transfer.ts';
import { decimalText } from '../domain/money/decimal-text.ts';
import { idOut, instantOut, iso } from './fields.ts';

export const ACCOUNT_KIND_NAMES: readonly AccountKind[] = Object.keys(ACCOUNT_KINDS).filter(isAccountKind);
export const accountKind = z.enum(ACCOUNT_KIND_NAMES).meta({ description: ACCOUNT_KIND_NAMES.map((kind) => `\`${kind}\`: ${ACCOUNT_KINDS[kind].says}`).join(' ') });
export const unitOut = z.string().meta({ description: 'A currency (ISO 4217) or a unit of your own' });
export const minorOut = z.int().meta({ description: 'In minor units (cents)' });
export const decimalOut = z.string().meta({ description: 'The same as a decimal number: `12.34`' });

export const accountOut = z.object({
  kind: accountKind,
  owner: z.enum(['program', 'member', 'tenant']),
  ownerId: z.string().nullable().meta({ description: 'The id of the program or member; null: it is yours' }),
  externalId: z.string().nullable().meta({ description: 'Your own id of the member' }),
  unit: unitOut,
  balanceMinor: minorOut,
  balance: decimalOut,
}).meta({ id: 'LedgerAccount', description: 'A balance is credits less debits; those of one unit always sum to 0' });

export function accountBody({ kind, ownerId, externalId, unit, balanceMinor }: AccountView) {
  return { kind, owner: ACCOUNT_KINDS[kind].owner, ownerId: ownerId === '' ? null : ownerId, externalId, unit, balanceMinor, balance: decimalText(balanceMinor, unit) };
}

const side = z.object({ kind: accountKind, ownerId: z.string().nullable() });

export const transferOut = z.object({
  sequence: z.int().meta({ description: 'Its place in your books: 1, 2, 3 … without gaps' }),
  id: z.string().meta({ description: 'Of the fact it books' }),
  what: z.string().meta({ description: 'What it means, for people' }),
  debit: side.meta({ description: 'Where it comes from' }),
  credit: side.meta({ description: 'Where it goes' }),
  unit: unitOut,
  amountMinor: minorOut,
  amount: decimalOut,
  rewardId: idOut('rew').nullable(),
  payoutId: idOut('pyt').nullable(),
  move: z.string().meta({ description: 'The change of the reward or payout that it books' }),
  bookedAt: instantOut,
}).meta({ id: 'LedgerTransfer' });

export function transferBody({ debitKind, debitOwnerId, creditKind, creditOwnerId, bookedAt, ...transfer }: TransferView) {
  return {
    ...transfer,
    what: sayTransfer(debitKind, creditKind),
    debit: { kind: debitKind, ownerId: debitOwnerId === '' ? null : debitOwnerId },
    credit: { kind: creditKind, ownerId: creditOwnerId === '' ? null : creditOwnerId },
    amount: decimalText(transfer.amountMinor, transfer.unit),
    bookedAt: iso(bookedAt),
  };
}
