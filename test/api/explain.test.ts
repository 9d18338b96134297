import { BROWSER, openPage } from '../support/open-page.ts';
import { canary, kindsOf, openTestExplaining, tellsOf, titled } from '../support/explaining.ts';
import type { TestExplaining } from '../support/explaining.ts';
import { makeTestTenant, NOON, textIn } from '../support/api.ts';

const HOUR_MS = 3_600_000;
let ops: TestExplaining;

beforeAll(async () => { ops = await openTestExplaining(); });
afterAll(() => ops.close());

test('a story tells everything from accepting to joining, in order, with rules, inputs and times, and of nobody who it is', async () => {
  const { clock } = ops.sending;
  clock.set('2026-06-10T12:00:00Z');
  const programId = await ops.makeProgram({ coolingHours: 0 });
  await ops.call('PUT', '/v1/members/owner-17', { contact: { email: 'owner-17@kite.example' }, name: 'Kanarienvogel' });
  const address = 'canary@one.example';
  const [id = ''] = await ops.invite({ programId, externalId: 'owner-17', invitees: [canary(address, { zone: 'Asia/Tokyo', relationship: 'friend' })] });

  const waiting = await ops.story(id);
  expect(kindsOf(waiting)).toEqual(['accepted', 'planned']);
  expect(titled(waiting, 'planned')).toBe('Planned to leave Thu 11 June 08:00 in Asia/Tokyo (Wed 23:00 UTC).');
  expect(waiting.entries[1]?.inputs).toMatchObject({ zones: ['Asia/Tokyo'], zoneSource: 'explicit', programVersion: 1, rulesVersion: 3, sendAt: '2026-06-10T23:00:00.000Z' });
  expect(waiting.entries[0]?.inputs).toMatchObject({ consentBasis: 'inviter_attested', relationship: 'friend', coolingHours: 0, capOfMember: '10 a day' });
  expect(waiting.now).toMatchObject({
    state: 'waiting', waitsFor: 'leaves Thu 11 June 08:00 in Asia/Tokyo (Wed 23:00 UTC)', nextAt: '2026-06-10T23:00:00.000Z', heldBy: [], expiresAt: '2026-06-24T12:00:00.000Z',
  });
  expect(waiting.senderWorkflowId).toBe(`sender/${ops.sending.tenant.tenantId}/email-0`);

  clock.advance(HOUR_MS);
  await ops.invite({ programId, invitees: [canary(address, { zone: 'Australia/Sydney' })] });
  expect((await ops.story(id)).now.waitsFor).toBe('its sender, which plans it again before it may leave, because something it was planned from changed');
  await ops.sending.sendDue();
  const replanned = await ops.story(id);
  expect(titled(replanned, 'planned_again')).toBe(
    'Planned again because the recipient\'s time zone changed from Asia/Tokyo to Australia/Sydney: the invitation now leaves Thu 11 June 08:00 in Australia/Sydney (Wed 22:00 UTC).');

  clock.set('2026-06-10T22:00:00Z');
  await ops.sending.sendDue();
  expect(titled(await ops.story(id), 'reminder_planned')).toBe('Reminder 1 was planned for Sun 14 June 08:00 in Australia/Sydney (Sat 22:00 UTC).');
  clock.advance(2 * HOUR_MS);
  const code = (await ops.story(id)).linkCode ?? '';
  const headers = { host: 'flywheel.example', 'user-agent': BROWSER, 'x-forwarded-for': '203.0.113.77' };
  await openPage(ops.api.url, `/l/${code}`, { method: 'HEAD', headers });
  const clicked = await openPage(ops.api.url, `/l/${code}`, { headers });
  const clickId = new URL(clicked.headers.location ?? '').searchParams.get('clickId') ?? '';
  clock.advance(60_000);
  await ops.call('POST', '/v1/events', { events: [{ eventId: 'signup-canary@one.example', type: 'signed_up', externalId: 'newcomer', clickId, properties: { note: 'canary' } }] });

  const story = await ops.story(id);
  expect(kindsOf(story).filter((kind) => kind !== 'reminder_planned')).toEqual(['accepted', 'planned', 'planned_again', 'handed_off', 'clicked', 'clicked', 'event', 'joined']);
  expect(story.entries.filter(({ kind }) => kind === 'clicked').map(({ inputs }) => inputs)).toEqual(expect.arrayContaining([{ counted: false, whyNot: 'head' }, { counted: true }]));
  expect(titled(story, 'handed_off')).toMatch(/^The invitation was handed off to the mail server: “250 /);
  expect(story.entries.find(({ kind }) => kind === 'handed_off')).toMatchObject({ actor: 'sender', source: { kind: 'message', id: `${id}.0` }, inputs: { messageId: `${id}.0@kite.example`, claimedAt: '2026-06-10T22:00:00.000Z' } });
  expect(titled(story, 'joined')).toMatch(new RegExp(`^Joined: the recipient is member mbr_\\w+ now, by a sign-up that came with click ${clickId}; nothing more leaves\\.$`));
  expect(story.now).toMatchObject({ state: 'joined', waitsFor: 'nothing: it ended joined', nextAt: null });
  expect(story.entries.map(({ at }) => at)).toEqual(story.entries.map(({ at }) => at).toSorted());

  expect(await tellsOf(ops, id)).toEqual([]);
  const [, page] = await ops.toldOf(id);
  for (const { source } of story.entries) expect(page).toContain(`${source.kind} ${source.id}`);
});

test('a refusal tells by which rule, and of a duplicate which invite came first', async () => {
  ops.sending.clock.set('2026-07-01T12:00:00Z');
  const programId = await ops.makeProgram({ consentBases: ['opt_in'] });
  const yes = { consent: { basis: 'opt_in' } };
  const suppressionId = textIn((await ops.call('POST', '/v1/suppressions', { email: 'canary-no@two.example', reason: 'manual' })).body, 'id');
  const ids = await ops.invite({ programId, invitees: [
    canary('canary-a@two.example'), canary('no address, canary', yes), canary('canary-no@two.example', yes), canary('canary-b@two.example', yes), canary('canary-b@two.example', yes),
  ] });
  const stories = await Promise.all(ids.map((id) => ops.story(id)));
  expect(stories.map(({ entries: [first] }) => [first?.kind, first?.inputs['reason']])).toEqual([
    ['refused', 'no_consent'], ['refused', 'invalid_address'], ['refused', 'suppressed'], ['accepted', undefined], ['refused', 'duplicate_in_cooling_period'],
  ]);
  expect(stories[0]?.entries[0]?.rule).toBe('Each invitee needs a basis of consent that the program accepts (opt_in); given was inviter_attested.');
  expect(stories[2]?.entries[0]?.inputs).toMatchObject({ suppressionId, suppressedBecause: 'manual', suppressedAt: '2026-07-01T12:00:00.000Z' });
  expect(stories[4]?.entries[0]?.rule).toBe(`A recipient is invited once in 24 hours, whoever asks; ${ids[3] ?? ''} came first.`);
  expect(stories[0]?.now).toMatchObject({ state: 'refused', nextAt: null, waitsFor: 'nothing: it ended refused (the basis of consent is missing, or not one this program accepts)' });
  for (const id of ids) expect(await tellsOf(ops, id)).toEqual([]);
});

test('what holds an invite is told while it holds, with since when and why; expiry runs on', async () => {
  const { clock } = ops.sending;
  clock.set('2026-07-08T12:00:00Z');
  const programId = await ops.makeProgram({ expiresAfterHours: 48, reminders: [] });
  const [id = ''] = await ops.invite({ programId, invitees: [canary('canary-held@three.example', { zone: 'Asia/Tokyo' })] });
  clock.advance(HOUR_MS);
  await ops.call('POST', `/v1/programs/${programId}/pause`);
  expect((await ops.story(id)).now).toMatchObject({
    state: 'waiting', nextAt: '2026-07-10T12:00:00.000Z', heldBy: [{ kind: 'program_paused', id: programId, since: '2026-07-08T13:00:00.000Z', reason: null }],
    waitsFor: `held: program ${programId} is paused since Wed 8 July 13:00 UTC; it expires Fri 10 July 21:00 in Asia/Tokyo (Fri 12:00 UTC)`,
  });
  clock.advance(HOUR_MS);
  await ops.call('POST', '/v1/tenant/pause');
  await ops.call('PUT', '/v1/hard-stops/email', { reason: 'wrong price; ask canary@kite.example or +49 151 23456789' });
  const held = await ops.story(id);
  expect(held.now.heldBy.map(({ kind }) => kind)).toEqual(['tenant_paused', 'hard_stop', 'program_paused']);
  expect(held.now.heldBy[1]?.reason).toBe('wrong price; ask … or …');
  expect(await tellsOf(ops, id)).toEqual([]);
  clock.advance(HOUR_MS);
  await ops.call('DELETE', '/v1/hard-stops/email');
  await ops.call('POST', '/v1/tenant/resume');
  await ops.call('POST', `/v1/programs/${programId}/resume`);
  await ops.sending.sendDue();
  clock.set('2026-07-08T23:00:00Z');
  await ops.sending.sendDue();
  clock.set('2026-07-10T12:00:00Z');
  await ops.sending.sendDue();
  const ended = await ops.story(id);
  expect(kindsOf(ended)).toEqual(['accepted', 'planned', 'held', 'held', 'held', 'released', 'released', 'released', 'planned_again', 'handed_off', 'expired']);
  expect(titled(ended, 'planned_again')).toMatch(/^Planned again because the pause of the program was lifted: the invitation now leaves Thu 9 July 08:00 in Asia\/Tokyo /);
  expect(ended.now).toMatchObject({ state: 'expired', waitsFor: 'nothing: it ended expired' });
});

test('a pause from before the invite is told where it still held, and none that came after its end', async () => {
  const { clock } = ops.sending;
  clock.set('2026-08-05T12:00:00Z');
  const programId = await ops.makeProgram({ reminders: [] });
  await ops.call('POST', '/v1/tenant/pause');
  await ops.call('POST', '/v1/tenant/resume');
  clock.advance(HOUR_MS);
  await ops.call('POST', '/v1/tenant/pause');
  clock.advance(HOUR_MS);
  const [id = ''] = await ops.invite({ programId, invitees: [canary('canary-before@four.example')] });
  expect(kindsOf(await ops.story(id))).toEqual(['held', 'accepted', 'planned']);
  await ops.call('POST', `/v1/invites/${id}/cancel`);
  clock.advance(HOUR_MS);
  await ops.call('POST', '/v1/tenant/resume');
  const story = await ops.story(id);
  expect(kindsOf(story)).toEqual(['held', 'accepted', 'planned', 'canceled']);
  expect(titled(story, 'canceled')).toBe('Canceled before it left.');
});

test('there is no story of another tenant\'s invite, nor of one that never was', async () => {
  ops.sending.clock.set('2026-09-02T12:00:00Z');
  const [id = ''] = await ops.invite({ programId: await ops.makeProgram(), invitees: [canary('canary-theirs@eight.example')] });
  const other = await makeTestTenant(ops.sending.database, NOON, { name: 'Other' });
  const replies = await Promise.all([
    ops.api.send(other, 'GET', `/v1/invites/${id}/explain`), ops.api.send(ops.sending.tenant, 'GET', `/v1/invites/${id.slice(0, -2)}zz/explain`),
    ops.api.send(ops.sending.tenant, 'GET', '/v1/invites/inv_x/explain'),
  ]);
  expect(replies.map(({ status, body }) => [status, body['code']])).toEqual(Array.from({ length: 3 }, () => [404, 'not_found']));
  expect((await ops.api.send(null, 'GET', `/v1/invites/${id}/explain`)).status).toBe(401);
});
