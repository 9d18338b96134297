import { openTestApi, type TestApi, type TestTenant } from '../support/api.ts';

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
});
afterAll(async () => { await api.close(); });

const patch = (limits: unknown) => api.send(tenant, 'PATCH', '/v1/tenant', { limits });

test('limits are set one by one, kept when left out, and taken away by null', async () => {
  expect((await api.send(tenant, 'GET', '/v1/tenant')).body).toMatchObject({ limits: {}, rulesVersion: 1 });
  const set = await patch({ messagesPerRecipientPerDay: 2, cap: { invites: 20, per: 'hour', excess: 'defer' } });
  expect(set.body).toMatchObject({ limits: { messagesPerRecipientPerDay: 2, cap: { invites: 20, per: 'hour', excess: 'defer' } }, rulesVersion: 2 });
  const more = await patch({ stopAfterUnanswered: 3, lawScope: 'every_channel', cap: null });
  expect(more.body['limits']).toEqual({ messagesPerRecipientPerDay: 2, stopAfterUnanswered: 3, lawScope: 'every_channel' });
  expect((await patch({ stopAfterUnanswered: 3 })).body).toMatchObject({ rulesVersion: 3 });
});

test.each<[string, unknown, string]>([
  ['no message at all', { messagesPerRecipientPerDay: 0 }, '/limits/messagesPerRecipientPerDay'],
  ['half a message', { messagesPerRecipientPerDay: 1.5 }, '/limits/messagesPerRecipientPerDay'],
  ['a stop before the first', { stopAfterUnanswered: 0 }, '/limits/stopAfterUnanswered'],
  ['a cap beyond all measure', { cap: { invites: 1e9, per: 'day', excess: 'refuse' } }, '/limits/cap/invites'],
  ['a cap a week', { cap: { invites: 5, per: 'week', excess: 'refuse' } }, '/limits/cap/per'],
  ['a scope nobody knows', { lawScope: 'sometimes' }, '/limits/lawScope'],
  ['no mail a minute', { messagesPerMinute: { email: 0 } }, '/limits/messagesPerMinute/email'],
  ['SMS beyond all measure', { messagesPerMinute: { sms: 1e9 } }, '/limits/messagesPerMinute/sms'],
  ['a rate of a channel nobody knows', { messagesPerMinute: { fax: 5 } }, '/limits/messagesPerMinute'],
  ['a limit nobody knows', { perYear: 1 }, '/limits'],
])('%s is refused and changes nothing', async (_what, limits, path) => {
  const before = (await api.send(tenant, 'GET', '/v1/tenant')).body;
  const refused = await patch(limits);
  expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  expect(JSON.stringify(refused.body['errors'])).toContain(path);
  expect((await api.send(tenant, 'GET', '/v1/tenant')).body).toEqual(before);
});

test('a send rate is set by channel, shown, and taken away', async () => {
  expect((await patch({ messagesPerMinute: { email: 60, sms: 5 } })).body['limits']).toMatchObject({ messagesPerMinute: { email: 60, sms: 5 } });
  expect((await patch({ messagesPerMinute: { email: 60 } })).body['limits']).toMatchObject({ messagesPerMinute: { email: 60 } });
  expect((await patch({ messagesPerMinute: null })).body['limits']).not.toHaveProperty('messagesPerMinute');
});

test('a program with the profile "tenant" takes the tenant\'s own cap', async () => {
  await patch({ cap: { invites: 1, per: 'day', excess: 'refuse' }, stopAfterUnanswered: null, messagesPerRecipientPerDay: null });
  await api.send(tenant, 'PUT', '/v1/members/ana', { name: 'Ana' });
  const program = await api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'Kites', terms: { cap: { profile: 'tenant' } } });
  const invited = await api.send(tenant, 'POST', '/v1/invites', {
    programId: program.body['id'], externalId: 'ana',
    invitees: ['a@example.com', 'b@example.com'].map((email) => ({ email, consent: { basis: 'opt_in' } })),
  });
  expect(invited.status).toBe(202);
  expect(invited.body['invites']).toMatchObject([{ outcome: 'accepted' }, { outcome: 'refused', reason: 'cap_reached' }]);
});

test('a member\'s place is kept, and one that is none is refused', async () => {
  expect((await api.send(tenant, 'PUT', '/v1/members/flo', { place: 'us-fl' })).body).toMatchObject({ place: 'US-FL' });
  expect(await api.send(tenant, 'PUT', '/v1/members/flo', { place: 'Florida' })).toMatchObject({ status: 400 });
  expect((await api.send(tenant, 'PUT', '/v1/members/flo', { place: null })).body).toMatchObject({ place: null });
});
