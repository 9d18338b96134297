import { listIn, NOON, readPages, textIn } from '../support/api.ts';
import { at, fact, useEvents } from '../support/use-events.ts';

const MINUTE_MS = 60_000;

const { api, tenant, tell, stored } = useEvents();

const shareLink = async (externalId: string): Promise<string> => {
  await api.send(tenant, 'PUT', `/v1/members/${externalId}`, {});
  return textIn((await api.send(tenant, 'POST', '/v1/links', { destination: 'https://app.kite.example/p', externalId })).body, 'code');
};

test('a fact is stored and read back', async () => {
  const [result] = await tell({ eventId: 'evt-1', type: 'lesson_finished', occurredAt: '2026-06-01T10:00:00+02:00', externalId: 'user-1', properties: { score: 7, passed: true, note: null } });
  expect(result).toEqual({ eventId: 'evt-1', outcome: 'stored', unmatched: [] });
  expect(await stored()).toMatchObject([{
    eventId: 'evt-1', type: 'lesson_finished', externalId: 'user-1', clickId: null, code: null, referrerId: null,
    properties: { score: 7, passed: true, note: null }, occurredAt: '2026-06-01T08:00:00.000Z', receivedAt: '2026-06-10T12:00:00.000Z',
  }]);
});

test('a fact without a time happened now', async () => {
  await tell(fact());
  expect(await stored()).toMatchObject([{ occurredAt: '2026-06-10T12:00:00.000Z' }]);
});

test('a fact counts once by its eventId: in one request, in two, in twenty at once', async () => {
  expect(await tell({ eventId: 'a', type: 'ping' }, { eventId: 'a', type: 'ping' })).toEqual([{ eventId: 'a', outcome: 'stored', unmatched: [] }, { eventId: 'a', outcome: 'duplicate' }]);
  expect(await tell({ eventId: 'a', type: 'something_else' })).toEqual([{ eventId: 'a', outcome: 'duplicate' }]);
  const replies = await Promise.all(Array.from({ length: 20 }, () => tell({ eventId: 'b', type: 'signed_up', externalId: 'new-user' }, { eventId: 'c', type: 'ping' })));
  for (const place of [0, 1]) expect(replies.filter((results) => results[place]?.['outcome'] === 'stored')).toHaveLength(1);
  expect(await stored()).toHaveLength(3);
});

test.each([
  ['a type with a capital', { type: 'Signed' }, 'invalid_type'],
  ['a type of one letter', { type: 'a' }, 'invalid_type'],
  ['a type of 65 letters', { type: 'a'.repeat(65) }, 'invalid_type'],
  ['a sign-up of nobody', { type: 'signed_up' }, 'member_required'],
  ['a first value of nobody', { type: 'first_value' }, 'member_required'],
  ['an external id that cannot be one', { externalId: ' user' }, 'invalid_external_id'],
  ['a click-out without a code', { type: 'clickout' }, 'code_required'],
  ['a view without a code', { type: 'link_viewed' }, 'code_required'],
  ['a click-out of a link nobody made', { type: 'clickout', code: 'zzzzzzzzzzz2zzzz' }, 'unknown_code'],
  ['a view of what is no code', { type: 'link_viewed', code: '!' }, 'unknown_code'],
  ['a time more than 5 minutes ahead', { occurredAt: at(NOON + 5 * MINUTE_MS + 1) }, 'occurred_in_future'],
  ['a time before 2000', { occurredAt: '0001-01-01T00:00:00Z' }, 'occurred_too_long_ago'],
])('%s is refused, and spoils no other', async (_what, bad, reason) => {
  const results = await tell(fact({ eventId: 'good-1' }), fact({ eventId: 'bad', ...bad }), fact({ eventId: 'good-2' }));
  expect(results).toEqual([{ eventId: 'good-1', outcome: 'stored', unmatched: [] }, { eventId: 'bad', outcome: 'refused', reason }, { eventId: 'good-2', outcome: 'stored', unmatched: [] }]);
  expect(await stored()).toHaveLength(2);
});

test('a refused fact may come again, corrected, under its eventId', async () => {
  await tell({ eventId: 'e', type: 'Wrong' });
  expect(await tell({ eventId: 'e', type: 'right' })).toMatchObject([{ outcome: 'stored' }]);
});

test('5 minutes ahead is allowed, years ago too', async () => {
  expect(await tell(fact({ occurredAt: at(NOON + 5 * MINUTE_MS) }), fact({ occurredAt: '2001-01-01T00:00:00Z' }))).toMatchObject([{ outcome: 'stored' }, { outcome: 'stored' }]);
});

test.each([
  ['an unknown field', { extra: 1 }, '/events/0/extra'], ['no eventId', { eventId: undefined }, '/events/0/eventId'], ['a property that is a list', { properties: { a: [] } }, '/events/0/properties/a'],
  ['a time without a zone', { occurredAt: '2026-06-10T12:00:00' }, '/events/0/occurredAt'],
])('%s is 400', async (_what, bad, path) => {
  expect(await api.send(tenant, 'POST', '/v1/events', { events: [fact(bad)] })).toMatchObject({ status: 400, body: { errors: [{ path }] } });
});

test('1 to 1,000 facts go in one request', async () => {
  const many = Array.from({ length: 1001 }, (_, i) => fact({ externalId: `user-${i % 300}` }));
  expect((await api.send(tenant, 'POST', '/v1/events', { events: many })).status).toBe(400);
  expect((await api.send(tenant, 'POST', '/v1/events', { events: [] })).status).toBe(400);
  expect((await tell(...many.slice(1))).every(({ outcome }) => outcome === 'stored')).toBe(true);
  expect(listIn((await api.send(tenant, 'GET', '/v1/members?limit=100')).body, 'data')).toHaveLength(100);
});

test('a fact about somebody we have not heard of makes the member', async () => {
  await tell(fact({ type: 'signed_up', externalId: 'stranger' }));
  expect((await api.send(tenant, 'GET', '/v1/members/stranger')).body).toMatchObject({ externalId: 'stranger', contact: { email: null, phone: null } });
});

test('the list goes newest first, page by page, and filters', async () => {
  const code = await shareLink('referrer');
  for (const [i, more] of [{ externalId: 'ana' }, { type: 'ping' }, { code }, { externalId: 'ana', type: 'ping' }, {}].entries()) {
    api.clock.set(NOON + i * 1000);
    await tell(fact({ eventId: `e${i}`, ...more }));
  }
  expect((await stored()).map(({ eventId }) => eventId)).toEqual(['e4', 'e3', 'e2', 'e1', 'e0']);
  expect((await stored('?type=ping')).map(({ eventId }) => eventId)).toEqual(['e3', 'e1']);
  expect((await stored('?externalId=ana')).map(({ eventId }) => eventId)).toEqual(['e3', 'e0']);
  expect((await stored('?externalId=nobody')).map(({ eventId }) => eventId)).toEqual([]);
  expect((await stored(`?code=${code}`)).map(({ eventId }) => eventId)).toEqual(['e2']);
  const first = await api.send(tenant, 'GET', '/v1/events?limit=3');
  const rest = await stored(`?limit=3&cursor=${String(first.body['nextCursor'])}`);
  expect([...listIn(first.body, 'data'), ...rest].map(({ eventId }) => eventId)).toEqual(['e4', 'e3', 'e2', 'e1', 'e0']);
});

test('facts of one request, all of one instant, are paged without gap or repeat', async () => {
  await tell(...Array.from({ length: 9 }, (_, i) => fact({ eventId: `same-${i}` })));
  const pages = await readPages(api, tenant, '/v1/events', 4);
  expect(pages.map((page) => page.length)).toEqual([4, 4, 1]);
  expect(new Set(pages.flat().map(({ eventId }) => eventId)).size).toBe(9);
});
