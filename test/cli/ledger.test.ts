import { z } from 'zod';
import { sealBlock } from '../../db/write/ledger/seal-block.ts';
import { makeTestTenant, NOON, type TestTenant } from '../support/api.ts';
import { book, earned } from '../support/books.ts';
import { errorIn, runCli, runJson } from '../support/cli.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let tenant: TestTenant;
let env: { DATABASE_URL: string; DATABASE_APP_URL: string; DATABASE_RELAY_URL: string };
beforeEach(async () => {
  database = await openTestDatabase();
  env = { DATABASE_URL: database.ownerUrl, DATABASE_APP_URL: database.ownerUrl, DATABASE_RELAY_URL: database.ownerUrl };
  tenant = await makeTestTenant(database, NOON);
  await book(database, tenant.tenantId, Array.from({ length: 12 }, (_, n) => earned(n + 1)));
  await database.app.asTenant(tenant.tenantId, (tx) => sealBlock(tx, { tenantId: tenant.tenantId, now: NOON }));
});
afterEach(() => database.drop());

const answer = z.object({
  broken: z.number(),
  ledgers: z.array(z.object({ tenantId: z.string(), outcome: z.string(), transfers: z.number(), sealed: z.number(), blocks: z.number(), hash: z.string().nullable(), sealedAt: z.string().nullable(), why: z.string().nullable(), fault: z.looseObject({ kind: z.string() }).nullable() })),
});

test('sound books are told with their last hash, for one tenant or all', async () => {
  const other = await makeTestTenant(database, NOON + 1);
  const all = await runCli(env, ['ledger', 'verify']);
  expect({ code: all.code, out: all.out }).toEqual({ code: 0, out: expect.stringContaining(`${tenant.tenantId}: sound. 12 transfers, 2 accounts.\n  12 transfers sealed in 1 block; the last is `) });
  expect(all.out).not.toContain(other.tenantId);
  const one = await runJson(env, ['ledger', 'verify', tenant.tenantId], answer);
  expect(one).toMatchObject({ broken: 0, ledgers: [{ tenantId: tenant.tenantId, outcome: 'sound', transfers: 12, sealed: 12, blocks: 1, sealedAt: '2026-06-10T12:00:00.000Z', why: null, fault: null }] });
  expect((await runCli(env, ['ledger', 'verify', other.tenantId])).out).toContain('Nothing is booked.');
});

test('broken books end with exit code 1 and name the first broken place', async () => {
  await database.superuser.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    await sql`update transfers set amount_minor = 99 where tenant_id = ${tenant.tenantId} and sequence = 7`;
  });
  const told = await runCli(env, ['ledger', 'verify', tenant.tenantId]);
  expect(told.code).toBe(1);
  expect(told.out).toContain(`${tenant.tenantId}: BROKEN. Block 1 (transfers 1 to 12) does not seal what stands there now`);
  expect(await runJson(env, ['ledger', 'verify'], answer)).toMatchObject({ broken: 1, ledgers: [{ outcome: 'broken', fault: { kind: 'block', number: 1, firstSequence: 1, lastSequence: 12 } }] });
});

test('a tenant that is not there is said so', async () => {
  const gone = await runCli(env, ['ledger', 'verify', 'tnt_01kx7m3p9q2r4s5t6v7w8x9y0z', '--json']);
  expect([gone.code, errorIn(gone).message]).toEqual([1, 'There is no tenant tnt_01kx7m3p9q2r4s5t6v7w8x9y0z.']);
});
