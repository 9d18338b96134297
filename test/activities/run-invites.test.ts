import { closeRun } from '../../db/write/close-run.ts';
import { closeJoinedOf } from '../../db/write/close-joined-of.ts';
import { stopAddress } from '../../db/write/stop-address.ts';
import { narrowInvites } from '../../db/write/runs/narrow-invites.ts';
import type { Queued } from '../../db/write/runs/queue-messages.ts';
import { INVITE_STEP } from '../../db/write/runs/start-run.ts';
import { addPeople } from '../../db/write/runs/add-people.ts';
import { withdrawMessages, type Withdrawn } from '../../db/write/runs/withdraw-messages.ts';
import type { MemberId, ProgramId, RunId } from '../../src/domain/ids.ts';
import { askingLoop } from '../support/arrange-runs.ts';
import { invitee } from '../support/sending.ts';
import { useRuns } from '../support/use-runs.ts';

const HOUR_MS = 3_600_000;
const runs = useRuns(askingLoop);
const { asTenant } = runs;
let programId: ProgramId;
let memberId: MemberId;
beforeEach(async () => {
  programId = await runs.world.makeProgram({ coolingHours: 0, reminders: [{ afterHours: 24 }] });
  memberId = await runs.world.makeMember(null, { name: 'Ana' });
});

let asked = 0;
const address = (): string => `friend-${String((asked += 1))}@asked.example`;
const start = (...emails: readonly string[]): Promise<RunId> => runs.world.started(programId, memberId, { input: {}, invitees: emails.map((email) => invitee(email)) });
const narrow = (runId: RunId, hours: number): Promise<Queued> => asTenant(runs.sending.tenant.tenantId, (tx) =>
  narrowInvites(tx, { tenantId: runs.sending.tenant.tenantId, runId, step: INVITE_STEP, before: runs.sending.clock.now() + hours * HOUR_MS, now: runs.sending.clock.now() }));
const withdraw = (runId: RunId): Promise<Withdrawn> => asTenant(runs.sending.tenant.tenantId, (tx) => withdrawMessages(tx, { tenantId: runs.sending.tenant.tenantId, runId, step: INVITE_STEP }));
const optOut = (email: string) => {
  const { tenantId } = runs.sending.tenant;
  return asTenant(tenantId, (tx) => stopAddress(tx, { tenantId, recipientHash: runs.sending.deps.keyring.hashRecipient(tenantId, email), source: 'unsubscribe_link', wordingVersion: null, locale: null, now: runs.sending.clock.now() }));
};

test('invites of a start leave like any, with a link to the landing page, and the run hears of each; nothing of a person is in what it begins with', async () => {
  const [one, other] = [address(), address()];
  const runId = await start(one, other);
  expect(await narrow(runId, 48)).toEqual({ count: 2, reason: null });
  expect(await runs.sending.sendDue()).toMatchObject({ handedOff: 2 });
  expect(await runs.world.heard(runId)).toEqual(['#message invite handed_off', '#message invite handed_off']);
  const [mail] = runs.sending.sink.deliveries().filter(({ to }) => to.includes(one));
  const letter = mail === undefined ? '' : (await runs.sending.sink.store.raw(mail)).toString('utf8');
  expect(letter).toMatch(/\/i\/[0-9a-z]+/);
  const stored = await runs.sending.database.superuser<{ text: string }[]>`select input::text || (select payload::text from outbox o where o.lane = r.id and kind = 'start_run') as text from runs r where id = ${runId}`;
  expect(stored[0]?.text).not.toMatch(/@|Ana|friend/);
  const links = await runs.sending.database.superuser<{ kind: string }[]>`select kind from links where run_id = ${runId} order by kind`;
  expect(links.map(({ kind }) => kind)).toEqual(['invite', 'invite', 'share']);
});

test('a window that closes before quiet hours end: the invite that was planned for the morning never leaves', async () => {
  runs.sending.clock.set('2026-06-10T21:00:00Z'); // 23:00 in Paris
  const email = address();
  const runId = await start(email);
  await narrow(runId, 2);
  await runs.sending.sendDue();
  expect([await runs.world.heard(runId), await withdraw(runId)]).toEqual([['#message invite not_sent window_closed_first'], { outcome: 'not_sent', reason: 'window_closed_first' }]);
  runs.sending.clock.set('2026-06-11T08:00:00Z');
  await runs.sending.sendDue();
  expect(runs.sending.mailTo(email)).toBe(0);
});

test('nobody who may be asked: the reason of the first is told at once', async () => {
  const email = address();
  await optOut(email);
  expect(await narrow(await start(email), 48)).toEqual({ count: 0, reason: 'suppressed' });
});

test('an opt-out of the last who was asked ends the run; of one among several, or where somebody has come, it does not', async () => {
  const [one, other] = [address(), address()];
  const runId = await start(one, other);
  await runs.sending.sendDue();
  await optOut(one);
  expect(await runs.world.heard(runId)).not.toContain('#opted_out');
  await optOut(other);
  expect(await runs.world.heard(runId)).toContain('#opted_out');

  const joined = address();
  const withGuest = await start(joined);
  await runs.sending.sendDue();
  const { tenantId } = runs.sending.tenant;
  const guest = await runs.world.makeMember(null);
  await asTenant(tenantId, (tx) => addPeople(tx, { tenantId, people: [{ runId: withGuest, personId: guest, role: 'buddy', hears: {} }], now: runs.sending.clock.now() }));
  await optOut(joined);
  expect(await runs.world.heard(withGuest)).not.toContain('#opted_out');
});

test('an opt-out before the invite left is told as not sent', async () => {
  runs.sending.clock.set('2026-06-10T21:00:00Z');
  const email = address();
  const runId = await start(email);
  await optOut(email);
  expect((await runs.world.heard(runId)).toSorted()).toEqual(['#message invite not_sent suppressed', '#opted_out']);
});

test('a run that is over sends no reminder', async () => {
  const email = address();
  const runId = await start(email);
  await runs.sending.sendDue();
  await asTenant(runs.sending.tenant.tenantId, (tx) => closeRun(tx, { tenantId: runs.sending.tenant.tenantId, runId, generation: 1, outcome: 'unfinished', reason: null, unless: null, now: runs.sending.clock.now() }));
  runs.sending.clock.advance(30 * HOUR_MS);
  await runs.sending.sendDue();
  expect(runs.sending.mailTo(email)).toBe(1);
});

test('who signs up before the invite left needs none: the run hears that it was not sent, and why', async () => {
  runs.sending.clock.set('2026-06-10T21:00:00Z');
  const email = address();
  const runId = await start(email);
  const { tenantId } = runs.sending.tenant;
  const recipientHash = runs.sending.deps.keyring.hashRecipient(tenantId, email);
  await asTenant(tenantId, (tx) => closeJoinedOf(tx, { tenantId, joined: [{ memberId, recipientHash }], now: runs.sending.clock.now(), cause: 'signed_up' }));
  expect(await runs.world.heard(runId)).toEqual(['#message invite not_sent joined']);
});
