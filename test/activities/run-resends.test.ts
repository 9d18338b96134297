import { addSuppression } from '../../db/write/add-suppression.ts';
import { closeJoinedOf } from '../../db/write/close-joined-of.ts';
import { keepLandingAnswer } from '../../db/write/landing-answer.ts';
import { resendRun } from '../../db/write/runs/resend.ts';
import { newId } from '../../src/config/new-id.ts';
import type { MemberId, ProgramId, RunId } from '../../src/domain/ids.ts';
import type { ProgramTerms } from '../../src/domain/program/terms.ts';
import { askingLoop } from '../support/arrange-runs.ts';
import { invitee } from '../support/sending.ts';
import { useRuns } from '../support/use-runs.ts';
import { untilItStands } from '../support/two-at-once.ts';

const HOUR_MS = 3_600_000;
const runs = useRuns(askingLoop);
const { asTenant } = runs;
let memberId: MemberId;
beforeEach(async () => {
  memberId = await runs.world.makeMember(null, { name: 'Ana' });
});

let asked = 0;
const address = (): string => `friend-${String((asked += 1))}@again.example`;
const hashOf = (email: string) => runs.sending.deps.keyring.hashRecipient(runs.sending.tenant.tenantId, email);
const program = (terms: Partial<ProgramTerms> = {}): Promise<ProgramId> => runs.world.makeProgram({ coolingHours: 24, reminders: [{ afterHours: 72 }], expiresAfterHours: 7 * 24, ...terms });
async function left(programId: ProgramId, ...emails: readonly string[]): Promise<RunId> {
  const runId = await runs.world.started(programId, memberId, { input: {}, invitees: emails.map((email) => invitee(email)) });
  await runs.sending.sendDue();
  return runId;
}
function again(runId: RunId, to: 'people' | 'invitees' | 'both' = 'both') {
  // Ids of one millisecond stand in no order.
  runs.sending.clock.advance(1);
  return asTenant(runs.sending.tenant.tenantId, (tx) =>
    resendRun(tx, runs.sending.deps.keyring, { tenantId: runs.sending.tenant.tenantId, runId, reason: 'they say that it did not arrive', actor: 'test', now: runs.sending.clock.now(), to }));
}
const invitesOf = async (runId: RunId) => [...await runs.sending.database.superuser<{ state: string; reason: string | null; stop: string | null }[]>`
  select i.state, i.reason, i.stop_reason as stop from invite_batches b join invites i on i.batch_id = b.id where b.run_id = ${runId} order by b.id, i.n`];

test('who was asked and has not come is asked once more after the cooling; who joined is not, and the first one\'s reminders end', async () => {
  const [ben, cyd] = [address(), address()];
  const runId = await left(await program(), ben, cyd);
  await asTenant(runs.sending.tenant.tenantId, (tx) => closeJoinedOf(tx, { tenantId: runs.sending.tenant.tenantId, joined: [{ memberId, recipientHash: hashOf(cyd) }], byLink: [], now: runs.sending.clock.now(), cause: 'signed_up' }));
  runs.sending.clock.advance(25 * HOUR_MS);
  expect(await again(runId)).toBe('done');
  await runs.sending.sendDue();
  expect([runs.sending.mailTo(ben), runs.sending.mailTo(cyd)]).toEqual([2, 1]);
  expect(await invitesOf(runId)).toEqual([{ state: 'handed_off', reason: null, stop: 'canceled' }, { state: 'joined', reason: null, stop: null }, { state: 'handed_off', reason: null, stop: null }]);
  const once = await runs.sending.database.superuser<{ ns: number[] }[]>`select d.ns from decisions d join invite_batches b on b.id = d.subject_id where b.run_id = ${runId} and d.kind = 'invited_once_more'`;
  expect(once.map(({ ns }) => ns)).toEqual([[0]]);
  runs.sending.clock.advance(48 * HOUR_MS);
  await runs.sending.sendDue();
  expect(runs.sending.mailTo(ben)).toBe(2); // 72 hours after the first, which reminds nobody any more
  runs.sending.clock.advance(25 * HOUR_MS);
  await runs.sending.sendDue();
  expect(runs.sending.mailTo(ben)).toBe(3);
});

test('within the cooling nobody is asked once more, and the answer says why', async () => {
  const ben = address();
  const runId = await left(await program(), ben);
  expect(await again(runId)).toEqual({ elsewhere: expect.stringContaining('duplicate_in_cooling_period (1)') });
  await runs.sending.sendDue();
  expect(runs.sending.mailTo(ben)).toBe(1);
  expect((await invitesOf(runId)).map(({ state, reason }) => [state, reason])).toEqual([['handed_off', null], ['refused', 'duplicate_in_cooling_period']]);
});

test('of several, those who may be asked are; the others are refused with their reasons, and keep what they had', async () => {
  const [ben, cyd] = [address(), address()];
  const runId = await left(await program({ coolingHours: 0 }), ben, cyd);
  await asTenant(runs.sending.tenant.tenantId, (tx) => addSuppression(tx, { tenantId: runs.sending.tenant.tenantId, recipientHash: hashOf(cyd), reason: 'manual', actor: 'test', now: runs.sending.clock.now() }));
  expect(await again(runId)).toBe('done');
  await runs.sending.sendDue();
  expect([runs.sending.mailTo(ben), runs.sending.mailTo(cyd)]).toEqual([2, 1]);
  const [decision] = await runs.sending.database.superuser<{ inputs: unknown }[]>`select inputs from decisions where subject_id = ${runId} and kind = 'run_invites_resent'`;
  expect(decision?.inputs).toMatchObject({ accepted: 1, refused: ['suppressed'] });
});

test('who has answered on the page, yes or no, is not asked once more, whatever became of the mail', async () => {
  const people = [address(), address(), address(), address()];
  const runId = await left(await program({ coolingHours: 0 }), ...people);
  const { tenantId } = runs.sending.tenant;
  const links = await runs.sending.database.superuser<{ code: string }[]>`select l.code from links l join invite_batches b on b.id = l.batch_id where b.run_id = ${runId} order by l.n`;
  const give = (n: number, answer: 'accept' | 'decline' | 'report') => asTenant(tenantId, (tx) => keepLandingAnswer(tx, {
    tenantId, runId, code: links[n]?.code ?? '', touchId: newId('tch', runs.sending.clock.now()), answer, reason: answer === 'report' ? 'spam' : null, now: runs.sending.clock.now() }));
  await give(1, 'decline');
  await give(2, 'accept');
  await give(3, 'report');
  expect(await again(runId)).toBe('done');
  await runs.sending.sendDue();
  expect(people.map((one) => runs.sending.mailTo(one))).toEqual([2, 1, 1, 1]);
  // Also after a second one, to which nobody has said anything.
  await give(0, 'decline');
  runs.sending.clock.advance(HOUR_MS);
  expect(await again(runId)).toEqual({ elsewhere: expect.stringContaining('nothing') });
});

test('what goes out again ends when the first would have, and not after', async () => {
  const runId = await left(await program({ coolingHours: 0 }), address());
  const ends = async () => (await runs.sending.database.superuser<{ at: number }[]>`select expires_at as at from invite_batches where run_id = ${runId} order by id`).map(({ at }) => Number(new Date(at)));
  const [first] = await ends();
  runs.sending.clock.advance(48 * HOUR_MS);
  expect(await again(runId)).toBe('done');
  expect(await ends()).toEqual([first, first]);
  await runs.sending.sendDue();
  runs.sending.clock.advance(6 * 24 * HOUR_MS);
  await runs.sending.sendDue();
  expect(await again(runId)).toEqual({ elsewhere: expect.stringContaining('over') });
});

test('one that waits still stays as it is; of a paused program nothing goes out; to those in it alone invitees hear nothing', async () => {
  const programId = await program({ coolingHours: 0 });
  const ben = address();
  const runId = await runs.world.started(programId, memberId, { input: {}, invitees: [invitee(ben)] });
  expect(await again(runId)).toBe('unchanged');
  await runs.sending.sendDue();
  expect(await again(runId, 'people')).toEqual({ elsewhere: expect.stringContaining('nothing') });
  await asTenant(runs.sending.tenant.tenantId, (tx) => tx.sql`update programs set paused_at = ${runs.sending.clock.now()} where id = ${programId}`);
  expect(await again(runId)).toEqual({ elsewhere: expect.stringContaining('paused') });
});

test('two operators at the same instant ask once more once', async () => {
  const ben = address();
  const runId = await left(await program({ coolingHours: 0 }), ben);
  let other: Promise<unknown> | undefined;
  const first = await asTenant(runs.sending.tenant.tenantId, async (tx) => {
    const done = await resendRun(tx, runs.sending.deps.keyring, { tenantId: runs.sending.tenant.tenantId, runId, reason: 'twice', actor: 'test', now: runs.sending.clock.now(), to: 'both' });
    other = again(runId);
    await untilItStands(runs.sending.database, other);
    return done;
  });
  expect([first, await other]).toEqual(['done', 'unchanged']);
  await runs.sending.sendDue();
  expect(runs.sending.mailTo(ben)).toBe(2);
});
