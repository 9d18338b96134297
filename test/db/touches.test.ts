import { randomBytes } from 'node:crypto';
import { createShareLink, insertInviteLinks } from '../../db/write/create-link.ts';
import { REPEAT_WINDOW_MS } from '../../db/write/record-touch.ts';
import type { NewTouch } from '../../db/write/record-touch.ts';
import { findLinks } from '../../db/read/link-target.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import { newId } from '../../src/config/new-id.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { inviteCode, shareCode, visitorCode } from '../../src/domain/link/code.ts';
import { makeTestTenant } from '../support/api.ts';
import { arrangeInvites } from '../support/arrange-invites.ts';
import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { recordOneTouch } from '../support/record-one-touch.ts';

const NOW = Date.parse('2026-06-10T12:00:00Z');
const keyring = openKeyring(randomBytes(32));
type Touch = Omit<NewTouch, 'mark'>;
let database: TestDatabase;
let tenantId: TenantId;

beforeAll(async () => {
  database = await openTestDatabase();
  ({ tenantId } = await makeTestTenant(database, NOW));
});
afterAll(() => database.drop());

async function makeLink(): Promise<string> {
  const code = shareCode(keyring, randomBytes(16));
  await database.app.asTenant(tenantId, (tx) =>
    createShareLink(tx, { code, tenantId, memberId: null, resource: null, destination: 'https://app.kite.example/', utm: { source: 'x' }, now: NOW }));
  return code;
}

const visitor = (kind: 'known' | 'fresh'): NewTouch['visitor'] => ({ kind, id: visitorCode(keyring, randomBytes(16)) });
const touch = (code: string, more: Partial<Touch> = {}): Touch =>
  ({ tenantId, id: newId('tch', NOW), code, notAPerson: null, visitor: visitor('fresh'), ipHash: randomBytes(16), agentClass: 'ios-safari', now: NOW, ...more });
const record = (made: Touch) => recordOneTouch(database, made);
const outcomeOf = async (made: Touch): Promise<string> => (await record(made)).whyNot ?? 'counted';
const all = async (touches: Touch[]): Promise<string[]> => (await Promise.all(touches.map(outcomeOf))).toSorted();

test('fifty openings of one visitor at one instant count once, by cookie and by network alike', async () => {
  const [ipHash, known] = [randomBytes(16), visitor('known')];
  const codes = [await makeLink(), await makeLink()] as const;
  const once = ['counted', ...Array.from({ length: 49 }, () => 'repeat')];
  expect(await all(Array.from({ length: 50 }, () => touch(codes[0], { ipHash })))).toEqual(once);
  expect(await all(Array.from({ length: 50 }, () => touch(codes[1], { visitor: known })))).toEqual(once);
});

test('fifty visitors at one instant all count', async () => {
  const code = await makeLink();
  expect(await all(Array.from({ length: 50 }, () => touch(code)))).toEqual(Array.from({ length: 50 }, () => 'counted'));
});

test('what a program fetched makes no person a repeat', async () => {
  const [code, ipHash] = [await makeLink(), randomBytes(16)];
  for (const notAPerson of ['head', 'prefetch', 'preview', 'bot'] as const) expect(await record(touch(code, { ipHash, notAPerson }))).toEqual({ whyNot: notAPerson });
  expect(await record(touch(code, { ipHash }))).toEqual({ whyNot: null });
});

test('a repeat is counted from the click that counted, not from the last repeat', async () => {
  const [code, ipHash] = [await makeLink(), randomBytes(16)];
  const at = [0, REPEAT_WINDOW_MS / 2, REPEAT_WINDOW_MS - 1, REPEAT_WINDOW_MS].map((ms) => touch(code, { ipHash, now: NOW + ms }));
  const recorded: string[] = [];
  for (const made of at) recorded.push(await outcomeOf(made));
  expect(recorded).toEqual(['counted', 'repeat', 'repeat', 'counted']);
});

test('a visitor without a known address is counted, not thrown together with others', async () => {
  const code = await makeLink();
  expect(await all([touch(code, { ipHash: null }), touch(code, { ipHash: null })])).toEqual(['counted', 'counted']);
});

test('a visitor id is stored where the browser has it or gets it, and nowhere else', async () => {
  const [code, ipHash] = [await makeLink(), randomBytes(16)];
  const [counted, repeated, bot, known] = [touch(code, { ipHash }), touch(code, { ipHash }), touch(code, { notAPerson: 'bot' }), touch(code, { notAPerson: 'prefetch', visitor: visitor('known') })];
  for (const made of [counted, repeated, bot, known]) await record(made);
  const rows = await database.superuser<{ id: string; visitorId: string | null }[]>`select id, visitor_id as "visitorId" from touches where code = ${code}`;
  const stored = new Map<string, string | null>(rows.map((row) => [row.id, row.visitorId]));
  expect([counted, repeated, bot, known].map(({ id }) => stored.get(id))).toEqual([counted.visitor.id, null, null, known.visitor.id]);
});

test('a touch names a link that exists', async () => {
  await expect(record(touch(shareCode(keyring, randomBytes(16))))).rejects.toThrow('no such link');
});

test('a tenant reads its own touches only', async () => {
  const code = await makeLink();
  await record(touch(code));
  const stranger = await makeTestTenant(database, NOW, { name: 'Stranger' });
  const seenBy = (reader: TenantId) => database.app.asTenant(reader, ({ sql }) => sql`select id from touches where code = ${code}`);
  expect([(await seenBy(tenantId)).length, (await seenBy(stranger.tenantId)).length]).toEqual([1, 0]);
});

test('a code tells the app its target before it knows the tenant, and no other row', async () => {
  const code = await makeLink();
  const found = await findLinks(database.app.sql, [code, shareCode(keyring, randomBytes(16)), code]);
  expect([...found.keys()]).toEqual([code]);
  expect(JSON.parse(found.get(code)?.target ?? '')).toEqual({
    tenantId, runId: null, destination: 'https://app.kite.example/', utm: { source: 'x' }, isRevoked: false, publicUrl: 'https://flywheel.example', linkHosts: [], allowedDestinations: ['app.kite.example'],
  });
  expect(await database.app.sql`select code from links`).toEqual([]);
});

test('the links of a group of invites are written once, however often the group is claimed', async () => {
  const { batchId } = await arrangeInvites(database, tenantId, NOW, 100);
  const rows = Array.from({ length: 100 }, (_, n) => ({ code: inviteCode(keyring, { batchId, n }), batchId, n, memberId: null, leadsTo: { destination: 'https://app.kite.example/?a=1', utm: { source: 'invite', term: `"{${String(n)}}'\\` } } }));
  const insert = () => database.app.asTenant(tenantId, (tx) => insertInviteLinks(tx, rows, tenantId, NOW));
  await Promise.all([insert(), insert()]);
  await insert();
  await database.app.asTenant(tenantId, (tx) => insertInviteLinks(tx, [], tenantId, NOW));
  const stored = await database.superuser`select code, n, kind, utm, destination from links where batch_id = ${batchId} order by n`;
  expect(stored).toEqual(rows.map(({ code, n, leadsTo }) => ({ code, n, ...leadsTo, kind: 'invite' })));
});
