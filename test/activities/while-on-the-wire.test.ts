import { cancelInvites } from '../../db/write/cancel-invites.ts';
import { closeJoined } from '../../db/write/close-joined.ts';
import { upsertMembers } from '../../db/write/upsert-members.ts';
import { asId } from '../../src/domain/ids.ts';
import type { BatchId } from '../../src/domain/ids.ts';
import { NOON } from '../support/api.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';

/** What happens between a claim and its record counts for what follows the message. */
const HOUR_MS = 60 * 60_000;
let sending: TestSending;
let onTheWire: () => Promise<unknown> = () => Promise.resolve();

beforeAll(async () => {
  sending = await openTestSending({
    transport: {
      channel: 'email',
      provider: 'email:mail.example',
      wireLimit: 4,
      async send(message) {
        await onTheWire();
        return { outcome: 'handed_off', providerMessageId: message.messageId, receipt: '250 ok' };
      },
      verify: () => Promise.resolve({ ok: true }),
      close: () => Promise.resolve(),
    },
  });
});
beforeEach(() => {
  sending.clock.set(NOON);
  onTheWire = () => Promise.resolve();
});
afterAll(() => sending.close());

async function rowOf(batchId: BatchId) {
  const [row] = await sending.database.superuser<{ state: string; reason: string | null; step: number | null; due_at: number | null; stale: boolean }[]>`
    select state, reason, step, due_at, stale from invites where batch_id = ${batchId}`;
  return row;
}

async function remindersPlanned(batchId: BatchId): Promise<number> {
  return (await sending.database.superuser`select 1 from decisions where subject_id = ${batchId} and kind = 'reminder_planned'`).length;
}

const hashOf = (mailbox: string): Buffer => sending.deps.keyring.hashRecipient(sending.tenant.tenantId, mailbox);

test.each([1, 2])('quiet hours that a recipient sets while the message is on the wire bind its reminder (%i in the request)', async (count) => {
  const { tenantId } = sending.tenant;
  const mailbox = `quiet-${String(count)}@wire.example`;
  const program = await sending.makeProgram({ sendRules: {}, reminders: [{ afterHours: 6 }], existingMembers: 'invite' });
  const put = (quietHours: { start: string; end: string }[]) => sending.deps.db.asTenant(tenantId, (tx) => upsertMembers(tx, sending.deps.keyring, {
    tenantId, now: NOON, changes: [{ externalId: `quiet-${String(count)}`, email: { address: mailbox, mailbox }, zone: 'UTC', zoneSource: 'explicit', quietHours }],
  }));
  await put([]);
  const others = Array.from({ length: count - 1 }, (_, n) => invitee(`other-${String(n)}@wire.example`, { zone: 'Asia/Tokyo' }));
  const { batchId } = await sending.accept(program, [invitee(mailbox), ...others]);
  onTheWire = () => put([{ start: '14:00', end: '22:00' }]);
  await sending.sendDue();
  const row = (await sending.database.superuser<{ step: number; due_at: number; stale: boolean }[]>`select step, due_at, stale from invites where batch_id = ${batchId} and n = 0`)[0];
  expect(row).toEqual({ step: 1, due_at: Date.parse('2026-06-10T22:00:00Z'), stale: false });
});

test('who joins or is canceled while on the wire gets no reminder, and none is told of', async () => {
  const { tenantId } = sending.tenant;
  const program = await sending.makeProgram({ sendRules: {} });
  const joined = await sending.accept(program, [invitee('joins@wire.example')]);
  onTheWire = () => sending.deps.db.asTenant(tenantId, (tx) =>
    closeJoined(tx, { tenantId, recipientHash: hashOf('joins@wire.example'), memberId: asId('mbr', 'mbr_01ksr49200081040g2081040g2'), now: NOON, cause: 'signed_up' }));
  await sending.sendDue();
  const canceled = await sending.accept(program, [invitee('cancels@wire.example')]);
  onTheWire = () => sending.deps.db.asTenant(tenantId, (tx) => cancelInvites(tx, { tenantId, batchId: canceled.batchId, n: null, now: NOON, actor: 'test' }));
  await sending.sendDue();
  expect([await rowOf(joined.batchId), await remindersPlanned(joined.batchId)]).toMatchObject([{ state: 'joined', step: null }, 0]);
  expect([await rowOf(canceled.batchId), await remindersPlanned(canceled.batchId)]).toMatchObject([{ state: 'handed_off', step: null }, 0]);
});

test('a suppression found when a reminder is claimed stops the reminder; the invitation stays handed off', async () => {
  const program = await sending.makeProgram({ sendRules: {}, reminders: [{ afterHours: 6 }] });
  const { batchId, expiresAt } = await sending.accept(program, [invitee('stops@wire.example')]);
  await sending.sendDue();
  await sending.database.superuser`insert into suppressions (id, tenant_id, recipient_hash, reason, created_at)
    values ('sup_01ksr49200081040g2081040g3', ${sending.tenant.tenantId}, ${hashOf('stops@wire.example')}, 'hard_bounce', ${NOON})`;
  sending.clock.advance(6 * HOUR_MS);
  await sending.sendDue();
  expect(await sending.database.superuser`select step from messages where batch_id = ${batchId}`).toEqual([{ step: 0 }]);
  expect(await rowOf(batchId)).toEqual({ state: 'handed_off', reason: null, step: null, due_at: expiresAt, stale: false });
});

test('an invite that ends joined before anything was sent frees its recipient', async () => {
  const { tenantId } = sending.tenant;
  const program = await sending.makeProgram({ existingMembers: 'invite' });
  await sending.accept(program, [invitee('free@wire.example', { zone: 'Asia/Tokyo' })]);
  await sending.deps.db.asTenant(tenantId, (tx) =>
    closeJoined(tx, { tenantId, recipientHash: hashOf('free@wire.example'), memberId: asId('mbr', 'mbr_01ksr49200081040g2081040g2'), now: NOON, cause: 'signed_up' }));
  expect((await sending.accept(program, [invitee('free@wire.example')])).decisions[0]).toMatchObject({ outcome: 'accepted' });
});
