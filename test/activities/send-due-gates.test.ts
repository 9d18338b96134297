import { closeJoined } from '../../db/write/close-joined.ts';
import { cancelInvites } from '../../db/write/cancel-invites.ts';
import { markStale } from '../../db/write/mark-stale.ts';
import { suppressWaiting } from '../../db/write/suppress-waiting.ts';
import { asId } from '../../src/domain/ids.ts';
import type { BatchId, ProgramId } from '../../src/domain/ids.ts';
import { inviteDefinition } from '../../workflows/invite/definition.ts';
import { NOON } from '../support/api.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';

/** What is checked right before each hand-off, and what becomes of what no longer fits. */
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
let sending: TestSending;
let program: ProgramId;

beforeAll(async () => { sending = await openTestSending(); });
beforeEach(async () => {
  sending.clock.set(NOON);
  program = await sending.makeProgram();
});
afterAll(() => sending.close());

async function stateOf(batchId: BatchId, n = 0): Promise<string> {
  const [row] = await sending.database.superuser<{ state: string; reason: string | null }[]>`select state, reason from invites where batch_id = ${batchId} and n = ${n}`;
  return row === undefined ? 'gone' : row.reason === null ? row.state : `${row.state}/${row.reason}`;
}
const hashOf = (mailbox: string): Buffer => sending.deps.keyring.hashRecipient(sending.tenant.tenantId, mailbox);

test('a hard stop holds what is due, says so, and what it held leaves when it is lifted', async () => {
  const { superuser } = sending.database;
  const batch = await sending.accept(program, [invitee('stop@gate.example')]);
  await superuser`insert into hard_stops (tenant_id, channel, reason, since) values (${sending.tenant.tenantId}, 'email', 'relay blocked', ${NOON})`;
  const held = await sending.sendDue();
  expect(held).toMatchObject({ handedOff: 0, heldBatches: 1, heldBy: 'hard stop of email' });
  expect(held.nextInMs).toBe(14 * 24 * HOUR_MS);
  await superuser`delete from hard_stops`;
  await sending.sendDue();
  expect([await stateOf(batch.batchId), sending.mailTo('stop@gate.example')]).toEqual(['handed_off', 1]);
});

test.each(['programs', 'tenants'] as const)('a pause of %s holds waiting invites while their expiry runs on', async (table) => {
  const { superuser } = sending.database;
  const batch = await sending.accept(program, [invitee(`paused-${table}@gate.example`)]);
  await superuser`update ${superuser(table)} set paused_at = ${NOON} where id = ${table === 'programs' ? program : sending.tenant.tenantId}`;
  expect(await sending.sendDue()).toMatchObject({ handedOff: 0, heldBatches: 1 });
  sending.clock.advance(14 * 24 * HOUR_MS);
  await sending.sendDue();
  expect(await stateOf(batch.batchId)).toBe('expired/expired');
  await superuser`update ${superuser(table)} set paused_at = null`;
  expect(sending.mailTo(`paused-${table}@gate.example`)).toBe(0);
});

test('a suppression that came after acceptance is found at the claim', async () => {
  const { tenantId } = sending.tenant;
  const batch = await sending.accept(program, [invitee('late-no@gate.example'), invitee('yes@gate.example')]);
  await sending.database.superuser`insert into suppressions (id, tenant_id, recipient_hash, reason, created_at)
    values ('sup_01ksr49200081040g2081040g2', ${tenantId}, ${hashOf('late-no@gate.example')}, 'manual', ${NOON})`;
  await sending.sendDue();
  expect([await stateOf(batch.batchId), await stateOf(batch.batchId, 1)]).toEqual(['refused/suppressed', 'handed_off']);
  expect(sending.mailTo('late-no@gate.example')).toBe(0);
});

test('closing by suppression or sign-up ends what waits and stops reminders', async () => {
  const { tenantId } = sending.tenant;
  const waiting = await sending.accept(program, [invitee('w-sup@gate.example', { zone: 'Asia/Tokyo' }), invitee('w-join@gate.example', { zone: 'Asia/Tokyo' }), invitee('s-sup@gate.example'), invitee('s-join@gate.example')]);
  await sending.sendDue();
  for (const name of ['w-sup', 's-sup']) {
    await sending.deps.db.asTenant(tenantId, (tx) => suppressWaiting(tx, { tenantId, recipientHash: hashOf(`${name}@gate.example`), reason: 'unsubscribe', now: NOON, actor: 'recipient' }));
  }
  for (const name of ['w-join', 's-join']) {
    await sending.deps.db.asTenant(tenantId, (tx) => closeJoined(tx, { tenantId, recipientHash: hashOf(`${name}@gate.example`), memberId: asId('mbr', 'mbr_01ksr49200081040g2081040g2'), now: NOON, cause: 'signed_up' }));
  }
  sending.clock.advance(5 * 24 * HOUR_MS);
  await sending.sendDue();
  expect(await Promise.all([0, 1, 2, 3].map((n) => stateOf(waiting.batchId, n)))).toEqual(['refused/suppressed', 'joined', 'handed_off', 'joined']);
  expect(['w-sup', 'w-join', 's-sup', 's-join'].map((name) => sending.mailTo(`${name}@gate.example`))).toEqual([0, 0, 1, 1]);
});

test('cancel: what waits is canceled and frees its recipient, what left is too late and gets no reminder', async () => {
  const { tenantId } = sending.tenant;
  const batch = await sending.accept(program, [invitee('c-wait@gate.example', { zone: 'Asia/Tokyo' }), invitee('c-sent@gate.example')]);
  await sending.sendDue();
  const canceled = await sending.deps.db.asTenant(tenantId, (tx) => cancelInvites(tx, { tenantId, batchId: batch.batchId, n: null, now: NOON, actor: 'test' }));
  expect(canceled?.map(({ outcome }) => outcome)).toEqual(['canceled', 'too_late']);
  const again = await sending.accept(program, [invitee('c-wait@gate.example'), invitee('c-sent@gate.example')]);
  expect(again.decisions.map(({ outcome }) => outcome)).toEqual(['accepted', 'refused']);
  sending.clock.advance(5 * 24 * HOUR_MS);
  await sending.sendDue();
  expect(sending.mailTo('c-sent@gate.example')).toBe(1);
});

test('what is marked stale never leaves before it is planned again, by the rules of now', async () => {
  const batch = await sending.accept(program, [invitee('stale@gate.example')]);
  const closed = { ...inviteDefinition.defaultTerms, sendRules: { layers: [{ label: 'evenings', windows: [{ start: '18:00', end: '20:00' }] }] } };
  await sending.deps.db.asTenant(sending.tenant.tenantId, async (tx) => {
    await tx.sql`insert into program_versions (program_id, version, tenant_id, title, terms, created_at) values (${program}, 2, ${sending.tenant.tenantId}, 'Kite days', ${JSON.stringify(closed)}, ${NOON})`;
    await tx.sql`update programs set version = 2, rules_version = 2 where id = ${program}`;
    await markStale(tx, { kind: 'program', programId: program }, NOON);
  });
  const report = await sending.sendDue();
  expect(report).toMatchObject({ handedOff: 0, nextInMs: 4 * HOUR_MS });
  sending.clock.set('2026-06-10T16:00:00Z');
  await sending.sendDue();
  expect([await stateOf(batch.batchId), sending.mailTo('stale@gate.example')]).toEqual(['handed_off', 1]);
});

test('a plan made under old rules that nobody marked stale is caught at the claim', async () => {
  const batch = await sending.accept(program, [invitee('raced@gate.example')]);
  await sending.database.superuser`update programs set rules_version = rules_version + 1 where id = ${program}`;
  await sending.sendDue();
  const decisions = await sending.database.superuser`select 1 from decisions where subject_id = ${batch.batchId} and kind = 'planned_again'`;
  expect([decisions.length, await stateOf(batch.batchId)]).toEqual([1, 'handed_off']);
});

test('what missed its window waits for the next one', async () => {
  const batch = await sending.accept(program, [invitee('missed@gate.example')]);
  sending.clock.set('2026-06-10T19:00:00Z'); // 21:00 in Paris: the window is closed
  expect(await sending.sendDue()).toMatchObject({ handedOff: 0, nextInMs: 11 * HOUR_MS });
  sending.clock.set('2026-06-11T06:00:00Z');
  await sending.sendDue();
  expect(await stateOf(batch.batchId)).toBe('handed_off');
});

test('an invite that can never be written is refused by itself and stops nobody', async () => {
  const batch = await sending.accept(program, [invitee('poison@gate.example'), invitee('fine@gate.example')]);
  await sending.database.superuser`update contacts set email_sealed = '\\x01' where email_hash = ${hashOf('poison@gate.example')}`;
  await sending.sendDue();
  expect([await stateOf(batch.batchId), await stateOf(batch.batchId, 1)]).toEqual(['refused/internal_error', 'handed_off']);
});

test('an address that is refused for good is suppressed, one that is put off is tried again', async () => {
  sending.sink.setFault(({ stage, to }) => {
    if (stage !== 'rcpt') return undefined;
    if (to.includes('gone@gate.example')) return { kind: 'refuse', code: 550, text: '5.1.1 no such user' };
    return to.includes('busy@gate.example') ? { kind: 'refuse', code: 451, text: '4.7.1 greylisted' } : undefined;
  });
  const batch = await sending.accept(program, [invitee('gone@gate.example'), invitee('busy@gate.example')]);
  const report = await sending.sendDue();
  sending.sink.setFault(undefined);
  expect(await stateOf(batch.batchId)).toMatch(/^refused\//);
  expect(report.nextInMs).toBeGreaterThanOrEqual(5 * MINUTE_MS);
  expect((await sending.accept(program, [invitee('gone@gate.example')])).decisions[0]).toMatchObject({ reason: 'suppressed' });
  sending.clock.advance(report.nextInMs ?? 0);
  await sending.sendDue();
  expect([await stateOf(batch.batchId, 1), sending.mailTo('busy@gate.example')]).toEqual(['handed_off', 1]);
});

test('a message whose answer was lost is unknown, is not sent again, and is given up after 72 hours', async () => {
  sending.sink.setFault(({ stage, to }) => (stage === 'answer' && to.includes('lost@gate.example') ? { kind: 'drop' } : undefined));
  const batch = await sending.accept(program, [invitee('lost@gate.example')]);
  expect(await sending.sendDue()).toMatchObject({ unknown: 1 });
  sending.sink.setFault(undefined);
  expect(await stateOf(batch.batchId)).toMatch(/^unknown\//);
  sending.clock.advance(72 * HOUR_MS - 1);
  await sending.sendDue();
  expect(await stateOf(batch.batchId)).toMatch(/^unknown\//);
  sending.clock.advance(1);
  await sending.sendDue();
  expect([await stateOf(batch.batchId), sending.mailTo('lost@gate.example')]).toEqual([expect.stringMatching(/^unknown_expired\//), 1]);
});

test('what was claimed and could not be prepared is unclaimed again, not unknown', async () => {
  const batch = await sending.accept(program, [invitee('prepared@gate.example')]);
  await sending.database.superuser`alter table links rename to links_away`;
  await expect(sending.sendDue()).rejects.toThrow('links');
  await sending.database.superuser`alter table links_away rename to links`;
  expect(await stateOf(batch.batchId)).toBe('waiting');
  await sending.sendDue();
  expect([await stateOf(batch.batchId), sending.mailTo('prepared@gate.example')]).toEqual(['handed_off', 1]);
});
