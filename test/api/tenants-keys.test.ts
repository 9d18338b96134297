import { makeKey } from '../../db/write/make-key.ts';
import { makeTenant } from '../../db/write/make-tenant.ts';
import type { NewTenant } from '../../db/write/make-tenant.ts';
import { newId } from '../../src/config/new-id.ts';
import { NOON, openTestApi } from '../support/api.ts';
import type { TestApi } from '../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const good: NewTenant = {
  name: ' Kite Club ', fromAddress: 'hello@kite.example', fromName: 'Kite Club', replyTo: 'team@kite.example', postalAddress: 'Kite Club, 1 Beach Road', zone: 'Europe/Paris',
  publicUrl: 'https://Flywheel.example/some/path', linkHosts: ['Go.Kite.example'], allowedDestinations: ['app.kite.example', 'localhost:5173'],
  sendRules: { layers: [{ label: 'nights', quiet: [{ start: '22:00', end: '08:00' }] }] }, senderShards: 2,
};
const make = (more: Partial<NewTenant> = {}) => makeTenant(api.database.owner, { ...good, ...more }, NOON);

test('a tenant is made as the owner, its hosts and address in one form', async () => {
  const made = await make();
  if (made.outcome === 'refused') throw new Error(made.problems.join());
  const { secret } = await makeKey(api.database.owner, { tenantId: made.tenantId, name: 'server' }, NOON);
  expect((await api.send(secret, 'GET', '/v1/tenant')).body).toMatchObject({
    id: made.tenantId, name: 'Kite Club', publicUrl: 'https://flywheel.example', linkHosts: ['go.kite.example'], allowedDestinations: ['app.kite.example', 'localhost:5173'], sendRules: good.sendRules,
  });
});

test.each<[string, Partial<NewTenant>, string]>([
  ['no name', { name: ' ' }, 'name'],
  ['a sender that is no address', { fromAddress: 'Kite <hello@kite.example>' }, 'fromAddress'],
  ['a reply address that is none', { replyTo: 'team' }, 'replyTo'],
  ['no postal address', { postalAddress: 'x' }, 'postalAddress'],
  ['a zone nobody knows', { zone: 'CEST' }, 'zone'],
  ['a public URL that is none', { publicUrl: 'flywheel.example' }, 'publicUrl'],
  ['a public URL of another kind', { publicUrl: 'ftp://flywheel.example' }, 'publicUrl'],
  ['a destination that is a URL', { allowedDestinations: ['https://app.kite.example/'] }, 'linkHosts, allowedDestinations'],
  ['rules that cannot be used', { sendRules: { layers: [{ windows: [] }] } }, 'sendRules.layers'],
  ['no shards', { senderShards: 0 }, 'senderShards'],
])('a tenant with %s is refused, by name of the field', async (_what, more, field) => {
  const refused = await make(more);
  if (refused.outcome === 'made') throw new Error('it was made');
  expect(refused.problems).toHaveLength(1);
  expect(refused.problems[0]?.startsWith(field)).toBe(true);
});

test('a key is 256 random bits, each one anew', async () => {
  const made = await make();
  if (made.outcome === 'refused') throw new Error(made.problems.join());
  const keys = await Promise.all([1, 2, 3].map((n) => makeKey(api.database.owner, { tenantId: made.tenantId, name: `key ${n}` }, NOON)));
  for (const { secret } of keys) expect(secret).toMatch(/^sk_[A-Za-z0-9_-]{43}$/);
  expect(new Set(keys.map(({ secret }) => secret)).size).toBe(3);
});

test('a key of a tenant that does not exist is not made', async () => {
  await expect(makeKey(api.database.owner, { tenantId: newId('tnt', NOON), name: 'x' }, NOON)).rejects.toThrow('foreign key');
});

test('the app\'s role can make neither tenants nor keys', async () => {
  await expect(makeTenant(api.database.app.sql, good, NOON)).rejects.toThrow('permission denied');
  await expect(makeKey(api.database.app.sql, { tenantId: newId('tnt', NOON), name: 'x' }, NOON)).rejects.toThrow('permission denied');
});
