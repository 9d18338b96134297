import { randomUUID } from 'node:crypto';
import { listIn, NOON, openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { arrangeMessage } from '../support/arrange-messages.ts';
import { decisionsAbout, invite, inviteRow, makeProgram } from '../support/invites-api.ts';
import type { Invited } from '../support/invites-api.ts';

const HOUR_MS = 3_600_000;

let api: TestApi;
let tenant: TestTenant;

beforeAll(async () => {
  api = await openTestApi();
});
beforeEach(async () => {
  api.clock.set(NOON);
  tenant = await api.makeTenant();
});
afterAll(() => api.close());

async function invited(email = 'sam@x.example', terms: Record<string, unknown> = {}): Promise<Invited> {
  const [made] = await invite(api, tenant, await makeProgram(api, tenant, terms), [email]);
  if (made === undefined) throw new Error('nobody was invited');
  return made;
}
const arrange = (of: Invited, state: 'claimed' | 'handed_off' | 'unknown', providerId: string | null = null) => arrangeMessage(api.database, tenant.tenantId, of.ref, state, NOON, providerId);
const tell = async (...events: object[]) => {
  const { status, body } = await api.send(tenant, 'POST', '/v1/delivery-events', { events });
  expect(status).toBe(200);
  return listIn(body, 'results');
};
const fact = (kind: string, more: object) => ({ eventId: randomUUID(), kind, at: '2026-06-10T11:59:00Z', ...(kind === 'bounced' ? { permanent: true } : {}), ...more });
const messageOf = async ({ ref }: Invited) => (await api.database.superuser<Record<string, unknown>[]>`
  select state, reason, delivered_at as "deliveredAt", bounced_at as "bouncedAt", complained_at as "complainedAt", recorded_at as "recordedAt" from messages where batch_id = ${ref.batchId} and n = ${ref.n}`)[0];
const nextDueOf = async ({ ref }: Invited) => (await api.database.superuser<{ at: number | null }[]>`select next_due_at as at from batch_lanes where batch_id = ${ref.batchId}`)[0]?.at;
const suppressionsNow = async () => listIn((await api.send(tenant, 'GET', '/v1/suppressions')).body, 'data');

test('a delivery is noted on its message, once, at the time it happened', async () => {
  const of = await invited();
  await arrange(of, 'handed_off');
  const delivered = fact('delivered', { eventId: 'd1', inviteId: of.id });
  expect(await tell(delivered)).toEqual([{ eventId: 'd1', outcome: 'recorded' }]);
  expect(await tell(delivered, { ...delivered, eventId: 'd2', at: '2026-06-10T11:59:30Z' })).toEqual([{ eventId: 'd1', outcome: 'duplicate' }, { eventId: 'd2', outcome: 'recorded' }]);
  expect(await messageOf(of)).toMatchObject({ state: 'handed_off', deliveredAt: Date.parse('2026-06-10T11:59:00Z'), bouncedAt: null });
  expect(await inviteRow(api, of.ref)).toMatchObject({ state: 'handed_off', step: 1, stale: false });
});

test.each([['the later first', ['2026-06-10T11:30:00Z', '2026-06-10T11:00:00Z']], ['the earlier first', ['2026-06-10T11:00:00Z', '2026-06-10T11:30:00Z']]])('the earliest instant told counts: %s', async (_what, times) => {
  const of = await invited();
  await arrange(of, 'handed_off');
  for (const at of times) await tell(fact('delivered', { inviteId: of.id, at }));
  expect(await messageOf(of)).toMatchObject({ deliveredAt: Date.parse('2026-06-10T11:00:00Z') });
});

test.each([['delivered'], ['complained'], ['bounced']])('an unknown hand-off is settled when its provider tells of it: %s', async (kind) => {
  const of = await invited();
  await arrange(of, 'unknown');
  api.clock.advance(HOUR_MS);
  await tell(fact(kind, { inviteId: of.id }));
  expect(await messageOf(of)).toMatchObject({ state: 'handed_off', reason: null, recordedAt: NOON + HOUR_MS });
  expect((await inviteRow(api, of.ref))?.state).not.toBe('unknown');
  expect(await decisionsAbout(api, of.ref.batchId)).toContain('settled_by_evidence');
});

test('after an unknown hand-off is settled its reminder is planned: stale, so that it cannot leave before, and the sender is nudged', async () => {
  const of = await invited();
  await arrange(of, 'unknown');
  await api.database.superuser`delete from outbox`;
  await tell(fact('delivered', { inviteId: of.id }));
  expect(await inviteRow(api, of.ref)).toMatchObject({ state: 'handed_off', step: 1, stale: true, attemptId: null });
  expect(await nextDueOf(of)).toBe(NOON);
  expect(await api.database.superuser`select 1 from outbox where tenant_id = ${tenant.tenantId}`).toHaveLength(1);
});

test('without a reminder only the expiry follows', async () => {
  const of = await invited('sam@x.example', { reminders: [] });
  await arrange(of, 'unknown');
  await tell(fact('delivered', { inviteId: of.id }));
  expect(await inviteRow(api, of.ref)).toMatchObject({ state: 'handed_off', step: null, stale: false, dueAt: NOON + 336 * HOUR_MS });
  expect(await nextDueOf(of)).toBe(NOON + 336 * HOUR_MS);
});

test('a stop that was decided meanwhile holds: no reminder follows', async () => {
  const of = await invited();
  await arrange(of, 'unknown');
  await api.send(tenant, 'POST', `/v1/invites/${of.id}/cancel`);
  await tell(fact('delivered', { inviteId: of.id }));
  expect(await inviteRow(api, of.ref)).toMatchObject({ step: null, stale: false });
});

test('evidence that comes before our own record counts: the message is on the wire', async () => {
  const of = await invited();
  await arrange(of, 'claimed');
  expect(await tell(fact('delivered', { inviteId: of.id }))).toMatchObject([{ outcome: 'recorded' }]);
  expect(await messageOf(of)).toMatchObject({ state: 'handed_off', deliveredAt: Date.parse('2026-06-10T11:59:00Z') });
  expect(await inviteRow(api, of.ref)).toMatchObject({ state: 'handed_off', step: 1, stale: true, attemptId: null });
});

test('a permanent bounce ends the invite with its reminders, suppresses the mailbox and closes what else waits for it', async () => {
  const of = await invited('sam@x.example', { coolingHours: 0 });
  await arrange(of, 'handed_off');
  await api.database.superuser`delete from cooling`;
  const other = await invited('sam@x.example');
  await tell(fact('bounced', { inviteId: of.id }));
  expect(await inviteRow(api, of.ref)).toMatchObject({ state: 'refused', reason: 'bounced', step: null, dueAt: null });
  expect(await nextDueOf(of)).toBeNull();
  expect(await inviteRow(api, other.ref)).toMatchObject({ state: 'refused', reason: 'suppressed' });
  expect(await suppressionsNow()).toMatchObject([{ email: 'sam@x.example', reason: 'hard_bounce' }]);
  expect(await decisionsAbout(api, of.ref.batchId)).toContain('bounced');
});

test('a bounce that is not permanent is noted, and nothing ends', async () => {
  const of = await invited();
  await arrange(of, 'handed_off');
  await tell(fact('bounced', { inviteId: of.id, permanent: false }));
  expect(await messageOf(of)).toMatchObject({ bouncedAt: Date.parse('2026-06-10T11:59:00Z') });
  expect(await inviteRow(api, of.ref)).toMatchObject({ state: 'handed_off', step: 1 });
  expect(await suppressionsNow()).toEqual([]);
});

test('a complaint suppresses the mailbox and stops the reminders; it takes the place of a lighter reason', async () => {
  const of = await invited();
  await arrange(of, 'handed_off');
  await tell(fact('bounced', { inviteId: of.id }), fact('complained', { inviteId: of.id }));
  expect(await suppressionsNow()).toMatchObject([{ reason: 'complaint' }]);
  expect(await messageOf(of)).toMatchObject({ complainedAt: Date.parse('2026-06-10T11:59:00Z'), bouncedAt: Date.parse('2026-06-10T11:59:00Z') });
  expect(await inviteRow(api, of.ref)).toMatchObject({ step: null });
});

test('what has ended stays ended', async () => {
  const of = await invited();
  await arrange(of, 'handed_off');
  await api.send(tenant, 'PUT', '/v1/members/sam', { contact: { email: 'sam@x.example' } });
  await tell(fact('bounced', { inviteId: of.id }));
  expect(await inviteRow(api, of.ref)).toMatchObject({ state: 'joined' });
});

test('a message is found by the provider\'s id, and by its own Message-ID', async () => {
  const [one, two, three] = [await invited('a@x.example'), await invited('b@x.example'), await invited('c@x.example')];
  await arrange(one, 'handed_off', 'ses-0001');
  await arrange(two, 'handed_off');
  await arrange(three, 'unknown');
  await tell(fact('delivered', { messageId: '<ses-0001>' }), fact('delivered', { messageId: `${two.id}.0@kite.example` }), fact('delivered', { messageId: `<${three.id}.0@kite.example>` }));
  for (const each of [one, two, three]) expect(await messageOf(each)).toMatchObject({ state: 'handed_off', deliveredAt: Date.parse('2026-06-10T11:59:00Z') });
});

test.each([
  ['an invite nobody has', { inviteId: 'inv_01kx7m3p9q2r4s5t6v7w8x9y0z00' }, 'unknown_message'],
  ['what is no id', { inviteId: 'nonsense' }, 'unknown_message'],
  ['a Message-ID of somebody else', { messageId: '<x@y.example>' }, 'unknown_message'],
  ['neither invite nor message', {}, 'message_required'],
  ['a time to come', { inviteId: 'inv_01kx7m3p9q2r4s5t6v7w8x9y0z00', at: '2026-06-10T12:05:00.001Z' }, 'occurred_in_future'],
  ['a time before 2000', { inviteId: 'inv_01kx7m3p9q2r4s5t6v7w8x9y0z00', at: '0001-01-01T00:00:00Z' }, 'occurred_too_long_ago'],
])('a fact that names %s is refused, and spoils no other', async (_what, bad, reason) => {
  const of = await invited();
  await arrange(of, 'handed_off');
  expect(await tell(fact('delivered', { eventId: 'bad', ...bad }), fact('delivered', { eventId: 'good', inviteId: of.id }))).toEqual([{ eventId: 'bad', outcome: 'refused', reason }, { eventId: 'good', outcome: 'recorded' }]);
});

test.each([['a message that was never sent', 0], ['a step that was never sent', 1]])('a fact about %s is refused', async (_what, step) => {
  const of = await invited();
  if (step === 1) await arrange(of, 'handed_off');
  expect(await tell(fact('delivered', { inviteId: of.id, step }))).toMatchObject([{ outcome: 'refused', reason: 'unknown_message' }]);
});

test.each([
  ['a bounce that does not say whether for good', { kind: 'bounced' }, '/events/0/permanent'],
  ['a delivery that is permanent', { kind: 'delivered', permanent: true }, '/events/0/permanent'],
  ['a kind nobody knows', { kind: 'opened' }, '/events/0/kind'],
  ['no time', { kind: 'delivered', at: undefined }, '/events/0/at'],
])('%s is 400', async (_what, more, path) => {
  const event = { eventId: 'e', at: '2026-06-10T12:00:00Z', inviteId: 'x', ...more };
  expect(await api.send(tenant, 'POST', '/v1/delivery-events', { events: [event] })).toMatchObject({ status: 400, body: { errors: [{ path }] } });
});

test('twenty reports of one bounce at once end the invite once', async () => {
  const of = await invited();
  await arrange(of, 'unknown');
  const bounced = fact('bounced', { inviteId: of.id });
  const replies = await Promise.all(Array.from({ length: 20 }, () => tell(bounced)));
  expect(replies.flat().filter(({ outcome }) => outcome === 'recorded')).toHaveLength(1);
  expect(await suppressionsNow()).toHaveLength(1);
  expect((await decisionsAbout(api, of.ref.batchId)).filter((kind) => kind === 'bounced')).toHaveLength(1);
});
