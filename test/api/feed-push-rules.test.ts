import { pushDue } from '../../db/write/feed/push-due.ts';
import { queueFeedItems } from '../../db/write/feed/queue-feed-items.ts';
import type { Tx } from '../../db/client.ts';
import { asId } from '../../src/domain/ids.ts';
import type { ProgramId } from '../../src/domain/ids.ts';
import { listIn, textIn } from '../support/api.ts';
import { arrive, untilItStands } from '../support/two-at-once.ts';
import { useTenantEach, useTestApi } from '../support/use-test-api.ts';

const api = useTestApi();
const tenant = useTenantEach(api);
beforeEach(async () => {
  await member({ zone: 'Europe/Paris' });
  await api.send(tenant, 'POST', '/v1/webhook-endpoints', { url: 'https://hooks.kite.example/', eventTypes: ['push.*'] });
});

const HOUR_MS = 3_600_000;
const member = (fields: object) => api.send(tenant, 'PUT', '/v1/members/ana', fields);
const limits = (set: object) => api.send(tenant, 'PATCH', '/v1/tenant', { limits: set });
let nth = 0;
const push = async (more: object = {}) => {
  nth += 1;
  return listIn((await api.send(tenant, 'POST', '/v1/feed', { items: [{ externalId: 'ana', key: `k${String(nth)}`, title: 'T', body: 'B', push: true, ...more }] })).body, 'results')[0] ?? {};
};
const sweep = () => api.database.app.asTenant(tenant.tenantId, (tx) => pushDue(tx, { tenantId: tenant.tenantId, now: api.clock.now(), most: 100 }));
const pushed = async () => (await api.database.superuser`select 1 from webhook_events where tenant_id = ${tenant.tenantId} and type = 'push.requested'`).length;
const NOW = '2026-06-10T12:00:00.000Z';

test('no more leave a day than a member may have, five where nothing is said; the next wait for the member\'s own next day', async () => {
  for (let n = 0; n < 5; n += 1) expect(await push()).toMatchObject({ pushAt: NOW, pushReason: null });
  expect(await push()).toMatchObject({ outcome: 'queued', pushAt: '2026-06-10T22:00:00.000Z', pushReason: 'daily_cap' });
  expect(await pushed()).toBe(5);
  api.clock.set('2026-06-10T22:00:00Z');
  expect(await sweep()).toEqual({ looked: 1, pushed: 1, later: 0 });
});

test('those of one request share the day\'s places, and two requests at once never both take the last', async () => {
  await limits({ pushesPerMemberPerDay: 3 });
  const items = ['a', 'b'].map((key) => ({ externalId: 'ana', key, title: 'T', body: 'B', push: true }));
  expect(listIn((await api.send(tenant, 'POST', '/v1/feed', { items })).body, 'results').map(({ pushAt }) => pushAt)).toEqual([NOW, NOW]);
  const both = await Promise.all([push(), push(), push()]);
  expect(both.map(({ pushReason }) => pushReason).toSorted()).toEqual(['daily_cap', 'daily_cap', null]);
  expect(await pushed()).toBe(3);
});

test('items sent again take no place of the day from the new ones beside them', async () => {
  await limits({ pushesPerMemberPerDay: 3 });
  const send = async (...keys: string[]) => listIn((await api.send(tenant, 'POST', '/v1/feed', { items: keys.map((key) => ({ externalId: 'ana', key, title: 'T', body: 'B', push: true })) })).body, 'results');
  await send('one', 'two');
  expect(await send('one', 'two', 'three', 'three')).toMatchObject([{ outcome: 'already' }, { outcome: 'already' }, { outcome: 'queued', pushAt: NOW, pushReason: null }, { outcome: 'already' }]);
  expect(await pushed()).toBe(3);
});

test('what waits for the next day and finds no room within 24 hours is let go, and says why', async () => {
  await limits({ pushesPerMemberPerDay: 1 });
  await push();
  await push();
  const last = await push({ expiresAt: '2026-06-10T21:00:00Z' });
  expect(last).toMatchObject({ pushAt: null, pushReason: 'daily_cap' });
  expect((await api.send(tenant, 'GET', `/v1/feed/${textIn(last, 'id')}`)).body['push']).toEqual({ at: null, requestedAt: null, reason: 'daily_cap' });
});

test('a tenant\'s limit of messages a day counts pushes and mails together', async () => {
  await limits({ messagesPerRecipientPerDay: 2 });
  await member({ contact: { email: 'ana@example.com' } });
  const { tenantId } = tenant;
  await push();
  expect(await push()).toMatchObject({ pushAt: NOW });
  expect(await push()).toMatchObject({ pushReason: 'daily_cap' });
  // Two of today's are a mail by now: one place is left for neither.
  await api.database.superuser`update feed_items set pushed_at = pushed_at - interval '1 day' where tenant_id = ${tenantId} and pushed_at is not null`;
  expect(await push()).toMatchObject({ pushAt: NOW });
});

test('as many left unread as the tenant allows end pushes, until the member reads something', async () => {
  await limits({ stopAfterUnanswered: 2, pushesPerMemberPerDay: 50 });
  const first = await push();
  await push();
  expect(await push()).toMatchObject({ outcome: 'queued', pushAt: null, pushReason: 'unanswered' });
  await api.send(tenant, 'PUT', '/v1/feed/marks', { externalId: 'ana', marks: [{ id: textIn(first, 'id'), as: 'read' }] });
  api.clock.advance(HOUR_MS);
  expect(await push()).toMatchObject({ pushReason: null });
});

test('what a member dismissed is answered: it is not left unread, and pushes go on after it', async () => {
  await limits({ stopAfterUnanswered: 2, pushesPerMemberPerDay: 50 });
  const dismiss = async (item: Record<string, unknown>) => api.send(tenant, 'PUT', '/v1/feed/marks', { externalId: 'ana', marks: [{ id: textIn(item, 'id'), as: 'dismissed' }] });
  for (const item of [await push(), await push()]) await dismiss(item);
  expect(await push()).toMatchObject({ pushReason: null });
  api.clock.advance(HOUR_MS);
  const [one, , last] = [await push(), await push(), await push()];
  expect(last).toMatchObject({ pushAt: null, pushReason: 'unanswered' });
  await dismiss(one);
  api.clock.advance(HOUR_MS);
  expect(await push()).toMatchObject({ pushReason: null });
});

test('what was taken back before the member read it was not left unread', async () => {
  await limits({ stopAfterUnanswered: 2, pushesPerMemberPerDay: 50 });
  for (let n = 0; n < 2; n += 1) await api.send(tenant, 'DELETE', `/v1/feed/${textIn(await push(), 'id')}`);
  expect(await push()).toMatchObject({ pushReason: null });
});

test('as many as may be left unread end pushes within one request, and among those that waited together', async () => {
  await limits({ stopAfterUnanswered: 2, pushesPerMemberPerDay: 50 });
  const items = ['a', 'b', 'c'].map((key) => ({ externalId: 'ana', key, title: 'T', body: 'B', push: true }));
  expect(listIn((await api.send(tenant, 'POST', '/v1/feed', { items })).body, 'results').map(({ pushReason }) => pushReason)).toEqual([null, null, 'unanswered']);
  await api.send(tenant, 'PUT', '/v1/members/ben', { zone: 'Europe/Paris', quietHours: [{ start: '13:00', end: '16:00' }] });
  for (const key of ['a', 'b', 'c']) await api.send(tenant, 'POST', '/v1/feed', { items: [{ externalId: 'ben', key, title: 'T', body: 'B', push: true }] });
  api.clock.set('2026-06-10T14:00:00Z');
  expect([await sweep(), await pushed()]).toEqual([{ looked: 3, pushed: 2, later: 0 }, 4]);
});

test('hours of the tenant, of the member and of a minor\'s law bind a push as they bind a mail', async () => {
  await api.send(tenant, 'PATCH', '/v1/tenant', { sendRules: { layers: [{ windows: [{ start: '09:00', end: '12:00' }] }] } });
  expect(await push()).toMatchObject({ pushAt: '2026-06-11T07:00:00.000Z', pushReason: 'hours' });
  await member({ quietHours: [{ start: '08:00', end: '10:00' }] });
  expect(await push()).toMatchObject({ pushAt: '2026-06-11T08:00:00.000Z' });
  await api.send(tenant, 'PATCH', '/v1/tenant', { sendRules: {} });
  // One o'clock at night in California: nothing goes to a minor's device before six, nothing to an adult's is forbidden.
  api.clock.set('2026-07-05T08:00:00Z');
  await member({ zone: 'America/Los_Angeles', place: 'US-CA', quietHours: null, isMinor: false });
  expect(await push()).toMatchObject({ pushAt: '2026-07-05T08:00:00.000Z' });
  await member({ isMinor: true });
  expect(await push()).toMatchObject({ pushAt: '2026-07-05T13:00:00.000Z', pushReason: 'hours' });
});

test('opt-out and suppression end a push, a mailbox that is gone does not', async () => {
  await member({ contact: { email: 'ana@example.com' } });
  const { body } = await api.send(tenant, 'POST', '/v1/suppressions', { email: 'ana@example.com', reason: 'hard_bounce' });
  expect(await push()).toMatchObject({ pushAt: NOW });
  await api.send(tenant, 'DELETE', `/v1/suppressions/${textIn(body, 'id')}`);
  await api.send(tenant, 'POST', '/v1/suppressions', { email: 'ana@example.com', reason: 'manual' });
  expect(await push()).toMatchObject({ pushAt: null, pushReason: 'suppressed' });
  await api.send(tenant, 'PUT', '/v1/feed/choices', { externalId: 'ana', choices: [{ topic: '*', channel: 'push', on: false }] });
  expect(await push()).toMatchObject({ pushAt: null, pushReason: 'opted_out' });
});

test('a hard stop holds pushes until it is lifted, and the feed goes on', async () => {
  expect((await api.send(tenant, 'PUT', '/v1/hard-stops/push', { reason: 'Wrong words' })).status).toBe(200);
  await push();
  expect([await pushed(), (await sweep()).looked]).toEqual([0, 0]);
  await api.send(tenant, 'DELETE', '/v1/hard-stops/push');
  expect([(await sweep()).pushed, await pushed()]).toEqual([1, 1]);
});

test('a push of a program keeps the program\'s own hours, and waits while it is paused', async () => {
  const { body: program } = await api.send(tenant, 'POST', '/v1/programs', { loop: 'buddy-challenge', title: 'Beat me', terms: { sendRules: { layers: [{ windows: [{ start: '15:00', end: '20:00' }] }] } } });
  const programId = asId('prg', textIn(program, 'id'));
  const { body } = await api.send(tenant, 'GET', '/v1/members/ana');
  const memberId = asId('mbr', textIn(body, 'id'));
  const queue = (key: string) => api.database.app.asTenant(tenant.tenantId, (tx) => queueFeedItems(tx, {
    tenantId: tenant.tenantId, now: api.clock.now(), items: [{ key, kind: 'notification', memberId, topic: 'challenges', push: true, programId, content: { kind: 'words', title: 'T', body: 'B', callToAction: null } }],
  }));
  expect(await queue('early')).toMatchObject([{ pushAt: Date.parse('2026-06-10T13:00:00Z'), pushReason: 'hours' }]);
  await api.send(tenant, 'POST', `/v1/programs/${programId}/pause`, {});
  api.clock.set('2026-06-10T14:00:00Z');
  expect([(await queue('paused'))[0]?.outcome, await pushed(), (await sweep()).looked]).toEqual(['queued', 0, 0]);
  await api.send(tenant, 'POST', `/v1/programs/${programId}/resume`, {});
  expect([(await sweep()).pushed, await pushed()]).toEqual([2, 2]);
});

test('a program that is paused while a sweep waits for its turn keeps its push', async () => {
  const { tenantId } = tenant;
  const { body: program } = await api.send(tenant, 'POST', '/v1/programs', { loop: 'buddy-challenge', title: 'Beat me', terms: { sendRules: { layers: [{ windows: [{ start: '15:00', end: '20:00' }] }] } } });
  const programId = asId('prg', textIn(program, 'id'));
  const memberId = asId('mbr', textIn((await api.send(tenant, 'GET', '/v1/members/ana')).body, 'id'));
  const queue = (tx: Tx, item: { key: string; programId?: ProgramId }) => queueFeedItems(tx, {
    tenantId, now: api.clock.now(), items: [{ ...item, kind: 'notification', memberId, topic: 'challenges', push: true, content: { kind: 'words', title: 'T', body: 'B', callToAction: null } }],
  });
  await api.database.app.asTenant(tenantId, (tx) => queue(tx, { key: 'waits', programId }));
  api.clock.set('2026-06-10T14:00:00Z');
  const [queued, paused] = [arrive(2), arrive(2)];
  const before = api.database.app.asTenant(tenantId, async (tx) => { await queue(tx, { key: 'before' }); await queued(); await paused(); });
  await queued();
  const swept = sweep();
  await untilItStands(api.database, swept);
  await api.send(tenant, 'POST', `/v1/programs/${programId}/pause`, {});
  await Promise.all([paused(), before]);
  expect([(await swept).pushed, await pushed()]).toEqual([0, 1]);
  await api.send(tenant, 'POST', `/v1/programs/${programId}/resume`, {});
  expect([(await sweep()).pushed, await pushed()]).toEqual([1, 2]);
});

test('read and clicked are counted, of pushes by themselves', async () => {
  const ids = [textIn(await push({ topic: 'quotes' }), 'id'), textIn(await push({ topic: 'quotes' }), 'id'), textIn(await push({ topic: 'quotes', push: false }), 'id')];
  await api.send(tenant, 'PUT', '/v1/feed/choices', { externalId: 'ana', choices: [{ topic: 'quotes', channel: 'push', on: false }] });
  await push({ topic: 'quotes' });
  const mark = (id: string | undefined, as: string) => api.send(tenant, 'PUT', '/v1/feed/marks', { externalId: 'ana', marks: [{ id, as }] });
  await mark(ids[0], 'clicked');
  await mark(ids[0], 'clicked');
  await mark(ids[1], 'read');
  await mark(ids[2], 'clicked');
  api.clock.advance(HOUR_MS);
  const { body } = await api.send(tenant, 'GET', '/v1/feed/figures');
  expect(body['data']).toEqual([{ topic: 'quotes', kind: 'notification', items: 4, read: 3, clicked: 2, dismissed: 0, pushed: 2, pushedRead: 2, pushedClicked: 1, pushesHeldBack: 1 }]);
  expect((await api.send(tenant, 'GET', '/v1/feed/figures?from=2026-01-01T00:00:00Z&until=2026-06-01T00:00:00Z')).status).toBe(400);
});
