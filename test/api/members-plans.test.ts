import { NOON, openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { invite, inviteRow, makeProgram } from '../support/invites-api.ts';
import type { Invited } from '../support/invites-api.ts';

let api: TestApi;
let tenant: TestTenant;
let waiting: Invited;

beforeAll(async () => {
  api = await openTestApi();
});
beforeEach(async () => {
  api.clock.set(NOON);
  tenant = await api.makeTenant();
  const programId = await makeProgram(api, tenant, { eventBufferDays: 3, existingMembers: 'invite' });
  await put('inviter', { zone: 'Europe/Paris', quietHours: [{ start: '22:00', end: '07:00' }], eventDates: ['2026-09-01'], name: 'Ina' });
  const [made] = await invite(api, tenant, programId, ['sam@x.example'], { externalId: 'inviter' });
  if (made === undefined) throw new Error('nobody was invited');
  waiting = made;
});
afterAll(() => api.close());

const put = (externalId: string, body: object) => api.send(tenant, 'PUT', `/v1/members/${externalId}`, body);

test.each([
  ['event dates', { eventDates: ['2026-06-12'] }], ['zone', { zone: 'Asia/Tokyo' }], ['quiet hours', { quietHours: null }],
])('an inviter\'s changed %s makes what waits stale, so that it is planned again before it can leave', async (_what, change) => {
  await put('inviter', change);
  expect(await inviteRow(api, waiting.ref)).toMatchObject({ state: 'waiting', stale: true });
});

test('what decides no plan, or is the same as before, leaves what waits alone', async () => {
  await put('inviter', { name: 'Ina B.', attributes: { plan: 'pro' }, birthYear: 1990, eventDates: ['2026-09-01'], zone: 'Europe/Paris', quietHours: [{ start: '22:00', end: '07:00' }] });
  expect(await inviteRow(api, waiting.ref)).toMatchObject({ state: 'waiting', stale: false });
});

test('in a batch of many the waiting invites of each inviter are found', async () => {
  const members = [...Array.from({ length: 20 }, (_, i) => ({ externalId: `other-${i}`, zone: 'UTC' })), { externalId: 'inviter', eventDates: ['2026-06-11'] }];
  await api.send(tenant, 'POST', '/v1/members/batch', { members });
  expect(await inviteRow(api, waiting.ref)).toMatchObject({ stale: true });
});

test('a member who takes an invited mailbox closes its invite as joined; one with another mailbox does not', async () => {
  await put('else', { contact: { email: 'else@x.example' } });
  expect(await inviteRow(api, waiting.ref)).toMatchObject({ state: 'waiting' });
  await api.send(tenant, 'POST', '/v1/members/batch', { members: [{ externalId: 'a', contact: { email: 'a@x.example' } }, { externalId: 'sam', contact: { email: 'SAM@x.example' } }] });
  expect(await inviteRow(api, waiting.ref)).toMatchObject({ state: 'joined', dueAt: null });
});

test('overlapping batches in any order all succeed, whatever they wait for', async () => {
  const ids = Array.from({ length: 30 }, (_, i) => i);
  const batch = (order: readonly number[], shift: number) => api.send(tenant, 'POST', '/v1/members/batch', {
    members: order.map((i) => ({ externalId: `m-${i}`, contact: { email: `box${(i + shift) % 30}@x.example` }, name: `N${shift}` })),
  });
  const replies = await Promise.all(Array.from({ length: 16 }, (_, shift) => batch(shift % 2 === 0 ? ids : ids.toReversed(), shift)));
  expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
});
