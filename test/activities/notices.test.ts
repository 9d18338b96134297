import { answerSpan, readAnswers } from '../../db/read/answer-slots.ts';
import { readStoryFacts } from '../../db/read/explain.ts';
import { tellStory } from '../../src/domain/explain/story.ts';
import { recordDeliveryEvents } from '../../db/write/record-delivery-events.ts';
import { raiseEpoch } from '../../db/write/raise-epoch.ts';
import { replanStale } from '../../db/write/replan-stale.ts';
import { claimGroup } from '../../db/write/claim-group.ts';
import type { Notice } from '../../db/write/queue-notices.ts';
import { asId, type MemberId, type ProgramId } from '../../src/domain/ids.ts';
import { NOTICE_TOPIC } from '../../src/domain/notice/notice-kinds.ts';
import { arrangeNotices, SOME_REWARDS } from '../support/arrange-notices.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';

const DAY_MS = 86_400_000;
let sending: TestSending;
let world: ReturnType<typeof arrangeNotices>;
let programId: ProgramId;

beforeAll(async () => {
  sending = await openTestSending();
  world = arrangeNotices(sending);
});
afterAll(() => sending.close());
beforeEach(async () => {
  sending.clock.set('2026-06-10T12:00:00Z');
  programId = await sending.makeProgram({ rewards: SOME_REWARDS, reminders: [{ afterHours: 1 }] });
});

function held(memberId: MemberId, more: Partial<Notice> = {}): Notice {
  return { key: `${memberId} held`, kind: 'reward_held', programId, memberId, values: { amount: '1000 EUR', until: '2026-07-10T12:00:00.000Z' }, ...more };
}

async function letterTo(address: string): Promise<string> {
  const [mail] = sending.sink.deliveries().filter(({ to }) => to.includes(address));
  return mail === undefined ? '' : (await sending.sink.store.raw(mail)).toString('utf8');
}

async function stateOf(): Promise<string[]> {
  return (await world.stored(programId)).map(({ state, reason, dueAt }) => [state, reason ?? '-', dueAt === null ? 'over' : 'due'].join(' '));
}

async function storyOf(): Promise<string[]> {
  const [notice] = await world.stored(programId);
  const facts = notice === undefined ? null : await sending.deps.db.asTenant(sending.tenant.tenantId, (tx) => readStoryFacts(tx, { batchId: notice.batchId, n: 0 }, sending.clock.now()));
  if (facts === null) throw new Error('no story');
  const { entries, now } = tellStory(facts, { now: sending.clock.now(), unknownForMs: DAY_MS });
  return [`now: ${now.waitsFor}`, ...entries.map(({ kind, title }) => `${kind}: ${title}`)];
}

test('a notice leaves once, in the member\'s language, with its way out; nothing follows it, not even its expiry', async () => {
  const memberId = await world.makeMember('clara@news.example', { name: 'Clara', locale: 'de-AT' });
  await world.queue(held(memberId));
  expect((await storyOf())[0]).toBe('now: its sender, which plans it before it may leave');
  expect(await sending.sendDue()).toMatchObject({ handedOff: 1 });
  await sending.sendDue();
  const letter = await letterTo('clara@news.example');
  for (const part of ['Hallo Clara', 'Auto-Submitted: auto-generated', 'List-Unsubscribe-Post: List-Unsubscribe=One-Click', '/u/', '/p/', '/l/']) expect(letter).toContain(part);
  expect(letter).not.toMatch(/Einladung ist|erwartet hat/);
  sending.clock.advance(8 * DAY_MS);
  await sending.sendDue();
  expect(sending.mailTo('clara@news.example')).toBe(1);
  expect(await stateOf()).toEqual(['handed_off - over']);
  expect(await storyOf()).toEqual([
    'now: nothing: the member was told, and nothing follows', 'accepted: Queued to tell a member: reward held.',
    'planned: Planned: the notice leaves at once.', expect.stringMatching(/^handed_off: The notice was handed off/),
  ]);
});

test('a member\'s own quiet hours are kept: it waits for their end', async () => {
  const memberId = await world.makeMember('quiet@news.example', { quietHours: [{ start: '12:00', end: '18:00' }] });
  await world.queue(held(memberId));
  expect(await sending.sendDue()).toMatchObject({ handedOff: 0 });
  expect(await world.stored(programId)).toMatchObject([{ state: 'waiting', stale: false, dueAt: Date.parse('2026-06-10T16:00:00Z') }]);
  sending.clock.set('2026-06-10T16:00:00Z');
  expect(await sending.sendDue()).toMatchObject({ handedOff: 1 });
});

test('a paused program holds its notices; what is no news any more when it goes on is let go', async () => {
  const [soon, late] = [await world.makeMember('soon@news.example'), await world.makeMember('late@news.example')];
  await sending.database.superuser`update programs set paused_at = ${sending.clock.now()} where id = ${programId}`;
  await world.queue(held(soon), held(late, { expiresAt: sending.clock.now() + 2 * 3_600_000 }));
  expect(await sending.sendDue()).toMatchObject({ handedOff: 0 });
  sending.clock.advance(3 * 3_600_000);
  await sending.database.superuser`update programs set paused_at = null where id = ${programId}`;
  expect(await sending.sendDue()).toMatchObject({ handedOff: 1 });
  expect([sending.mailTo('soon@news.example'), sending.mailTo('late@news.example')]).toEqual([1, 0]);
  expect((await stateOf()).toSorted()).toEqual(['expired expired over', 'handed_off - due']);
});

test('who switched these off while one waited gets none, and gets invites as before', async () => {
  const { tenantId } = sending.tenant;
  const memberId = await world.makeMember('off@news.example');
  await world.queue(held(memberId));
  // Said of the topic before it was planned, and not through us: the claim looks for itself.
  await sending.database.superuser`
    insert into consents (id, tenant_id, recipient_hash, topic, channel, action, source, given_at, recorded_at)
    values ('con_01jxd0000000000000000000aa', ${tenantId}, ${sending.deps.keyring.hashRecipient(tenantId, 'off@news.example')}, ${NOTICE_TOPIC}, 'email', 'withdrawn', 'api', ${sending.clock.now()}, ${sending.clock.now()})`;
  await sending.database.superuser`
    insert into preferences (tenant_id, recipient_hash, topic, channel, state, decided_at, consent_id)
    values (${tenantId}, ${sending.deps.keyring.hashRecipient(tenantId, 'off@news.example')}, ${NOTICE_TOPIC}, 'email', 'out', ${sending.clock.now()}, 'con_01jxd0000000000000000000aa')`;
  const invites = await sending.makeProgram({ existingMembers: 'invite', reminders: [] });
  await sending.accept(invites, [invitee('off@news.example')]);
  expect(await sending.sendDue()).toMatchObject({ handedOff: 1 });
  expect(await stateOf()).toEqual(['refused suppressed over']);
});

test('notices ask for no answer: they count as none, and who answers no invite hears of rewards all the same', async () => {
  const { tenantId } = sending.tenant;
  await sending.database.superuser`update tenants set limits = jsonb_set(limits, '{stopAfterUnanswered}', '2') where id = ${tenantId}`;
  const memberId = await world.makeMember('still@news.example');
  for (const kind of ['reward_held', 'reward_released', 'reward_taken_back'] as const) {
    await world.queue(held(memberId, { key: `still ${kind}`, kind, values: { amount: '5 points', until: '2026-07-10T12:00:00.000Z', reason: 'not_eligible' } }));
  }
  expect(await sending.sendDue()).toMatchObject({ handedOff: 3 });
  const invites = await sending.makeProgram({ existingMembers: 'invite', reminders: [], coolingHours: 0 });
  for (let i = 0; i < 3; i += 1) {
    const { decisions: [decision] } = await sending.accept(invites, [invitee('still@news.example')]);
    expect(decision).toMatchObject(i < 2 ? { outcome: 'accepted' } : { outcome: 'refused', reason: 'unanswered_cap' });
    await sending.sendDue();
    sending.clock.advance(60_000);
  }
  await world.queue(held(memberId, { key: 'still there', kind: 'friend_activated', values: {} }));
  expect(await sending.sendDue()).toMatchObject({ handedOff: 1 });
  sending.clock.advance(2 * DAY_MS);
  const now = sending.clock.now();
  const { counts } = await sending.deps.db.asTenant(tenantId, (tx) => readAnswers(tx, { tenantId, span: answerSpan(now), after: null }));
  expect([...new Set(counts.map(({ scope }) => scope))]).not.toContain(programId);
  await sending.database.superuser`update tenants set limits = limits - 'stopAfterUnanswered' where id = ${tenantId}`;
});

test('one that cannot be written is refused by itself, and stops nobody\'s', async () => {
  const [poor, fine] = [await world.makeMember('poor@news.example'), await world.makeMember('fine@news.example')];
  await world.queue(held(poor, { values: {} }), held(fine));
  expect(await sending.sendDue()).toMatchObject({ handedOff: 1, refused: 1 });
  expect((await stateOf()).toSorted()).toEqual(['handed_off - due', 'refused internal_error over']);
});

test('one whose sender was lost is unknown, is not sent again, and has no reminder when its delivery is told', async () => {
  const { tenantId } = sending.tenant;
  const memberId = await world.makeMember('lost@news.example');
  await world.queue(held(memberId));
  const lane = { tenantId, lane: 'email-0', channel: 'email' as const };
  const [{ batchId } = { batchId: asId('bat', 'bat_00000000000000000000000000') }] = await world.stored(programId);
  await sending.deps.db.asTenant(tenantId, (tx) => replanStale(tx, lane, sending.clock.now()));
  const { epoch } = await sending.deps.db.asTenant(tenantId, (tx) => raiseEpoch(tx, lane, sending.clock));
  const group = await sending.deps.db.asTenant(tenantId, (tx) => claimGroup(tx, lane, epoch, 10, sending.clock.now()));
  expect(group).toMatchObject({ outcome: 'claimed', messages: [{ batchId, notice: { kind: 'reward_held' } }] });
  expect(await sending.sendDue()).toMatchObject({ handedOff: 0 });
  expect(await stateOf()).toEqual(['unknown sender_lost due']);
  await sending.deps.db.asTenant(tenantId, (tx) => recordDeliveryEvents(tx, {
    tenantId, actor: 'test', now: sending.clock.now(),
    facts: [{ eventId: 'ev-1', kind: 'delivered', message: { batchId, n: 0, step: 0, channel: 'email' }, at: sending.clock.now(), permanent: false }],
  }));
  sending.clock.advance(DAY_MS);
  await sending.sendDue();
  expect(sending.mailTo('lost@news.example')).toBe(0);
  expect(await stateOf()).toEqual(['handed_off - due']);
});
