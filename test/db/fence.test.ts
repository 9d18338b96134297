import { claimGroup, type Lane } from '../../db/write/claim-group.ts';
import { raiseEpoch } from '../../db/write/raise-epoch.ts';
import type { MessageRecord } from '../../db/write/message-record.ts';
import { recordGroup } from '../../db/write/record-group.ts';
import { cancelInvites } from '../../db/write/cancel-invites.ts';
import type { BatchId } from '../../src/domain/ids.ts';
import { NOON } from '../support/api.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';

/** The lane's epoch: what an older sender left claimed is unknown, and its late word is the truth. */
let sending: TestSending;
let lane: Lane;
let batches = 0;
beforeAll(async () => {
  sending = await openTestSending();
  lane = { tenantId: sending.tenant.tenantId, lane: 'email-0', channel: 'email' };
});
afterAll(() => sending.close());

const raise = () => sending.deps.db.asTenant(lane.tenantId, (tx) => raiseEpoch(tx, lane, sending.clock));
const claim = (epoch: number, limit = 10) => sending.deps.db.asTenant(lane.tenantId, (tx) => claimGroup(tx, lane, epoch, limit, NOON));
const record = (attemptId: number, records: MessageRecord[]) =>
  sending.deps.db.asTenant(lane.tenantId, (tx) => recordGroup(tx, { tenantId: lane.tenantId, channel: 'email', attemptId }, records, NOON));

async function accepted(count: number): Promise<BatchId> {
  const name = `batch${String(batches += 1)}x`;
  const batch = await sending.accept(await sending.makeProgram({ reminders: [] }), Array.from({ length: count }, (_, i) => invitee(`${name}${String(i)}@fence.example`)));
  return batch.batchId;
}

async function look(batchId: BatchId): Promise<{ state: string; message: string | null; next: boolean }[]> {
  return sending.database.superuser<{ state: string; message: string | null; next: boolean }[]>`
    select i.state, m.state as message, i.due_at is not null as next from invites i left join messages m on m.batch_id = i.batch_id and m.n = i.n where i.batch_id = ${batchId} order by i.n`;
}

async function claimed(batchId: BatchId, count: number) {
  const { epoch } = await raise();
  const group = await claim(epoch, count);
  if (group.outcome !== 'claimed') throw new Error(group.outcome);
  const handedOff = group.messages.map((message): MessageRecord => ({ ...message, outcome: 'handed_off', providerMessageId: 'm', receipt: '250 ok', next: null }));
  expect(new Set(group.messages.map((message) => message.batchId))).toEqual(new Set([batchId]));
  return { epoch, attemptId: group.attemptId, messages: group.messages, handedOff };
}

test('an older sender cannot claim once a newer one has begun', async () => {
  const { epoch } = await raise();
  await raise();
  expect(await claim(epoch)).toEqual({ outcome: 'fenced' });
});

test('what an older sender left claimed is unknown to the newer one, and is not claimed again', async () => {
  const batchId = await accepted(2);
  await claimed(batchId, 2);
  expect(await raise()).toMatchObject({ unknown: 2 });
  expect(await look(batchId)).toEqual(Array(2).fill({ state: 'unknown', message: 'unknown', next: true }));
  const { epoch } = await raise();
  expect(await claim(epoch)).toEqual({ outcome: 'nothing' });
});

test('a late record turns unknown into the truth', async () => {
  const batchId = await accepted(2);
  const old = await claimed(batchId, 2);
  await raise();
  await record(old.attemptId, old.handedOff);
  expect(await look(batchId)).toEqual(Array(2).fill({ state: 'handed_off', message: 'handed_off', next: true }));
});

test('a row that was put back late, since its hand-off had not begun, is claimed afresh and ends well', async () => {
  const batchId = await accepted(1);
  const old = await claimed(batchId, 1);
  await raise();
  await record(old.attemptId, old.messages.map((message) => ({ ...message, outcome: 'put_back', dueAt: NOON, reason: null, tried: false })));
  const again = await claimed(batchId, 1);
  await record(again.attemptId, again.handedOff);
  expect(await look(batchId)).toEqual([{ state: 'handed_off', message: 'handed_off', next: true }]);
});

test('a record never undoes what was decided meanwhile, and keeps its message', async () => {
  const batchId = await accepted(1);
  const group = await claimed(batchId, 1);
  const [canceled] = (await sending.deps.db.asTenant(lane.tenantId, (tx) => cancelInvites(tx, { tenantId: lane.tenantId, batchId, n: 0, now: NOON, actor: 'test' }))) ?? [];
  expect(canceled?.outcome).toBe('too_late');
  await record(group.attemptId, group.messages.map((message) => ({ ...message, outcome: 'put_back', dueAt: NOON + 1000, reason: 'deferred', tried: true })));
  expect(await look(batchId)).toEqual([{ state: 'canceled', message: null, next: false }]);
});

test('a record that is written twice changes nothing the second time', async () => {
  const batchId = await accepted(1);
  const group = await claimed(batchId, 1);
  await record(group.attemptId, group.handedOff);
  await record(group.attemptId, group.handedOff);
  expect(await look(batchId)).toEqual([{ state: 'handed_off', message: 'handed_off', next: true }]);
  expect(await sending.database.superuser`select 1 from messages where state = 'handed_off' and batch_id = ${batchId}`).toHaveLength(1);
});
