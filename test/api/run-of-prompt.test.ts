import { newId } from '../../src/config/new-id.ts';
import { asId } from '../../src/domain/ids.ts';
import { listIn, NOON, textIn } from '../support/api.ts';
import { offerTo } from '../support/arrange-prompts.ts';
import { useTenantEach, useTestApi } from '../support/use-test-api.ts';

type Body = Record<string, unknown>;
const HALF_HOUR_MS = 1_800_000;
const api = useTestApi();
const tenant = useTenantEach(api);
let programId: string;
let ana: string;
beforeEach(async () => {
  programId = textIn((await api.send(tenant, 'POST', '/v1/programs', { loop: 'seller-to-buyer', title: 'What do you need?' })).body, 'id');
  ana = textIn((await api.send(tenant, 'PUT', '/v1/members/ana', {})).body, 'id');
});

const offer = (more: { memberId?: string; programId?: string } = {}): Promise<string> => offerTo(api.database, { tenantId: tenant.tenantId, memberId: ana, programId, now: api.clock.now(), ...more });
const start = (promptId: string, more: Body = {}) => api.send(tenant, 'POST', '/v1/runs', { programId, externalId: 'ana', input: { quoteId: 'q_1' }, promptId, ...more });
const answer = (id: string, said: string) => api.send(tenant, 'POST', `/v1/prompts/${id}/answers`, { answer: said });
const offers = async (): Promise<Body[]> => listIn((await api.send(tenant, 'GET', '/v1/prompts')).body, 'data');
const acceptedAt = async (id: string): Promise<unknown> => (await offers()).find((row) => row['id'] === id)?.['acceptedAt'];
const runs = async (): Promise<number> => listIn((await api.send(tenant, 'GET', '/v1/runs')).body, 'data').length;

test('a run comes of an offer: that counts as accepted with the start, and the run shows it with its arm', async () => {
  const promptId = await offer();
  const { status, body } = await start(promptId);
  expect(status).toBe(201);
  const noon = new Date(NOON).toISOString();
  expect(await acceptedAt(promptId)).toBe(noon);
  expect((await api.send(tenant, 'GET', `/v1/runs/${textIn(body, 'id')}`)).body['prompt']).toEqual({ id: promptId, moment: 'practice_completed', variant: 'default', shownAt: noon, acceptedAt: noon });
  const [decision] = await api.database.superuser<{ inputs: unknown }[]>`select inputs from decisions where subject_id = ${textIn(body, 'id')} and kind = 'run_started'`;
  expect(decision?.inputs).toMatchObject({ promptId });
});

test('said to be accepted before, it stays as it was said, and a run comes of it after its end, too', async () => {
  const promptId = await offer();
  await answer(promptId, 'accepted');
  api.clock.advance(2 * HALF_HOUR_MS);
  expect((await start(promptId)).status).toBe(201);
  expect(await acceptedAt(promptId)).toBe(new Date(NOON).toISOString());
});

test('an offer starts one run, whoever asks again, for whatever occasion, and however many at once', async () => {
  const promptId = await offer();
  const replies = await Promise.all(['q_1', 'q_2', 'q_3', 'q_1'].map((quoteId) => start(promptId, { input: { quoteId } })));
  expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 201]);
  expect(new Set(replies.map(({ body }) => body['id'])).size).toBe(1);
  expect(new Set(replies.map(({ body }) => JSON.stringify(body['link']))).size).toBe(1);
  expect(await runs()).toBe(1);
});

test('an occasion that has its run keeps it; the second offer counts as accepted, and the run is the first one\'s', async () => {
  const [first, second] = [await offer(), await offer()];
  const id = textIn((await start(first)).body, 'id');
  const again = await start(second);
  expect([again.status, again.body['id']]).toEqual([200, id]);
  expect(await acceptedAt(second)).not.toBeNull();
  expect((await api.send(tenant, 'GET', `/v1/runs/${id}`)).body['prompt']).toMatchObject({ id: first });
});

test.each([
  ['no id of one', async () => 'mbr_1'],
  ['one that nobody has', async () => newId('prm', NOON)],
  ['another tenant\'s', async () => {
    const other = await api.makeTenant();
    const [program, member] = [textIn((await api.send(other, 'POST', '/v1/programs', { loop: 'seller-to-buyer', title: 'Theirs' })).body, 'id'), textIn((await api.send(other, 'PUT', '/v1/members/ana', {})).body, 'id')];
    return offerTo(api.database, { tenantId: asId('tnt', other.tenantId), memberId: member, programId: program, now: NOON });
  }],
  ['another member\'s', async () => offer({ memberId: textIn((await api.send(tenant, 'PUT', '/v1/members/ben', {})).body, 'id') })],
  ['another program\'s', async () => offer({ programId: textIn((await api.send(tenant, 'POST', '/v1/programs', { loop: 'seller-to-buyer', title: 'Other' })).body, 'id') })],
])('%s is refused with its place, and nothing is started or accepted', async (_what, made) => {
  const { status, body } = await start(await made());
  expect([status, listIn(body, 'errors').map(({ path }) => path)]).toEqual([400, ['/promptId']]);
  expect([await runs(), (await offers()).filter((row) => row['acceptedAt'] !== null)]).toEqual([0, []]);
});

test('a dismissed offer, and one that was over before anybody accepted it, start nothing', async () => {
  const [dismissed, over] = [await offer(), await offer()];
  await answer(dismissed, 'dismissed');
  expect((await start(dismissed)).body).toMatchObject({ code: 'too_late' });
  api.clock.advance(HALF_HOUR_MS);
  expect((await start(over)).body).toMatchObject({ code: 'too_late' });
  expect(await runs()).toBe(0);
  expect((await api.send(tenant, 'POST', '/v1/runs', { programId, externalId: 'ana', input: { quoteId: 'q_1' } })).status).toBe(201);
});

test('where the start is refused the offer is not accepted', async () => {
  const promptId = await offer();
  await api.send(tenant, 'POST', `/v1/programs/${programId}/pause`);
  expect((await start(promptId)).body).toMatchObject({ code: 'program_paused' });
  expect(await acceptedAt(promptId)).toBeNull();
});

test('an offer that is purged after its time leaves its run as it is', async () => {
  const promptId = await offer();
  const id = textIn((await start(promptId)).body, 'id');
  await api.database.relay.sql`delete from prompts where id = ${promptId}`;
  expect((await api.send(tenant, 'GET', `/v1/runs/${id}`)).body).toMatchObject({ id, prompt: null });
});

test('arm by arm it can be read what became of the offers, and how the runs that came of them ended', async () => {
  const path = `/v1/programs/${programId}/prompt-results`;
  expect((await api.send(tenant, 'GET', path)).body).toEqual({ data: [] });
  const ids = [await offer(), await offer(), await offer(), await offer()];
  const [first, second, third, fourth] = [ids[0] ?? '', ids[1] ?? '', ids[2] ?? '', ids[3] ?? ''];
  await api.database.superuser`update prompts set variant = 'category' where id in (${first}, ${second})`;
  const started = await Promise.all([first, second, third].map((id, n) => start(id, { input: { quoteId: `q_${String(n)}` } })));
  await answer(fourth, 'dismissed');
  await api.database.superuser`update runs set outcome = 'became_buyer', closed_at = opened_at where id in (${textIn(started[0]?.body ?? {}, 'id')}, ${textIn(started[1]?.body ?? {}, 'id')})`;
  expect((await api.send(tenant, 'GET', path)).body).toEqual({ data: [
    { variant: 'category', offered: 2, shown: 2, accepted: 2, dismissed: 0, started: 2, outcomes: { became_buyer: 2 } },
    { variant: 'default', offered: 2, shown: 2, accepted: 1, dismissed: 1, started: 1, outcomes: {} },
  ] });
  expect((await api.send(tenant, 'GET', `${path}?since=${encodeURIComponent(new Date(NOON + 1).toISOString())}`)).body).toEqual({ data: [] });
});
