import { publishLaw } from '../../db/write/publish-law.ts';
import { replanStale } from '../../db/write/replan-stale.ts';
import { listIn, openTestApi, textIn, type TestApi, type TestTenant } from '../support/api.ts';

let api: TestApi;
let tenant: TestTenant;
let programId: string;
beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
  const program = await api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'Kites', terms: { sendRules: {}, coolingHours: 0, reminders: [] } });
  programId = textIn(program.body, 'id');
});
afterAll(async () => { await api.close(); });

/** 20:30 on a Wednesday in New York and Miami. */
const EVENING = '2026-06-11T00:30:00Z';
const at = (zone: string, place: Record<string, string>) => ({ email: `${Object.values(place).join('')}@example.com`.toLowerCase(), zone, ...place, consent: { basis: 'opt_in' } });

async function invite(...invitees: Record<string, unknown>[]): Promise<Record<string, unknown>[]> {
  api.clock.set(EVENING);
  return listIn((await api.send(tenant, 'POST', '/v1/invites', { programId, invitees })).body, 'invites');
}

async function entriesOf(id: string): Promise<string> {
  return (await api.send(tenant, 'GET', `/v1/invites/${id}/explain`)).text;
}

test('calling hours leave e-mail free, unless the tenant keeps them for every channel', async () => {
  const [free] = await invite(at('America/New_York', { region: 'US-FL' }));
  expect(free).toMatchObject({ outcome: 'accepted', sendAt: '2026-06-11T00:30:00.000Z' });
  await api.send(tenant, 'PATCH', '/v1/tenant', { limits: { lawScope: 'every_channel' } });
  const [florida, virginia, somewhere] = await invite(at('America/New_York', { region: 'US-FL' }), at('America/New_York', { region: 'US-VA' }), at('America/New_York', { country: 'US' }));
  expect(florida).toMatchObject({ outcome: 'accepted', sendAt: '2026-06-11T12:00:00.000Z' });
  expect(virginia).toMatchObject({ outcome: 'accepted', sendAt: '2026-06-11T00:30:00.000Z' });
  expect(new Date(String(somewhere?.['sendAt'])) > new Date('2026-06-11T12:00:00Z')).toBe(true);
});

test('the plan and its story name the law that put a message off', async () => {
  const [florida] = await invite(at('America/New_York', { region: 'US-FL', name: 'flo' }));
  expect(florida?.['why']).toContain('501.616');
  const story = await entriesOf(textIn(florida ?? {}, 'id'));
  expect(story).toContain('501.616');
  expect(story).toContain('us-fl-hours');
});

test('a rule for minors binds a member who is one, by e-mail too', async () => {
  await api.send(tenant, 'PATCH', '/v1/tenant', { limits: { lawScope: null } });
  await api.send(tenant, 'PUT', '/v1/members/kid', { contact: { email: 'kid@example.com' }, zone: 'America/Los_Angeles', place: 'US-CA', isMinor: true });
  const program = await api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'Members too', terms: { sendRules: {}, existingMembers: 'invite' } });
  api.clock.set('2026-06-10T08:00:00Z');
  const { body } = await api.send(tenant, 'POST', '/v1/invites', { programId: program.body['id'], invitees: [{ email: 'kid@example.com', consent: { basis: 'opt_in' } }] });
  expect(listIn(body, 'invites')[0]).toMatchObject({ outcome: 'accepted', sendAt: '2026-06-10T13:00:00.000Z' });
});

test.each(['US-ZZ', 'ZZ', 'UK', 'F'])('a place nobody knows (%s) is no member\'s: no law would bind there', async (place) => {
  expect(await api.send(tenant, 'PUT', '/v1/members/lost', { place })).toMatchObject({ status: 400, body: { errors: [{ path: '/place' }] } });
});

test('a new edition binds what waits, without new code, and the story says so', async () => {
  await api.send(tenant, 'PATCH', '/v1/tenant', { sendRules: { notBefore: '2026-06-12T10:00:00Z' } });
  const [waiting] = await invite({ ...at('Europe/Paris', { country: 'FR' }), email: 'paris@example.com' });
  expect(waiting).toMatchObject({ sendAt: '2026-06-12T10:00:00.000Z' });
  const published = await publishLaw({ owner: api.database.owner, app: api.database.app }, {
    edition: '2026-06-11-test', rules: [{
      id: 'fr-lunch', title: 'Nobody writes at lunch', places: ['FR'], channels: ['email'], audience: 'everyone', quiet: [{ start: '12:00', end: '14:00' }],
      source: { title: 'A made-up law, art. 1', url: 'https://law.example/1' }, inForceSince: '2026-06-11', checkedOn: '2026-06-11',
    }],
  }, { now: api.clock.now(), by: 'test' });
  expect(published).toEqual({ outcome: 'published', version: 2, markedTenants: 1 });
  await api.database.app.asTenant(tenant.tenantId, (tx) => replanStale(tx, { tenantId: tenant.tenantId, lane: 'email-0' }, api.clock.now()));
  const id = textIn(waiting ?? {}, 'id');
  expect((await api.send(tenant, 'GET', `/v1/invites/${id}`)).body).toMatchObject({ nextAt: '2026-06-12T12:00:00.000Z' });
  const story = await entriesOf(id);
  expect(story).toContain('A new edition of the law is in force');
  expect(story).toContain('A made-up law, art. 1');
});
