import { bookTransfers, type Booking } from '../../db/write/ledger/book-transfers.ts';
import { asId, makeId, type MemberId, type ProgramId, type TenantId } from '../../src/domain/ids.ts';
import type { Account, AccountKind } from '../../src/domain/ledger/accounts.ts';
import { transfer, type Transfer } from '../../src/domain/ledger/transfer.ts';
import { NOON } from './api.ts';
import type { TestDatabase } from './database.ts';

/** Accounts need no program or member behind them: ids are enough. */
export const PROGRAM: ProgramId = makeId('prg', NOON, new Uint8Array(10).fill(1));
export const ANA: MemberId = asId('mbr', 'mbr_01kx7m3p9q2r4s5t6v7w8x9y0z');
export const BEN: MemberId = asId('mbr', 'mbr_01kx7m3p9q2r4s5t6v7w8x9y1z');
export const BUDGET: Account = { kind: 'program_budget', ownerId: PROGRAM };
export const held = (memberId: MemberId = ANA): Account => ({ kind: 'member_held', ownerId: memberId });
export const owed = (memberId: MemberId = ANA): Account => ({ kind: 'member_owed', ownerId: memberId });

let made = 0;
/** A booking of a fresh id. */
export function booking(what: Transfer, id = `test:${String((made += 1))}`): Booking {
  return { id, transfer: what, move: 'grant' };
}

/** So much earned by a member. */
export function earned(amountMinor: number, memberId: MemberId = ANA, unit = 'EUR'): Booking {
  return booking(transfer(BUDGET, held(memberId), unit, amountMinor));
}

export async function book(database: TestDatabase, tenantId: TenantId, bookings: readonly Booking[], now = NOON): Promise<void> {
  await database.app.asTenant(tenantId, (tx) => bookTransfers(tx, { tenantId, bookings, now }));
}

export type StoredBalance = { kind: AccountKind; ownerId: string; unit: string; balanceMinor: number };

export async function balancesOf(database: TestDatabase, tenantId: TenantId): Promise<StoredBalance[]> {
  return database.superuser<StoredBalance[]>`
    select kind, owner_id as "ownerId", unit, balance_minor as "balanceMinor" from accounts where tenant_id = ${tenantId} order by kind, owner_id, unit`;
}

/** Places and ids, in their order. */
export async function bookedIn(database: TestDatabase, tenantId: TenantId): Promise<{ sequence: number; id: string }[]> {
  return database.superuser<{ sequence: number; id: string }[]>`select sequence, id from transfers where tenant_id = ${tenantId} order by sequence`;
}
