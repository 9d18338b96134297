import { listIn, textIn } from '../support/api.ts';
import { useTenantEach, useTestApi } from '../support/use-test-api.ts';

const api = useTestApi();
const tenant = useTenantEach(api);

async function makeProgram(loop: string): Promise<string> {
  return textIn((await api.send(tenant, 'POST', '/v1/programs', { loop, title: 'Together' })).body, 'id');
}

test('a loop that is not for minors starts for none, one that needs a parent\'s word starts when it is given', async () => {
  await api.send(tenant, 'PUT', '/v1/members/ana', { isMinor: true });
  const [seller, badge] = [await makeProgram('seller-to-buyer'), await makeProgram('achievement-spotlight')];
  const sell = () => api.send(tenant, 'POST', '/v1/runs', { programId: seller, externalId: 'ana', input: { quoteId: 'quote-1' } });
  const show = () => api.send(tenant, 'POST', '/v1/runs', { programId: badge, externalId: 'ana', input: { badge: 'Night owl' } });
  expect([(await sell()).body['code'], (await show()).body['code']]).toEqual(['minor_not_allowed', 'minor_not_allowed']);
  await api.send(tenant, 'PUT', '/v1/members/ana', { parentAllows: true });
  expect([(await sell()).body['code'], (await show()).status]).toEqual(['minor_not_allowed', 201]);
});

test('what only our pages tell, an app cannot tell in their place: it is stored as its own and tells no run', async () => {
  await api.send(tenant, 'PUT', '/v1/members/ana', {});
  const run = textIn((await api.send(tenant, 'POST', '/v1/runs', { programId: await makeProgram('achievement-spotlight'), externalId: 'ana', input: { badge: 'Night owl' } })).body, 'id');
  const facts = async (): Promise<unknown[]> => listIn((await api.send(tenant, 'GET', `/v1/runs/${run}`)).body, 'facts').map(({ kind }) => kind);
  const tell = (type: string) => api.send(tenant, 'POST', '/v1/events', { events: [{ eventId: type, type, externalId: 'ana' }] });
  expect((await tell('invitee_accepted')).body['results']).toEqual([expect.objectContaining({ outcome: 'stored' })]);
  expect(await facts()).toEqual([]);
  await tell('badge_hidden');
  expect(await facts()).toEqual(['hidden']);
});
