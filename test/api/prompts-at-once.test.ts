import { inTransaction } from '../../db/transaction.ts';
import { listIn, NOON, openTestApi, textIn, type TestApi, type TestTenant } from '../support/api.ts';

/** Moments that are decided in groups, beside all that changes the same members. */
const PEOPLE = Array.from({ length: 8 }, (_none, n) => `user-${String(n)}`);
let api: TestApi;
let tenant: TestTenant;
let ids: Map<string, string>;
beforeAll(async () => { api = await openTestApi(); });
afterAll(() => api.close());
beforeEach(async () => {
  api.clock.set(NOON);
  tenant = await api.makeTenant();
  await api.send(tenant, 'POST', '/v1/programs', { loop: 'seller-to-buyer', title: 'Buy' });
  ids = new Map(await Promise.all(PEOPLE.map(async (who): Promise<[string, string]> => [who, textIn((await api.send(tenant, 'PUT', `/v1/members/${who}`, {})).body, 'id')])));
});

const decide = (as: TestTenant, member: object, momentId: string) => api.send(as, 'POST', '/v1/prompts/decide', { ...member, moment: 'quote_received', momentId, data: {} });
/** By one of the member's two names. */
const named = (who: string, round: number): object => (round % 2 === 0 ? { externalId: who } : { memberId: ids.get(who) });
const rowsOf = (as: TestTenant) => api.database.superuser<{ member: string; offers: number }[]>`select member_id as member, count(*)::int as offers from prompts where tenant_id = ${as.tenantId} group by 1`;

test('moments of members under either name, beside upserts and payments that take them in the other order, wait for no ring and offer each once', async () => {
  const rounds = [0, 1, 2, 3];
  const statuses = await Promise.all(rounds.flatMap((round) => [
    ...(round % 2 === 0 ? PEOPLE : PEOPLE.toReversed()).map(async (who) => (await decide(tenant, named(who, round), `m-${String(round)}`)).status),
    ...PEOPLE.map(async (who) => (await api.send(tenant, 'PUT', `/v1/members/${who}`, { locale: round % 2 === 0 ? 'de' : 'en' })).status),
    api.send(tenant, 'POST', '/v1/events', { events: PEOPLE.toReversed().map((who) => ({ eventId: `${who}-${String(round)}`, type: 'converted', externalId: who, orderId: `${who}-${String(round)}`, amountMinor: 100, currency: 'EUR' })) }).then(({ status }) => status),
  ]));
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect((await rowsOf(tenant)).map(({ offers }) => offers)).toEqual(PEOPLE.map(() => 1));
});

test('one who is not there, another tenant\'s member and a minor are answered as if they had asked alone, and take nothing from the others', async () => {
  const other = await api.makeTenant();
  const theirs = textIn((await api.send(other, 'PUT', '/v1/members/user-0', {})).body, 'id');
  await api.send(tenant, 'PUT', '/v1/members/kid', { isMinor: true });
  const [own, foreign, unknown, kid] = await Promise.all([
    decide(tenant, { externalId: 'user-0' }, 'a'), decide(tenant, { memberId: theirs }, 'a'), decide(tenant, { externalId: 'nobody' }, 'a'), decide(tenant, { externalId: 'kid' }, 'a')]);
  expect([own.body['decision'], foreign.status, unknown.status, kid.body['reason']]).toEqual(['prompt', 404, 404, 'minor']);
  expect(await rowsOf(other)).toEqual([]);
});

test('many tenants at once each have their own answer', async () => {
  const others = await Promise.all(Array.from({ length: 12 }, () => api.makeTenant()));
  const people = PEOPLE.slice(0, 3);
  await Promise.all(others.flatMap((one) => [api.send(one, 'POST', '/v1/programs', { loop: 'seller-to-buyer', title: 'Buy' }), ...people.map((who) => api.send(one, 'PUT', `/v1/members/${who}`, {}))]));
  const answers = await Promise.all(others.flatMap((one) => people.map((who) => decide(one, { externalId: who }, 'm'))));
  expect(answers.map(({ body }) => body).filter((body) => body['decision'] !== 'prompt')).toEqual([]);
  for (const one of others) expect(listIn((await api.send(one, 'GET', '/v1/prompts')).body, 'data')).toHaveLength(people.length);
});

// Last: the driver tells a later statement of a connection's loss once more.
test('a group whose connection is lost in the middle leaves nothing behind, says so to all, and the next one is decided', async () => {
  const { superuser } = api.database;
  let asked: Promise<{ status: number }[]> | undefined;
  await inTransaction(superuser, async (tx) => {
    await tx`select 1 from members where id = ${ids.get('user-7') ?? ''} for update`;
    asked = Promise.all(PEOPLE.map((who) => decide(tenant, { externalId: who }, 'lost')));
    for (let gone = 0; gone === 0;) gone = (await superuser`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%for no key update%'`).length;
  });
  expect((await asked ?? []).map(({ status }) => status).filter((status) => status !== 503 && status !== 200)).toEqual([]);
  const again = await Promise.all(PEOPLE.map((who) => decide(tenant, { externalId: who }, 'lost')));
  expect(again.map(({ body }) => body['decision'])).toEqual(PEOPLE.map(() => 'prompt'));
  expect((await rowsOf(tenant)).map(({ offers }) => offers)).toEqual(PEOPLE.map(() => 1));
});
