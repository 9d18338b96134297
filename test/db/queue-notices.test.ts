import { randomInt } from 'node:crypto';
import { readBatch, readInvites } from '../../db/read/invites.ts';
import { preferenceView } from '../../db/read/preference-page.ts';
import { countRunningInvites } from '../../db/read/program-versions.ts';
import { cancelInvites } from '../../db/write/cancel-invites.ts';
import { addSuppression } from '../../db/write/add-suppression.ts';
import { closeJoined } from '../../db/write/close-joined.ts';
import { closeJoinedOf } from '../../db/write/close-joined-of.ts';
import { recordConsent } from '../../db/write/record-consent.ts';
import type { Notice } from '../../db/write/queue-notices.ts';
import type { MemberId, ProgramId } from '../../src/domain/ids.ts';
import { NOTICE_KINDS, NOTICE_TOPIC, noticesOf } from '../../src/domain/notice/notice-kinds.ts';
import { arrangeNotices, SOME_REWARDS } from '../support/arrange-notices.ts';
import { openTestSending, type TestSending } from '../support/sending.ts';

const MINUTE_MS = 60_000;
let sending: TestSending;
let world: ReturnType<typeof arrangeNotices>;
let programId: ProgramId;

beforeAll(async () => {
  sending = await openTestSending();
  world = arrangeNotices(sending);
});
afterAll(() => sending.close());
beforeEach(async () => { programId = await sending.makeProgram({ rewards: SOME_REWARDS }); });

function released(memberId: MemberId, key: string, more: Partial<Notice> = {}): Notice {
  return { key, kind: 'reward_released', programId, memberId, values: { amount: '1000 EUR' }, ...more };
}

const asTenant: TestSending['deps']['db']['asTenant'] = (...args) => sending.deps.db.asTenant(...args);

test('a business fact is told once, however many ask at once', async () => {
  const memberId = await world.makeMember('once@notice.example');
  await Promise.all(Array.from({ length: 8 }, () => world.queue(released(memberId, 'rew_a:release:0'))));
  sending.clock.advance(3 * 60 * MINUTE_MS);
  await world.queue(released(memberId, 'rew_a:release:0'));
  expect(await world.stored(programId)).toMatchObject([{ key: 'rew_a:release:0', state: 'waiting', stale: true }]);
});

test('of a kind a member hears once within an hour, across the turn of the hour too; other kinds and programs are by themselves', async () => {
  const memberId = await world.makeMember('fold@notice.example');
  const other = await sending.makeProgram({ rewards: SOME_REWARDS });
  sending.clock.set('2026-06-10T13:59:00Z');
  await world.queue(released(memberId, 'fold-1'), released(memberId, 'fold-2'), released(memberId, 'fold-3', { kind: 'reward_taken_back' }), released(memberId, 'fold-4', { programId: other }));
  sending.clock.set('2026-06-10T14:01:00Z');
  await world.queue(released(memberId, 'fold-5'));
  sending.clock.set('2026-06-10T15:00:00Z');
  await world.queue(released(memberId, 'fold-6'));
  expect((await world.stored(programId)).map(({ key }) => key)).toEqual(['fold-1', 'fold-3', 'fold-6']);
  expect((await world.stored(other)).map(({ key }) => key)).toEqual(['fold-4']);
  expect(await Promise.all(['fold-1', 'fold-2', 'fold-5'].map((key) => world.decided(key)))).toEqual([['notice_queued'], ['notice_not_sent folded'], ['notice_not_sent folded']]);
});

test('many who tell the same members of several things at once never wait in a ring', async () => {
  const members = await Promise.all(Array.from({ length: 6 }, (_none, i) => world.makeMember(`ring-${String(i)}@notice.example`)));
  await Promise.all(Array.from({ length: 12 }, (_none, turn) =>
    world.queue(...members.map((memberId, i) => released(memberId, `ring-${String(randomInt(1e9))}-${String(turn)}-${String(i)}`)).toSorted(() => randomInt(3) - 1))));
  expect(await world.stored(programId)).toHaveLength(6);
});

test.each([
  ['says nothing and has no rewards', {}, []],
  ['says nothing and has rewards', { rewards: SOME_REWARDS }, NOTICE_KINDS],
  ['wants none', { rewards: SOME_REWARDS, notices: [] }, []],
  ['names one', { notices: ['reward_released' as const] }, ['reward_released']],
])('a program that %s sends what it should, and the page and the rule agree', async (_name, terms, kinds) => {
  programId = await sending.makeProgram(terms);
  const memberId = await world.makeMember(`terms-${String(kinds.length)}-${'rewards' in terms ? 'r' : 'n'}@notice.example`);
  await world.queue(...NOTICE_KINDS.map((kind) => released(memberId, `${programId} ${kind}`, { kind })));
  expect((await world.stored(programId)).map(({ kind }) => kind).toSorted()).toEqual([...kinds].toSorted());
  expect([...noticesOf(terms)].toSorted()).toEqual([...kinds].toSorted());
  if (kinds.length === 0) expect(await world.decided(`${programId} reward_released`)).toEqual([]);
});

test('who has no address, opted out of these or of everything, or is suppressed gets none, and the reason is kept', async () => {
  const { tenantId } = sending.tenant;
  const by = { tenantId, now: sending.clock.now(), actor: 'test' };
  const hashOf = (email: string): Buffer => sending.deps.keyring.hashRecipient(tenantId, email);
  const optOut = (email: string, topic: string): Promise<unknown> => asTenant(tenantId, (tx) => recordConsent(tx, {
    ...by, recipientHash: hashOf(email), topic, channel: 'email', action: 'withdrawn', basis: null, wordingVersion: null, locale: null, source: 'api', givenAt: by.now }));
  const [nobody, byPhone, updates, everything, stopped, invitesOnly] = [
    await world.makeMember(null), await world.makeMember(null, { phone: '+33612345678' }), await world.makeMember('updates@notice.example'),
    await world.makeMember('all@notice.example'), await world.makeMember('stopped@notice.example'), await world.makeMember('invites@notice.example'),
  ];
  await optOut('updates@notice.example', NOTICE_TOPIC);
  await optOut('all@notice.example', '*');
  await optOut('invites@notice.example', 'invitations');
  await asTenant(tenantId, (tx) => addSuppression(tx, { ...by, recipientHash: hashOf('stopped@notice.example'), reason: 'hard_bounce' }));
  await world.queue(...[nobody, byPhone, updates, everything, stopped, invitesOnly].map((memberId) => released(memberId, `${memberId} released`)));
  expect((await world.stored(programId)).map(({ key }) => key)).toEqual([`${invitesOnly} released`]);
  expect(await Promise.all([nobody, byPhone, updates, everything, stopped].map((id) => world.decided(`${id} released`)))).toEqual([
    ['notice_not_sent no_address'], ['notice_not_sent no_address'], ['notice_not_sent suppressed opted_out'], ['notice_not_sent suppressed opted_out'], ['notice_not_sent suppressed hard_bounce'],
  ]);
});

test('an opt-out from these ends a notice that waits, and no invite', async () => {
  const { tenantId } = sending.tenant;
  const memberId = await world.makeMember('late@notice.example');
  await world.queue(released(memberId, 'late'));
  const invites = await sending.makeProgram({ existingMembers: 'invite' });
  const { batchId } = await sending.accept(invites, [{ email: 'late@notice.example', zone: 'Asia/Tokyo', consent: { basis: 'opt_in' } }]);
  await asTenant(tenantId, (tx) => recordConsent(tx, {
    tenantId, recipientHash: sending.deps.keyring.hashRecipient(tenantId, 'late@notice.example'), topic: NOTICE_TOPIC, channel: 'email', action: 'withdrawn', basis: null,
    wordingVersion: null, locale: null, source: 'preference_page', givenAt: sending.clock.now(), now: sending.clock.now(), actor: 'recipient' }));
  expect(await world.stored(programId)).toMatchObject([{ state: 'refused', reason: 'suppressed' }]);
  expect(await asTenant(tenantId, (tx) => readInvites(tx, batchId, 0, 1))).toMatchObject([{ state: 'waiting' }]);
});

test('a notice is no invite: no list or count has it, nobody cancels it and nobody joins by it', async () => {
  const { tenantId } = sending.tenant;
  const memberId = await world.makeMember('none@notice.example');
  await world.queue(released(memberId, 'no-invite'));
  const [{ batchId } = { batchId: null }] = await world.stored(programId);
  if (batchId === null) throw new Error('no notice');
  const now = sending.clock.now();
  expect(await asTenant(tenantId, async (tx) => ({
    batch: await readBatch(tx, batchId), invites: await readInvites(tx, batchId, 0, 10),
    running: (await countRunningInvites(tx, programId)).size, canceled: await cancelInvites(tx, { tenantId, batchId, n: null, now, actor: 'test' }),
  }))).toEqual({ batch: null, invites: [], running: 0, canceled: null });
  const joined = { memberId, recipientHash: sending.deps.keyring.hashRecipient(tenantId, 'none@notice.example') };
  await asTenant(tenantId, (tx) => closeJoinedOf(tx, { tenantId, joined: [joined], byLink: [{ memberId, batchId, n: 0 }], now, cause: 'signed_up' }));
  await asTenant(tenantId, (tx) => closeJoined(tx, { ...joined, tenantId, now, cause: 'signed_up' }));
  expect(await world.stored(programId)).toMatchObject([{ state: 'waiting' }]);
});

test('the preference page offers the news of programs that tell some, by e-mail alone', async () => {
  const { tenantId } = sending.tenant;
  await world.queue(released(await world.makeMember('page@notice.example'), 'page'));
  const [{ batchId } = { batchId: null }] = await world.stored(programId);
  if (batchId === null) throw new Error('no notice');
  const view = await asTenant(tenantId, (tx) => preferenceView(tx, { tenantId, batchId, n: 0 }));
  expect(view).toMatchObject({ invitersSealed: [], addresses: [{ channel: 'email' }] });
  expect(view?.topics).toContainEqual({ topic: NOTICE_TOPIC, channels: ['email'], titles: ['Kite days'] });
});
