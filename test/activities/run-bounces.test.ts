import { keepLandingAnswer } from '../../db/write/landing-answer.ts';
import { recordDeliveryEvents } from '../../db/write/record-delivery-events.ts';
import { resendRun } from '../../db/write/runs/resend.ts';
import { withdrawMessages } from '../../db/write/runs/withdraw-messages.ts';
import { raiseEpoch } from '../../db/write/raise-epoch.ts';
import { claimGroup } from '../../db/write/claim-group.ts';
import { newId } from '../../src/config/new-id.ts';
import type { BatchId, MemberId, ProgramId, RunId } from '../../src/domain/ids.ts';
import type { LiveLoopDefinition } from '../../src/domain/program/live-loop.ts';
import { askingLoop } from '../support/arrange-runs.ts';
import { invitee } from '../support/sending.ts';
import { useRuns } from '../support/use-runs.ts';

/** Its member hears of mails that come back, and of those that are sent again. */
const asking: LiveLoopDefinition = {
  ...askingLoop,
  life: {
    ...askingLoop.life,
    roles: { member: { title: 'Who asks', hears: { message_bounced: 'friend_unreached', message_sent_again: 'friend_asked_again' } } }, facts: { friend_unreached: { reached: 'number' }, friend_asked_again: { reached: 'number' } },
  },
};
const runs = useRuns(asking);
const { asTenant } = runs;
let programId: ProgramId;
let memberId: MemberId;
beforeEach(async () => {
  programId = await runs.world.makeProgram({ coolingHours: 0, reminders: [] });
  memberId = await runs.world.makeMember(null, { name: 'Ana' });
});

let asked = 0;
const start = (count: number): Promise<RunId> => runs.world.started(programId, memberId, { input: {}, invitees: Array.from({ length: count }, () => invitee(`friend-${String((asked += 1))}@back.example`)) });
let told = 0;
/** `sent`: 0 for its first invites, 1 for those that went out once more. `failed`: this message alone came back for good, and the mailbox may do better later. */
async function tell(runId: RunId, n: number, kind: 'bounced' | 'delivered', { permanent = true, failed = false, sent = 0, eventId = `esp-${String((told += 1))}` } = {}): Promise<void> {
  const { tenantId } = runs.sending.tenant;
  const batch = (await runs.sending.database.superuser<{ id: BatchId }[]>`select id from invite_batches where run_id = ${runId} order by id`)[sent];
  if (batch === undefined) throw new Error('no invites');
  const now = runs.sending.clock.now();
  await asTenant(tenantId, (tx) => recordDeliveryEvents(tx, { tenantId, facts: [{ eventId, kind, message: { batchId: batch.id, n, step: 0, channel: 'email' }, at: now, permanent, ...(failed ? { failure: { reason: 'unreachable', detail: 'out of reach', suppressFor: 'hard_bounce' as const } } : {}) }], actor: 'test', now }));
}
const withdraw = (runId: RunId) => asTenant(runs.sending.tenant.tenantId, (tx) => withdrawMessages(tx, { tenantId: runs.sending.tenant.tenantId, runId, step: 'invite' }));

test('a mail that comes back after it left is told to its run once, with how many others were reached, and its loop hears of it', async () => {
  const runId = await start(2);
  await runs.sending.sendDue();
  await tell(runId, 0, 'bounced', { eventId: 'esp-back' });
  await tell(runId, 0, 'bounced', { eventId: 'esp-back' });
  expect((await runs.world.heard(runId)).toSorted()).toEqual(['#message invite bounced bounced', '#message invite handed_off', '#message invite handed_off', 'friend_unreached invite']);
  expect((await runs.world.facts(runId)).find(({ kind }) => kind === 'friend_unreached')?.data).toMatchObject({ step: 'invite', reached: 1, role: 'member' });
  expect(await withdraw(runId)).toEqual({ outcome: 'handed_off', reason: null });
  await tell(runId, 1, 'bounced');
  expect((await runs.world.facts(runId)).filter(({ kind }) => kind === 'friend_unreached').map(({ data }) => data['reached'])).toEqual([1, 0]);
  // Nobody was reached by it.
  expect(await withdraw(runId)).toEqual({ outcome: 'not_sent', reason: 'bounced' });
});

const reachedBy = async (runId: RunId, fact: string) => (await runs.world.facts(runId)).filter(({ kind }) => kind === fact).map(({ data }) => data['reached']);
const unreached = (runId: RunId) => reachedBy(runId, 'friend_unreached');
function again(runId: RunId) {
  runs.sending.clock.advance(60_000);
  const { tenantId } = runs.sending.tenant;
  return asTenant(tenantId, (tx) => resendRun(tx, runs.sending.deps.keyring, { tenantId, runId, reason: 'it did not arrive', actor: 'test', now: runs.sending.clock.now(), to: 'both' }));
}

test('a loop that heard of a bounce hears that they were asked anew, how many are reached now, and when that comes back, too', async () => {
  const runId = await start(2);
  await runs.sending.sendDue();
  await tell(runId, 0, 'bounced', { permanent: false, failed: true });
  expect(await again(runId)).toBe('done');
  expect(await reachedBy(runId, 'friend_asked_again')).toEqual([2]);
  expect(await again(runId)).toBe('unchanged');
  await runs.sending.sendDue();
  await tell(runId, 0, 'bounced', { permanent: false, failed: true, sent: 1 });
  expect([await reachedBy(runId, 'friend_asked_again'), await unreached(runId)]).toEqual([[2], [1, 1]]);
});

test.each(['decline', 'report'] as const)('who got the mail and answers by %s was reached, also where another one comes back after that', async (answer) => {
  const runId = await start(3);
  await runs.sending.sendDue();
  const { tenantId } = runs.sending.tenant;
  const [link] = await runs.sending.database.superuser<{ code: string }[]>`select l.code from links l join invite_batches b on b.id = l.batch_id where b.run_id = ${runId} and l.n = 1`;
  await asTenant(tenantId, (tx) => keepLandingAnswer(tx, { tenantId, runId, code: link?.code ?? '', touchId: newId('tch', runs.sending.clock.now()), answer, reason: answer === 'report' ? 'spam' : null, now: runs.sending.clock.now() }));
  await tell(runId, 0, 'bounced');
  expect(await unreached(runId)).toEqual([2]);
});

test('where nobody may be asked anew the loop hears nothing', async () => {
  const runId = await start(1);
  await runs.sending.sendDue();
  await tell(runId, 0, 'bounced');
  expect(await again(runId)).toMatchObject({ elsewhere: expect.any(String) });
  expect(await reachedBy(runId, 'friend_asked_again')).toEqual([]);
});

test('whoever was told to be unreached counts as reached no more, also where the message alone came to its end', async () => {
  const runId = await start(3);
  await runs.sending.sendDue();
  for (const n of [0, 1, 2]) await tell(runId, n, 'bounced', { permanent: false, failed: true });
  expect(await unreached(runId)).toEqual([2, 1, 0]);
});

test('who was asked once more is one of those who were reached, not two, and none where that comes back', async () => {
  const runId = await start(3);
  await runs.sending.sendDue();
  runs.sending.clock.advance(60_000);
  const { tenantId } = runs.sending.tenant;
  expect(await asTenant(tenantId, (tx) => resendRun(tx, runs.sending.deps.keyring, { tenantId, runId, reason: 'it did not arrive', actor: 'test', now: runs.sending.clock.now(), to: 'invitees' }))).toBe('done');
  await runs.sending.sendDue();
  await tell(runId, 1, 'bounced', { sent: 1 });
  expect(await unreached(runId)).toEqual([2]);
});

test('a delay is no bounce: the run hears nothing, and the message counts as sent', async () => {
  const runId = await start(1);
  await runs.sending.sendDue();
  await tell(runId, 0, 'bounced', { permanent: false });
  expect(await runs.world.heard(runId)).toEqual(['#message invite handed_off']);
  expect(await withdraw(runId)).toEqual({ outcome: 'handed_off', reason: null });
});

test('what a vendor tells before our own record is in tells the run that it left, or that it came back', async () => {
  const runId = await start(2);
  const { tenantId } = runs.sending.tenant;
  const lane = { tenantId, lane: 'email-0', channel: 'email' as const };
  await asTenant(tenantId, async (tx) => {
    const { epoch } = await raiseEpoch(tx, lane, runs.sending.clock);
    expect(await claimGroup(tx, lane, epoch, 10, runs.sending.clock.now())).toMatchObject({ outcome: 'claimed' });
  });
  await tell(runId, 0, 'delivered');
  await tell(runId, 1, 'bounced');
  expect((await runs.world.heard(runId)).toSorted()).toEqual(['#message invite bounced bounced', '#message invite handed_off', 'friend_unreached invite']);
});
