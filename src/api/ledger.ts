import { z } from 'zod';
import { findMember, listAccounts, listTransfers } from '../../db/read/ledger.ts';
import type { TenantId } from '../domain/ids.ts';
import type { Tx } from '../../db/client.ts';
import { idIn } from './fields.ts';
import { accountBody, accountKind, accountOut, transferBody, transferOut } from './ledger-body.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const tag = 'Ledger';
const [ACCOUNTS, TRANSFERS] = ['ledger-accounts', 'ledger-transfers'];
const member = z.string().min(1).max(200).optional().meta({ description: 'Only those of this member, by your own id of it; one nobody knows has none' });
const isPlace = ([place = '', ...more]: readonly string[]): boolean => /^\d{1,15}$/.test(place) && more.length === 0;

const accounts = route({
  method: 'get',
  path: '/v1/ledger/accounts',
  tag,
  summary: 'List the accounts and their balances',
  description: 'By owner and unit, in the order in which they were made. A balance is credits less debits: what a program has given stands below 0, what members are owed above.',
  params: none,
  query: z.strictObject({
    ...pageQuery, member,
    program: idIn('prg').optional(),
    kind: accountKind.optional(),
    unit: z.string().max(30).optional().meta({ description: 'Only of this currency or unit' }),
  }),
  body: none,
  keyed: false,
  answers: { 200: pageOf(accountOut) },
  problems: ['invalid_cursor'],
  async handle({ tx, tenantId, query: { limit, cursor, member: externalId, program, kind, unit } }) {
    const after = readCursor(ACCOUNTS, cursor, isPlace);
    if (after === null) return problem('invalid_cursor');
    const owner = await ownerOf(tx, tenantId, externalId);
    if (owner === null || (owner !== undefined && program !== undefined)) return { status: 200, body: EMPTY };
    const rows = await listAccounts(tx, tenantId, { after: Number(after?.[0] ?? 0), limit: limit + 1 }, { ownerId: owner ?? program, kind, unit });
    return { status: 200, body: makePage(ACCOUNTS, rows, limit, { item: accountBody, after: ({ id }) => [String(id)] }) };
  },
});

const transfers = route({
  method: 'get',
  path: '/v1/ledger/transfers',
  tag,
  summary: 'List what was booked, in its order',
  description: 'Transfers are never changed or removed: what was wrong is set right by another. Keep the last `nextCursor` or sequence to read on where you stopped.',
  params: none,
  query: z.strictObject({
    ...pageQuery, member,
    reward: idIn('rew').optional(),
    payout: idIn('pyt').optional(),
    after: z.string().regex(/^\d{1,15}$/, 'Give a sequence: a whole number').transform(Number).optional().meta({ type: 'integer', pattern: undefined, description: 'Only those after this sequence' }),
  }),
  body: none,
  keyed: false,
  answers: { 200: pageOf(transferOut) },
  problems: ['invalid_cursor'],
  async handle({ tx, tenantId, query: { limit, cursor, member: externalId, reward, payout, after: first = 0 } }) {
    const after = readCursor(TRANSFERS, cursor, isPlace);
    if (after === null) return problem('invalid_cursor');
    const owner = await ownerOf(tx, tenantId, externalId);
    if (owner === null) return { status: 200, body: EMPTY };
    const rows = await listTransfers(tx, tenantId, { after: Math.max(first, Number(after?.[0] ?? 0)), limit: limit + 1 }, { ownerId: owner, rewardId: reward, payoutId: payout });
    return { status: 200, body: makePage(TRANSFERS, rows, limit, { item: transferBody, after: ({ sequence }) => [String(sequence)] }) };
  },
});

const EMPTY = { data: [], hasMore: false, nextCursor: null };

/** The id of a member that was named; undefined where none was, null where nobody knows it. */
async function ownerOf(tx: Tx, tenantId: TenantId, externalId: string | undefined): Promise<string | undefined | null> {
  if (externalId === undefined) return undefined;
  return (await findMember(tx, tenantId, { externalId }))?.id ?? null;
}

export const ledgerRoutes: readonly Route[] = [accounts, transfers];
