import { closeRun } from '../../db/write/close-run.ts';
import { addSuppression } from '../../db/write/add-suppression.ts';
import { pauseRun, resumeRun } from '../../db/write/run-controls.ts';
import { resendRun } from '../../db/write/runs/resend.ts';
import { queueMessages, type Queued, type RunMessageToQueue } from '../../db/write/runs/queue-messages.ts';
import { withdrawMessages, type Withdrawn } from '../../db/write/runs/withdraw-messages.ts';
import { raiseEpoch } from '../../db/write/raise-epoch.ts';
import { claimGroup } from '../../db/write/claim-group.ts';
import { replanStale } from '../../db/write/replan-stale.ts';
import type { MemberId, ProgramId, RunId } from '../../src/domain/ids.ts';
import { arrangeRuns } from '../support/arrange-runs.ts';
import { openTestSending, type TestSending } from '../support/sending.ts';
import { untilItStands } from '../support/two-at-once.ts';

const HOUR_MS = 3_600_000;
let sending: TestSending;
let world: ReturnType<typeof arrangeRuns>;
let programId: ProgramId;
let asTenant: TestSending['deps']['db']['asTenant'];

beforeAll(async () => {
  sending = await openTestSending();
  world = arrangeRuns(sending);
  asTenant = (...args) => sending.deps.db.asTenant(...args);
});
afterAll(() => sending.close());
beforeEach(async () => {
  sending.clock.set('2026-06-10T12:00:00Z');
  programId = await world.makeProgram();
});

let people = 0;
async function member(locale = 'de'): Promise<{ id: MemberId; email: string }> {
  people += 1;
  const email = `player-${String(people)}@runs.example`;
  return { id: await world.makeMember(email, { name: 'Clara', locale }), email };
}

function queue(runId: RunId, more: Partial<RunMessageToQueue> = {}): Promise<Queued> {
  const { tenantId } = sending.tenant;
  return asTenant(tenantId, (tx) => queueMessages(tx, {
    tenantId, runId, step: 'nudge', to: ['member', 'buddy'], message: 'nudge', values: { examDay: Date.parse('2026-06-14T08:00:00Z') }, before: sending.clock.now() + 24 * HOUR_MS, now: sending.clock.now(), ...more,
  }));
}
const withdraw = (runId: RunId): Promise<Withdrawn> => asTenant(sending.tenant.tenantId, (tx) => withdrawMessages(tx, { tenantId: sending.tenant.tenantId, runId, step: 'nudge' }));
const by = () => ({ tenantId: sending.tenant.tenantId, reason: 'test', actor: 'test', now: sending.clock.now() });

async function letterTo(address: string): Promise<string> {
  const [mail] = sending.sink.deliveries().filter(({ to }) => to.includes(address));
  return mail === undefined ? '' : (await sending.sink.store.raw(mail)).toString('utf8');
}

test('a message goes to each of those in its roles, once, in their own language, with its values and its way out; the run hears that it left', async () => {
  const [one, buddy] = [await member('de-AT'), await member('es')];
  const runId = await world.started(programId, one.id, { input: { examAt: 1, buddy: buddy.id } });
  expect(await queue(runId)).toEqual({ count: 2, reason: null });
  expect(await queue(runId)).toEqual({ count: 2, reason: null });
  expect(await sending.sendDue()).toMatchObject({ handedOff: 2 });
  expect(await world.heard(runId)).toEqual(['#message nudge handed_off', '#message nudge handed_off']);
  const [german, spanish] = [await letterTo(one.email), await letterTo(buddy.email)];
  expect(german).toContain('14. Juni 2026');
  expect(german).toContain('List-Unsubscribe-Post');
  expect(spanish).toContain('14 de junio de 2026');
  expect([sending.mailTo(one.email), sending.mailTo(buddy.email)]).toEqual([1, 1]);
  expect(await withdraw(runId)).toEqual({ outcome: 'handed_off', reason: null });
});

test('a window that closes before quiet hours end: nothing leaves in the morning, and the run hears why', async () => {
  sending.clock.set('2026-06-10T21:00:00Z'); // 23:00 in Paris
  const one = await member();
  const runId = await world.started(programId, one.id);
  await queue(runId, { before: sending.clock.now() + 2 * HOUR_MS });
  expect(await sending.sendDue()).toMatchObject({ handedOff: 0 });
  expect(await world.heard(runId)).toEqual(['#message nudge not_sent window_closed_first']);
  sending.clock.set('2026-06-11T07:00:00Z');
  await sending.sendDue();
  expect([sending.mailTo(one.email), await withdraw(runId)]).toEqual([0, { outcome: 'not_sent', reason: 'window_closed_first' }]);
});

test('what waits for the morning is withdrawn at its deadline, whether or not a sender looked', async () => {
  sending.clock.set('2026-06-10T21:00:00Z');
  const one = await member();
  const runId = await world.started(programId, one.id);
  await queue(runId);
  await sending.sendDue();
  expect(await withdraw(runId)).toEqual({ outcome: 'not_sent', reason: 'window_closed_first' });
  sending.clock.set('2026-06-11T08:00:00Z');
  await sending.sendDue();
  expect(sending.mailTo(one.email)).toBe(0);
});

test('who has no address, or opted out, gets none: the reason is told at once', async () => {
  const withoutAddress = await world.makeMember(null);
  expect(await queue(await world.started(programId, withoutAddress))).toEqual({ count: 0, reason: 'no_address' });
  const stopped = await member();
  const { tenantId } = sending.tenant;
  const recipientHash = sending.deps.keyring.hashRecipient(tenantId, stopped.email);
  await asTenant(tenantId, (tx) => addSuppression(tx, { tenantId, recipientHash, reason: 'manual', actor: 'test', now: sending.clock.now() }));
  expect(await queue(await world.started(programId, stopped.id))).toEqual({ count: 0, reason: 'opted_out' });
  const nobody = await world.started(programId, (await member()).id);
  expect(await queue(nobody, { to: ['buddy'] })).toEqual({ count: 0, reason: 'nobody' });
});

test('a suppression in the middle of the wait is told to the run', async () => {
  sending.clock.set('2026-06-10T21:00:00Z');
  const one = await member();
  const { tenantId } = sending.tenant;
  const runId = await world.started(programId, one.id);
  await queue(runId);
  await sending.sendDue();
  const recipientHash = sending.deps.keyring.hashRecipient(tenantId, one.email);
  await asTenant(tenantId, (tx) => addSuppression(tx, { tenantId, recipientHash, reason: 'complaint', actor: 'test', now: sending.clock.now() }));
  expect(await world.heard(runId)).toEqual(['#message nudge not_sent suppressed']);
});

test('a paused run holds its message, resumed it leaves; its time runs on', async () => {
  const one = await member();
  const runId = await world.started(programId, one.id);
  await queue(runId);
  await asTenant(sending.tenant.tenantId, (tx) => pauseRun(tx, { ...by(), runId }));
  expect(await sending.sendDue()).toMatchObject({ handedOff: 0, nextInMs: 24 * HOUR_MS });
  sending.clock.advance(HOUR_MS);
  await asTenant(sending.tenant.tenantId, (tx) => resumeRun(tx, { ...by(), runId }));
  expect(await sending.sendDue()).toMatchObject({ handedOff: 1 });
  const other = await world.started(programId, one.id);
  await queue(other);
  await asTenant(sending.tenant.tenantId, (tx) => pauseRun(tx, { ...by(), runId: other }));
  await sending.sendDue();
  sending.clock.advance(25 * HOUR_MS);
  await sending.sendDue();
  expect(await world.heard(other)).toContain('#message nudge not_sent window_closed_first');
});

test('a run that ends takes with it what waits still', async () => {
  sending.clock.set('2026-06-10T21:00:00Z');
  const one = await member();
  const runId = await world.started(programId, one.id);
  await queue(runId);
  await asTenant(sending.tenant.tenantId, (tx) => closeRun(tx, { tenantId: sending.tenant.tenantId, runId, generation: 1, outcome: 'unfinished', reason: null, unless: null, now: sending.clock.now() }));
  sending.clock.set('2026-06-11T08:00:00Z');
  await sending.sendDue();
  expect([sending.mailTo(one.email), await queue(runId, { step: 'again' })]).toEqual([0, { count: 0, reason: 'nobody' }]);
});

test('a sender that is lost with the message claimed leaves it unknown, and the run is told so', async () => {
  const one = await member();
  const { tenantId } = sending.tenant;
  const runId = await world.started(programId, one.id);
  await queue(runId);
  const lane = { tenantId, lane: 'email-0', channel: 'email' as const };
  await asTenant(tenantId, async (tx) => {
    const { epoch } = await raiseEpoch(tx, lane, sending.clock);
    await replanStale(tx, lane, sending.clock.now());
    const claimed = await claimGroup(tx, lane, epoch, 10, sending.clock.now());
    expect(claimed).toMatchObject({ outcome: 'claimed' });
  });
  expect(await withdraw(runId)).toEqual({ outcome: 'on_the_wire' });
  await asTenant(tenantId, (tx) => raiseEpoch(tx, lane, sending.clock));
  expect(await world.heard(runId)).toEqual(['#message nudge unknown sender_lost']);
  expect(await withdraw(runId)).toEqual({ outcome: 'unknown', reason: 'sender_lost' });
});

test('sent once more, the last message goes through the same gate: not while the first waits, nor to who opted out, nor after its time', async () => {
  const one = await member();
  const runId = await world.started(programId, one.id);
  const again = () => asTenant(sending.tenant.tenantId, (tx) => resendRun(tx, sending.deps.keyring, { ...by(), runId, to: 'both' }));
  expect(await again()).toMatchObject({ elsewhere: expect.stringContaining('nothing') });
  await queue(runId);
  expect(await again()).toBe('unchanged');
  await sending.sendDue();
  expect(await again()).toBe('done');
  await sending.sendDue();
  expect(sending.mailTo(one.email)).toBe(2);
  const { tenantId } = sending.tenant;
  await asTenant(tenantId, (tx) => addSuppression(tx, { tenantId, recipientHash: sending.deps.keyring.hashRecipient(tenantId, one.email), reason: 'manual', actor: 'test', now: sending.clock.now() }));
  await again();
  await sending.sendDue();
  expect(sending.mailTo(one.email)).toBe(2);
  sending.clock.advance(25 * HOUR_MS);
  expect(await again()).toMatchObject({ elsewhere: expect.stringContaining('time') });
});

test('two operators who send the last message once more at the same instant send it once more', async () => {
  const one = await member();
  const runId = await world.started(programId, one.id);
  await queue(runId);
  await sending.sendDue();
  let other: Promise<unknown> | undefined;
  const again = () => asTenant(sending.tenant.tenantId, (tx) => resendRun(tx, sending.deps.keyring, { ...by(), runId, to: 'both' }));
  const first = await asTenant(sending.tenant.tenantId, async (tx) => {
    const done = await resendRun(tx, sending.deps.keyring, { ...by(), runId, to: 'both' });
    other = again();
    await untilItStands(sending.database, other);
    return done;
  });
  expect([first, await other]).toEqual(['done', 'unchanged']);
  await sending.sendDue();
  expect(sending.mailTo(one.email)).toBe(2);
});
