import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { makeId } from '../../src/domain/ids.ts';
import { arrangeInvites } from '../support/arrange-invites.ts';
import { makeTestTenant, NOON } from '../support/api.ts';
import { runCli, runJson } from '../support/cli.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let env: { DATABASE_URL: string };
let dir: string;
beforeAll(async () => {
  database = await openTestDatabase();
  env = { DATABASE_URL: database.ownerUrl };
  dir = mkdtempSync(join(tmpdir(), 'flywheel-cli-'));
});
afterAll(async () => {
  rmSync(dir, { recursive: true });
  await database.drop();
});

const FIELDS = {
  name: 'Lumen', fromAddress: 'hello@lumen.example', fromName: 'Lumen', replyTo: 'help@lumen.example', postalAddress: 'Lumen, 12 Harbour Street, 20457 Hamburg', zone: 'Europe/Berlin',
  publicUrl: 'https://go.lumen.example', linkHosts: ['l.lumen.example'], allowedDestinations: ['app.lumen.example', 'lumen.example'], sendRules: { policy: 'drop' }, senderShards: 3,
};
const AS_OPTIONS = [
  '--name', 'Lumen', '--from-address', 'hello@lumen.example', '--from-name', 'Lumen', '--reply-to', 'help@lumen.example', '--postal-address', FIELDS.postalAddress, '--zone', 'Europe/Berlin',
  '--public-url', 'https://go.lumen.example', '--link-host', 'l.lumen.example', '--allowed-destination', 'app.lumen.example', '--allowed-destination', 'lumen.example', '--send-rules', '{"policy":"drop"}', '--sender-shards', '3',
];
const NOBODY = makeId('tnt', NOON, new Uint8Array(10));

const made = z.object({ tenantId: z.string() });
const shown = z.looseObject({ id: z.string(), name: z.string(), zone: z.string(), state: z.string(), pausedAt: z.string().nullable(), linkHosts: z.array(z.string()), sendRules: z.unknown() });
const decisions = z.object({ decisions: z.array(z.object({ kind: z.string(), actor: z.string() })) });

const stored = async (tenantId: string) => {
  const [row] = await database.superuser`
    select name, from_address as "fromAddress", from_name as "fromName", reply_to as "replyTo", postal_address as "postalAddress", zone, public_url as "publicUrl",
           link_hosts as "linkHosts", allowed_destinations as "allowedDestinations", send_rules as "sendRules", sender_shards as "senderShards" from tenants where id = ${tenantId}`;
  return row;
};

test.each([
  ['options', () => AS_OPTIONS, ''],
  ['a file', () => ['--file', file(FIELDS)], ''],
  ['standard input', () => ['--file', '-'], JSON.stringify(FIELDS)],
  ['a file in which an option corrects', () => ['--file', file({ ...FIELDS, zone: 'Europe/Paris', linkHosts: [] }), '--zone', 'Europe/Berlin', '--link-host', 'l.lumen.example'], ''],
])('a tenant is made with every field from %s', async (_, words, stdin) => {
  const { tenantId } = await runJson(env, ['tenant', 'make', ...words()], made, stdin);
  expect(await stored(tenantId)).toEqual(FIELDS);
});

test.each([
  [[], '--name is missing\n--from-address is missing\n--from-name is missing\n--postal-address is missing\n--zone is missing\n--public-url is missing\n--allowed-destination is missing'],
  [[...AS_OPTIONS, '--zone', 'Mars/Base', '--from-address', 'hello'], '--from-address: is no usable e-mail address'],
  [[...AS_OPTIONS, '--zone', 'Mars/Base'], '--zone: is no IANA time zone'],
  [[...AS_OPTIONS, '--link-host', 'https://x'], '--link-host, --allowed-destination: give bare hosts'],
  [[...AS_OPTIONS, '--send-rules', '{"policy":"maybe"}'], '--send-rules.policy: "maybe"'],
  [[...AS_OPTIONS, '--send-rules', '{policy}'], '--send-rules is no JSON'],
  [[...AS_OPTIONS, '--send-rules', '[]'], '--send-rules must be a JSON object'],
  [[...AS_OPTIONS, '--sender-shards', '65'], '--sender-shards must be a whole number from 1 to 64'],
])('%#: wrong fields are named as the options they are, and no tenant is made', async (words, says) => {
  const before = await database.superuser`select from tenants`;
  const { code, err } = await runCli(env, ['tenant', 'make', ...words]);
  expect([code, (await database.superuser`select from tenants`).length]).toEqual([2, before.length]);
  expect(err).toContain(says);
});

test.each([
  ['{"name": 1, "color": "red"}', 'name: '],
  ['{"color": "red"}', 'there is no field color'],
  ['[1]', 'the file: '],
  ['oops', 'standard input is no JSON'],
])('a file that holds %s is refused with what is wrong in it', async (stdin, says) => {
  const { code, err } = await runCli(env, ['tenant', 'make', '--file', '-'], stdin);
  expect(code).toBe(2);
  expect(err).toContain(says);
});

test('a file that is not there is said', async () => {
  expect(await runCli(env, ['tenant', 'make', '--file', join(dir, 'nowhere.json')])).toMatchObject({ code: 1, err: expect.stringContaining('cannot be read') });
});

test('the list shows every tenant with its state and live keys, and show tells one', async () => {
  const tenant = await makeTestTenant(database, NOON, { name: 'Kite Club' });
  const { tenants } = await runJson(env, ['tenant', 'list'], z.object({ tenants: z.array(z.object({ id: z.string(), name: z.string(), state: z.string(), liveKeys: z.number() })) }));
  expect(tenants.find(({ id }) => id === tenant.tenantId)).toEqual({ id: tenant.tenantId, name: 'Kite Club', state: 'active', liveKeys: 1 });
  expect((await runCli(env, ['tenant', 'list'])).out).toContain(tenant.tenantId);
  expect(await runJson(env, ['tenant', 'show', tenant.tenantId], shown)).toMatchObject({ id: tenant.tenantId, name: 'Kite Club', state: 'active', zone: 'Europe/Paris' });
  expect((await runCli(env, ['tenant', 'show', tenant.tenantId])).out).toContain('Europe/Paris');
});

test.each([['show'], ['pause'], ['resume']])('tenant %s of a tenant that is not there says so', async (verb) => {
  expect(await runCli(env, ['tenant', verb, NOBODY])).toEqual({ code: 1, out: '', err: `There is no tenant ${NOBODY}.\n  → npx flywheel tenant list\n` });
});

test('pausing and resuming stands in the audit once each, under who asked, and resuming tells the lanes', async () => {
  const { tenantId } = await makeTestTenant(database, NOON);
  await arrangeInvites(database, tenantId, NOON);
  await runCli(env, ['tenant', 'pause', tenantId, '--actor', 'incident-42']);
  expect((await runCli(env, ['tenant', 'pause', tenantId])).out).toContain('was paused already');
  expect(await runJson(env, ['tenant', 'show', tenantId], shown)).toMatchObject({ state: 'paused', pausedAt: expect.any(String) });
  expect(await database.superuser`select from outbox where tenant_id = ${tenantId}`).toHaveLength(0);

  await runCli(env, ['tenant', 'resume', tenantId]);
  expect((await runCli(env, ['tenant', 'resume', tenantId])).out).toContain('was not paused');
  expect(await runJson(env, ['tenant', 'show', tenantId], shown)).toMatchObject({ state: 'active', pausedAt: null });
  expect(await database.superuser`select lane from outbox where tenant_id = ${tenantId}`).toEqual([{ lane: 'email-0' }]);
  expect(await runJson(env, ['audit', '--subject', tenantId], decisions)).toEqual({ decisions: [{ kind: 'tenant_resumed', actor: 'cli' }, { kind: 'tenant_paused', actor: 'cli:incident-42' }] });
});

test('a tier is set for the next request, stands in the audit once, and one that is none is refused with those there are', async () => {
  const { tenantId } = await makeTestTenant(database, NOON, { tier: 'scale' });
  expect((await runCli(env, ['tenant', 'tier', tenantId, 'growth', '--actor', 'sales'])).out).toBe(`${tenantId} is on the tier growth now; it was on scale.\n`);
  expect((await runCli(env, ['tenant', 'tier', tenantId, 'growth'])).out).toContain('was on the tier growth already');
  expect(await runJson(env, ['tenant', 'show', tenantId], z.looseObject({ tier: z.string() }))).toMatchObject({ tier: 'growth' });
  expect(await runJson(env, ['audit', '--subject', tenantId], decisions)).toEqual({ decisions: [{ kind: 'tenant_tier_changed', actor: 'cli:sales' }] });
  expect(await runCli(env, ['tenant', 'tier', tenantId, 'huge'])).toMatchObject({ code: 2, err: expect.stringContaining('<tier> must be one of free, growth, scale, unlimited') });
  expect(await runCli(env, ['tenant', 'tier', NOBODY, 'free'])).toMatchObject({ code: 1, err: expect.stringContaining('There is no tenant') });
});

test('what the owner does not need runs with the app\'s and the relay\'s login alone', async () => {
  const { tenantId } = await makeTestTenant(database, NOON);
  const least = { DATABASE_APP_URL: database.ownerUrl, DATABASE_RELAY_URL: database.ownerUrl };
  for (const words of [['tenant', 'show', tenantId], ['tenant', 'pause', tenantId], ['audit', '--subject', tenantId], ['held'], ['outbox'], ['lanes']]) {
    expect(await runCli(least, words)).toMatchObject({ code: 0, err: '' });
  }
  expect(await runCli(least, ['tenant', 'list'])).toMatchObject({ code: 2, err: expect.stringContaining('DATABASE_URL is not set') });
});

let files = 0;
function file(content: unknown): string {
  const path = join(dir, `tenant-${String(files += 1)}.json`);
  writeFileSync(path, JSON.stringify(content));
  return path;
}
