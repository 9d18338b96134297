import { parse } from 'csv-parse/sync';
import { sealBlock } from '../../db/write/ledger/seal-block.ts';
import { asId, makeId, type MemberId } from '../../src/domain/ids.ts';
import type { Account } from '../../src/domain/ledger/accounts.ts';
import { transfer } from '../../src/domain/ledger/transfer.ts';
import { listIn, NOON, openTestApi, readPages, textIn, type TestApi, type TestTenant } from '../support/api.ts';
import { book, booking, BUDGET, earned, held, owed, PROGRAM } from '../support/books.ts';

const DAY_MS = 86_400_000;
let api: TestApi;
let tenant: TestTenant;
let ana: MemberId;
beforeAll(async () => { api = await openTestApi(); });
beforeEach(async () => {
  api.clock.set(NOON);
  tenant = await api.makeTenant();
  const made = await api.send(tenant, 'PUT', '/v1/members/ana', {});
  if (made.status !== 201) throw new Error(made.text);
  ana = asId('mbr', textIn(made.body, 'id'));
});
afterAll(() => api.close());

const clawback = (): Account => ({ kind: 'member_clawback', ownerId: ana });
const TRANSIT: Account = { kind: 'in_transit', ownerId: '' };
/** Earned a month ago, released and paid ten days ago, then taken back in part; earned again today. */
async function arrange(): Promise<void> {
  await book(api.database, tenant.tenantId, [booking(transfer(BUDGET, held(ana), 'EUR', 1_500), 'a:grant:0'), booking(transfer(BUDGET, held(ana), 'points', 40), 'p:grant:0')], NOON - 40 * DAY_MS);
  await book(api.database, tenant.tenantId, [booking(transfer(held(ana), owed(ana), 'EUR', 1_500), 'a:release:0'), booking(transfer(owed(ana), TRANSIT, 'EUR', 1_500), 'y:approved:0')], NOON - 10 * DAY_MS);
  await book(api.database, tenant.tenantId, [booking(transfer(clawback(), BUDGET, 'EUR', 500), 'a:reduce:0'), booking(transfer(BUDGET, held(ana), 'JPY', 300), 'j:grant:0')], NOON);
}

test('accounts are listed with their balances, by owner, kind and unit', async () => {
  await arrange();
  const all = (await readPages(api, tenant, '/v1/ledger/accounts', 3)).flat();
  expect(all.map(({ kind, owner, ownerId, externalId, unit, balanceMinor, balance }) => [kind, owner, ownerId, externalId, unit, balanceMinor, balance])).toEqual([
    ['member_held', 'member', ana, 'ana', 'EUR', 0, '0.00'],
    ['member_held', 'member', ana, 'ana', 'points', 40, '40'],
    ['program_budget', 'program', PROGRAM, null, 'EUR', -1_000, '-10.00'],
    ['program_budget', 'program', PROGRAM, null, 'points', -40, '-40'],
    ['in_transit', 'tenant', null, null, 'EUR', 1_500, '15.00'],
    ['member_owed', 'member', ana, 'ana', 'EUR', 0, '0.00'],
    ['member_clawback', 'member', ana, 'ana', 'EUR', -500, '-5.00'],
    ['member_held', 'member', ana, 'ana', 'JPY', 300, '300'],
    ['program_budget', 'program', PROGRAM, null, 'JPY', -300, '-300'],
  ]);
  const count = async (query: string): Promise<number> => listIn((await api.send(tenant, 'GET', `/v1/ledger/accounts?limit=100&${query}`)).body, 'data').length;
  expect([await count('member=ana'), await count('member=nobody'), await count(`program=${PROGRAM}`), await count('kind=in_transit'), await count('unit=EUR'), await count(`member=ana&program=${PROGRAM}`)]).toEqual([5, 0, 3, 1, 5, 0]);
});

test('transfers are listed in the order booked, page by page, each with what it means', async () => {
  await arrange();
  const all = (await readPages(api, tenant, '/v1/ledger/transfers', 2)).flat();
  expect(all.map(({ sequence, id, amount, what }) => [sequence, id, amount, what])).toEqual([
    [1, 'a:grant:0', '15.00', 'Earned; held until the end of its hold'],
    [2, 'p:grant:0', '40', 'Earned; held until the end of its hold'],
    [3, 'a:release:0', '15.00', 'Released: it can be used or paid out'],
    [4, 'y:approved:0', '15.00', 'Sent out as a payout'],
    [5, 'a:reduce:0', '5.00', 'Taken back after it was used or paid: to be given back'],
    [6, 'j:grant:0', '300', 'Earned; held until the end of its hold'],
  ]);
  const sequences = async (query: string): Promise<unknown[]> => listIn((await api.send(tenant, 'GET', `/v1/ledger/transfers?${query}`)).body, 'data').map(({ sequence }) => sequence);
  expect(await sequences('member=ana')).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await sequences('member=nobody')).toEqual([]);
  expect(await sequences('after=4')).toEqual([5, 6]);
  expect(await sequences(`reward=${makeId('rew', NOON, new Uint8Array(10))}`)).toEqual([]);
  expect(await sequences(`payout=${makeId('pyt', NOON, new Uint8Array(10))}`)).toEqual([]);
  expect((await api.send(tenant, 'GET', '/v1/ledger/transfers?cursor=nonsense')).body).toMatchObject({ code: 'invalid_cursor' });
});

describe('a member\'s statement', () => {
  test('opens, tells each booking in plain words, and closes, by unit', async () => {
    await arrange();
    const { status, body } = await api.send(tenant, 'GET', '/v1/members/ana/statement');
    expect(status).toBe(200);
    expect(body).toMatchObject({ memberId: ana, externalId: 'ana', hasMore: false });
    const none = { held: 0, owed: 0, clawback: 0, unsettled: 0 };
    expect(listIn(body, 'units')).toEqual([
      { unit: 'EUR', opening: { ...none, held: 1_500 }, closing: { ...none, clawback: -500 } },
      { unit: 'JPY', opening: none, closing: { ...none, held: 300 } },
      { unit: 'points', opening: { ...none, held: 40 }, closing: { ...none, held: 40 } },
    ]);
    expect(listIn(body, 'data').map(({ what, unit, change }) => [what, unit, change])).toEqual([
      ['Released: it can be used or paid out', 'EUR', { ...none, held: -1_500, owed: 1_500 }],
      ['Sent out as a payout', 'EUR', { ...none, owed: -1_500 }],
      ['Taken back after it was used or paid: to be given back', 'EUR', { ...none, clawback: -500 }],
      ['Earned; held until the end of its hold', 'JPY', { ...none, held: 300 }],
    ]);
  });

  test('opening and lines add up to the closing in any span, and the closing is the next opening', async () => {
    await arrange();
    const standing = async (from: number, to: number) => {
      const { body } = await api.send(tenant, 'GET', `/v1/members/${ana}/statement?limit=100&from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`);
      return { units: listIn(body, 'units'), lines: listIn(body, 'data').length };
    };
    const [one, two, three] = [await standing(NOON - 50 * DAY_MS, NOON - 20 * DAY_MS), await standing(NOON - 20 * DAY_MS, NOON - 10 * DAY_MS), await standing(NOON - 10 * DAY_MS, NOON + 1)];
    expect([one.lines, two.lines, three.lines]).toEqual([2, 0, 4]);
    expect(two.units.map(({ opening }) => opening)).toEqual(one.units.map(({ closing }) => closing));
    expect(three.units.map(({ opening }) => opening)).toEqual(two.units.map(({ closing }) => closing));
  });

  test('as CSV it is the whole in one file that no spreadsheet computes', async () => {
    await arrange();
    const { status, headers, text } = await api.send(tenant, 'GET', '/v1/members/ana/statement?format=csv&limit=1');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toContain(`${ana}-statement.csv`);
    const rows: string[][] = parse(text, { bom: true });
    expect(rows.map((row) => row.slice(2, 8))).toEqual([
      ['what', 'unit', 'held', 'owed', 'clawback', 'unsettled'],
      ['Opening balance', 'EUR', '15.00', '0.00', '0.00', '0.00'],
      ['Opening balance', 'JPY', '0', '0', '0', '0'],
      ['Opening balance', 'points', '40', '0', '0', '0'],
      ['Released: it can be used or paid out', 'EUR', '-15.00', '15.00', '0.00', '0.00'],
      ['Sent out as a payout', 'EUR', '0.00', '-15.00', '0.00', '0.00'],
      ['Taken back after it was used or paid: to be given back', 'EUR', '0.00', '0.00', '-5.00', '0.00'],
      ['Earned; held until the end of its hold', 'JPY', '300', '0', '0', '0'],
      ['Closing balance', 'EUR', '0.00', '0.00', '-5.00', '0.00'],
      ['Closing balance', 'JPY', '300', '0', '0', '0'],
      ['Closing balance', 'points', '40', '0', '0', '0'],
    ]);
    for (const cell of rows.flat()) expect(cell).toMatch(/^(?![=+@\t\r])(?!-(?!\d+(\.\d+)?$))/);
  });

  test.each([
    ['from=2026-06-10T12:00:00Z&to=2026-06-01T12:00:00Z', 'invalid_request'],
    ['from=2020-01-01T00:00:00Z', 'invalid_request'],
    ['from=yesterday', 'invalid_request'],
    ['format=xlsx', 'invalid_request'],
    ['cursor=nonsense', 'invalid_cursor'],
  ])('%s is refused with %s', async (query, code) => {
    expect((await api.send(tenant, 'GET', `/v1/members/ana/statement?${query}`)).body).toMatchObject({ code });
  });

  test('of a member nobody knows, or of another tenant, is not found', async () => {
    expect((await api.send(tenant, 'GET', '/v1/members/nobody/statement')).status).toBe(404);
    expect((await api.send(await api.makeTenant(), 'GET', `/v1/members/${ana}/statement`)).status).toBe(404);
  });
});

test('the tenant\'s statement sums up by kind and unit, and every unit closes at 0', async () => {
  await arrange();
  const { body } = await api.send(tenant, 'GET', '/v1/ledger/statement');
  const accounts = listIn(body, 'accounts');
  expect(accounts.find(({ kind, unit }) => kind === 'program_budget' && unit === 'EUR')).toEqual({ kind: 'program_budget', unit: 'EUR', openingMinor: -1_500, debitsMinor: 0, creditsMinor: 500, closingMinor: -1_000, closing: '-10.00' });
  for (const unit of ['EUR', 'JPY', 'points']) {
    expect(accounts.filter((total) => total['unit'] === unit).reduce((sum, { closingMinor }) => sum + Number(closingMinor), 0)).toBe(0);
  }
});

test('the tenant\'s CSV is every transfer of the span, however many', async () => {
  await book(api.database, tenant.tenantId, Array.from({ length: 1_234 }, (_, n) => earned(n + 1, ana)), NOON);
  const { text } = await api.send(tenant, 'GET', '/v1/ledger/statement?format=csv');
  const rows: string[][] = parse(text, { bom: true });
  expect(rows).toHaveLength(1_235);
  expect(rows.at(-1)).toMatchObject({ 0: '1234', 3: 'program_budget', 4: PROGRAM, 5: 'member_held', 6: ana, 7: 'EUR', 8: '12.34' });
});

test('the verification shows the last seal and whether the books hold, and what is wrong where they do not', async () => {
  expect((await api.send(tenant, 'GET', '/v1/ledger/verification')).body).toEqual({ transfers: 0, sealed: 0, lastBlock: null, outcome: 'sound', fault: null });
  await arrange();
  await api.database.app.asTenant(tenant.tenantId, (tx) => sealBlock(tx, { tenantId: tenant.tenantId, now: NOON }));
  await book(api.database, tenant.tenantId, [earned(1, ana)]);
  const sound = await api.send(tenant, 'GET', '/v1/ledger/verification');
  expect(sound.body).toEqual({
    transfers: 7, sealed: 6, outcome: 'sound', fault: null,
    lastBlock: { number: 1, firstSequence: 1, lastSequence: 6, hash: expect.stringMatching(/^[0-9a-f]{64}$/), sealedAt: '2026-06-10T12:00:00.000Z' },
  });
  await api.database.superuser.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    await sql`update transfers set amount_minor = 1 where tenant_id = ${tenant.tenantId} and sequence = 3`;
  });
  const broken = await api.send(tenant, 'GET', '/v1/ledger/verification');
  expect(broken.body).toMatchObject({ outcome: 'broken', fault: expect.stringContaining('Block 1 (transfers 1 to 6)') });
});
