import { addSuppression } from '../../db/write/add-suppression.ts';
import { closeJoinedOf } from '../../db/write/close-joined-of.ts';
import { keepLandingAnswer } from '../../db/write/landing-answer.ts';
import { resendRun } from '../../db/write/runs/resend.ts';
import { newId } from '../../src/config/new-id.ts';
import type { MemberId, ProgramId, RunId } from '../../src/domain/ids.ts';
import type { ProgramTerms } from '../../src/domain/program/terms.ts';
import { arrangeRuns, askingLoop } from '../support/arrange-runs.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';
import { untilItStands } from '../support/two-at-once.ts';

const HOUR_MS = 3_600_000;
let sending: TestSending;
let world: ReturnType<typeof arrangeRuns>;
let memberId: MemberId;
let asTenant: TestSending['deps']['db']['asTenant'];

beforeAll(async () => {
  sending = await openTestSending();
  world = arrangeRuns(sending, askingLoop);
  asTenant = (...args) => sending.deps.db.asTenant(...args);
});
afterAll(() => sending.close());
beforeEach(async () => {
  sending.clock.set('2026-06-10T12:00:00Z');
  memberId = await world.makeMember(null, { name: 'Ana' });
});

let asked = 0;
const address = (): string => `friend-${String((asked += 1))}@again.example`;
const hashOf = (email: string) => sending.deps.keyring.hashRecipient(sending.tenant.tenantId, email);
const program = (terms: Partial<ProgramTerms> = {}): Promise<ProgramId> => world.makeProgram({ coolingHours: 24, reminders: [{ afterHours: 72 }], expiresAfterHours: 7 * 24, ...terms });
async function left(programId: ProgramId, ...emails: readonly string[]): Promise<RunId> {
  const runId = await world.started(programId, memberId, { input: {}, invitees: emails.map((email) => invitee(email)) });
  await sending.sendDue();
  return runId;
}
function again(runId: RunId, to: 'people' | 'invitees' | 'both' = 'both') {
  // Ids of one millisecond stand in no order.
  sending.clock.advance(1);
  return asTenant(sending.tenant.tenantId, (tx) =>
    resendRun(tx, sending.deps.keyring, { tenantId: sending.tenant.tenantId, runId, reason: 'they say that it did not arrive', actor: 'test', now: sending.clock.now(), to }));
}
const invitesOf = async (runId: RunId) => [...await sending.database.superuser<{ state: string; reason: string | null; stop: string | null }[]>`
  select i.state, i.reason, i.stop_reason as stop from invite_batches b join invites i on i.batch_id = b.id where b.run_id = ${runId} order by b.id, i.n`];

test('who was asked and has not come is asked once more after the cooling; who joined is not, and the first one\'s reminders end', async () => {
  const [ben, cyd] = [address(), address()];
  const runId = await left(await program(), ben, cyd);
  await asTenant(sending.tenant.tenantId, (tx) => closeJoinedOf(tx, { tenantId: sending.tenant.tenantId, joined: [{ memberId, recipientHash: hashOf(cyd) }], byLink: [], now: sending.clock.now(), cause: 'signed_up' }));
  sending.clock.advance(25 * HOUR_MS);
  expect(await again(runId)).toBe('done');
  await sending.sendDue();
  expect([sending.mailTo(ben), sending.mailTo(cyd)]).toEqual([2, 1]);
  expect(await invitesOf(runId)).toEqual([{ state: 'handed_off', reason: null, stop: 'canceled' }, { state: 'joined', reason: null, stop: null }, { state: 'handed_off', reason: null, stop: null }]);
  const once = await sending.database.superuser<{ ns: number[] }[]>`select d.ns from decisions d join invite_batches b on b.id = d.subject_id where b.run_id = ${runId} and d.kind = 'invited_once_more'`;
  expect(once.map(({ ns }) => ns)).toEqual([[0]]);
  sending.clock.advance(48 * HOUR_MS);
  await sending.sendDue();
  expect(sending.mailTo(ben)).toBe(2); // 72 hours after the first, which reminds nobody any more
  sending.clock.advance(25 * HOUR_MS);
  await sending.sendDue();
  expect(sending.mailTo(ben)).toBe(3);
});

test('within the cooling nobody is asked once more, and the answer says why', async () => {
  const ben = address();
  const runId = await left(await program(), ben);
  expect(await again(runId)).toEqual({ elsewhere: expect.stringContaining('duplicate_in_cooling_period (1)') });
  await sending.sendDue();
  expect(sending.mailTo(ben)).toBe(1);
  expect((await invitesOf(runId)).map(({ state, reason }) => [state, reason])).toEqual([['handed_off', null], ['refused', 'duplicate_in_cooling_period']]);
});

test('of several, those who may be asked are; the others are refused with their reasons, and keep what they had', async () => {
  const [ben, cyd] = [address(), address()];
  const runId = await left(await program({ coolingHours: 0 }), ben, cyd);
  await asTenant(sending.tenant.tenantId, (tx) => addSuppression(tx, { tenantId: sending.tenant.tenantId, recipientHash: hashOf(cyd), reason: 'manual', actor: 'test', now: sending.clock.now() }));
  expect(await again(runId)).toBe('done');
  await sending.sendDue();
  expect([sending.mailTo(ben), sending.mailTo(cyd)]).toEqual([2, 1]);
  const [decision] = await sending.database.superuser<{ inputs: unknown }[]>`select inputs from decisions where subject_id = ${runId} and kind = 'run_invites_resent'`;
  expect(decision?.inputs).toMatchObject({ accepted: 1, refused: ['suppressed'] });
});

test('who has answered on the page, yes or no, is not asked once more, whatever became of the mail', async () => {
  const people = [address(), address(), address(), address()];
  const runId = await left(await program({ coolingHours: 0 }), ...people);
  const { tenantId } = sending.tenant;
  const links = await sending.database.superuser<{ code: string }[]>`select l.code from links l join invite_batches b on b.id = l.batch_id where b.run_id = ${runId} order by l.n`;
  const give = (n: number, answer: 'accept' | 'decline' | 'report') => asTenant(tenantId, (tx) => keepLandingAnswer(tx, {
    tenantId, runId, code: links[n]?.code ?? '', touchId: newId('tch', sending.clock.now()), answer, reason: answer === 'report' ? 'spam' : null, now: sending.clock.now() }));
  await give(1, 'decline');
  await give(2, 'accept');
  await give(3, 'report');
  expect(await again(runId)).toBe('done');
  await sending.sendDue();
  expect(people.map((one) => sending.mailTo(one))).toEqual([2, 1, 1, 1]);
  // Also after a second one, to which nobody has said anything.
  await give(0, 'decline');
  sending.clock.advance(HOUR_MS);
  expect(await again(runId)).toEqual({ elsewhere: expect.stringContaining('nothing') });
});

test('what goes out again ends when the first would have, and not after', async () => {
  const runId = await left(await program({ coolingHours: 0 }), address());
  const ends = async () => (await sending.database.superuser<{ at: number }[]>`select expires_at as at from invite_batches where run_id = ${runId} order by id`).map(({ at }) => Number(new Date(at)));
  const [first] = await ends();
  sending.clock.advance(48 * HOUR_MS);
  expect(await again(runId)).toBe('done');
  expect(await ends()).toEqual([first, first]);
  await sending.sendDue();
  sending.clock.advance(6 * 24 * HOUR_MS);
  await sending.sendDue();
  expect(await again(runId)).toEqual({ elsewhere: expect.stringContaining('over') });
});

test('one that waits still stays as it is; of a paused program nothing goes out; to those in it alone invitees hear nothing', async () => {
  const programId = await program({ coolingHours: 0 });
  const ben = address();
  const runId = await world.started(programId, memberId, { input: {}, invitees: [invitee(ben)] });
  expect(await again(runId)).toBe('unchanged');
  await sending.sendDue();
  expect(await again(runId, 'people')).toEqual({ elsewhere: expect.stringContaining('nothing') });
  await asTenant(sending.tenant.tenantId, (tx) => tx.sql`update programs set paused_at = ${sending.clock.now()} where id = ${programId}`);
  expect(await again(runId)).toEqual({ elsewhere: expect.stringContaining('paused') });
});

test('two operators at the same instant ask once more once', async () => {
  const ben = address();
  const runId = await left(await program({ coolingHours: 0 }), ben);
  let other: Promise<unknown> | undefined;
  const first = await asTenant(sending.tenant.tenantId, async (tx) => {
    const done = await resendRun(tx, sending.deps.keyring, { tenantId: sending.tenant.tenantId, runId, reason: 'twice', actor: 'test', now: sending.clock.now(), to: 'both' });
    other = again(runId);
    await untilItStands(sending.database, other);
    return done;
  });
  expect([first, await other]).toEqual(['done', 'unchanged']);
  await sending.sendDue();
  expect(sending.mailTo(ben)).toBe(2);
});
