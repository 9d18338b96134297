import { randomBytes } from 'node:crypto';
import { createShareLink } from '../../db/write/create-link.ts';
import { recordTouches, REPEAT_WINDOW_MS } from '../../db/write/record-touch.ts';
import type { NewTouch, RecordedTouch } from '../../db/write/record-touch.ts';
import { findLinks } from '../../db/read/link-target.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import { newId } from '../../src/config/new-id.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { shareCode, visitorCode } from '../../src/domain/link/code.ts';
import { makeTestTenant } from '../support/api.ts';
import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';

/** Touches that are committed together, of one statement. */
const NOW = Date.parse('2026-06-10T12:00:00Z');
const keyring = openKeyring(randomBytes(32));
let database: TestDatabase;
let tenantId: TenantId;
let otherId: TenantId;

beforeAll(async () => {
  database = await openTestDatabase();
  ({ tenantId } = await makeTestTenant(database, NOW));
  ({ tenantId: otherId } = await makeTestTenant(database, NOW, { name: 'Other' }));
});
afterAll(() => database.drop());

async function makeLink(owner: TenantId = tenantId): Promise<string> {
  const code = shareCode(keyring, randomBytes(16));
  await database.app.asTenant(owner, (tx) =>
    createShareLink(tx, { code, tenantId: owner, memberId: null, resource: null, destination: 'https://app.kite.example/', utm: { source: 'x' }, now: NOW }));
  return code;
}

type Made = Omit<NewTouch, 'mark'>;
const touch = (code: string, more: Partial<Made> = {}): Made => ({
  tenantId, id: newId('tch', NOW), code, notAPerson: null, visitor: { kind: 'fresh', id: visitorCode(keyring, randomBytes(16)) },
  ipHash: randomBytes(16), agentClass: 'ios-safari', now: NOW, ...more,
});

/** With the marks of their links as they are now. */
async function group(made: readonly Made[]): Promise<string[]> {
  const links = await findLinks(database.app.sql, made.map(({ code }) => code));
  const recorded = await recordTouches(database.app.sql, made.map((each) => ({ ...each, mark: links.get(each.code)?.mark ?? '0' })));
  return recorded.map(wordOf);
}
const wordOf = (recorded: RecordedTouch): string => (recorded.kind === 'changed' ? 'changed' : recorded.whyNot ?? 'counted');

test('touches of several tenants are written each to its own', async () => {
  const [mine, theirs] = [await makeLink(), await makeLink(otherId)];
  const made = [touch(mine), touch(theirs, { tenantId: otherId }), touch(mine)];
  expect(await group(made)).toEqual(['counted', 'counted', 'counted']);
  const seenBy = async (reader: TenantId) => (await database.app.asTenant(reader, ({ sql }) =>
    sql<{ id: string }[]>`select id from touches where code in ${sql([mine, theirs])}`)).map(({ id }) => id).toSorted();
  expect([await seenBy(tenantId), await seenBy(otherId)]).toEqual([[made[0]?.id, made[2]?.id].toSorted(), [made[1]?.id]]);
});

test('a link that is none, that changed or that is another tenant\'s: nothing is written of it, what it is now is told, and the others are written', async () => {
  const [code, none] = [await makeLink(), shareCode(keyring, randomBytes(16))];
  const link = (await findLinks(database.app.sql, [code])).get(code);
  const made = (more: Partial<NewTouch>): NewTouch => ({ ...touch(code), mark: link?.mark ?? '', ...more });
  expect(await recordTouches(database.app.sql, [made({ code: none }), made({ mark: '1' }), made({ tenantId: otherId }), made({})]))
    .toEqual([{ kind: 'changed', link: null }, { kind: 'changed', link }, { kind: 'changed', link }, { kind: 'recorded', whyNot: null }]);
  expect(await database.superuser`select tenant_id from touches where code in ${database.superuser([code, none])}`).toEqual([{ tenant_id: tenantId }]);
});

test.each([
  ["update tenants set link_hosts = '{a.example}'"], ["update tenants set allowed_destinations = '{b.example}'"], ["update tenants set public_url = 'https://c.example'"],
  ["update links set utm = '{}'"], ["update links set destination = 'https://d.example'"], ["update links set revoked_at = '2026-06-10'"],
])('a link\'s mark does not outlive %s', async (change) => {
  const code = await makeLink();
  const marks: unknown[] = [];
  const changed = database.superuser.begin(async (sql) => {
    const look = async () => { marks.push((await sql`select mark::text from resolve_links(array[${code}], '{}')`)[0]?.['mark']); };
    await look();
    await look();
    await sql.unsafe(change);
    await look();
    throw new Error('undo');
  });
  await expect(changed).rejects.toThrow('undo');
  expect([marks[0] === marks[1], marks[1] === marks[2]]).toEqual([true, false]);
});

test('the first of one visitor counts and the rest are repeats, on each link by itself; what no person fetched stands apart', async () => {
  const [one, two, ipHash] = [await makeLink(), await makeLink(), randomBytes(16)];
  const cookie: Partial<Made> = { visitor: { kind: 'known', id: visitorCode(keyring, randomBytes(16)) } };
  expect(await group([
    touch(one, { ipHash, notAPerson: 'bot' }), touch(one, { ipHash }), touch(two, { ipHash }), touch(one, { ipHash }),
    touch(one, { ipHash, agentClass: 'linux-firefox' }), touch(one, cookie), touch(one, cookie), touch(one, { ipHash: null }), touch(one, { ipHash: null }),
  ])).toEqual(['bot', 'counted', 'counted', 'repeat', 'counted', 'counted', 'repeat', 'counted', 'counted']);
  expect(await group([touch(one, { ipHash }), touch(one, { ...cookie, now: NOW + 1 })])).toEqual(['repeat', 'repeat']);
});

test('a repeat of a click an hour ago does not hide the one that comes when the hour is over', async () => {
  const [code, ipHash] = [await makeLink(), randomBytes(16)];
  expect(await group([touch(code, { ipHash })])).toEqual(['counted']);
  const later = [REPEAT_WINDOW_MS - 1, REPEAT_WINDOW_MS, REPEAT_WINDOW_MS + 1].map((ms) => touch(code, { ipHash, now: NOW + ms }));
  expect(await group(later)).toEqual(['repeat', 'counted', 'repeat']);
});

test('groups with the same visitors in opposite orders count each once, and none is left waiting', async () => {
  const code = await makeLink();
  const visitors = Array.from({ length: 30 }, () => randomBytes(16));
  const groups = await Promise.all(Array.from({ length: 8 }, (_, i) => group((i % 2 === 0 ? visitors : visitors.toReversed()).map((ipHash) => touch(code, { ipHash })))));
  expect(groups.flat().filter((word) => word === 'counted')).toHaveLength(30);
});
