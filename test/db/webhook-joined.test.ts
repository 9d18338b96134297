import { closeJoinedOf } from '../../db/write/close-joined-of.ts';
import { createEndpoint } from '../../db/write/webhooks/change-endpoints.ts';
import { newId } from '../../src/config/new-id.ts';
import { inviteId } from '../../src/domain/ids.ts';
import { NOON } from '../support/api.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';

let sending: TestSending;
beforeAll(async () => { sending = await openTestSending(); });
afterAll(() => sending.close());

test('an invite whose person joined is told to webhooks, once, by ids alone', async () => {
  const { tenantId } = sending.tenant;
  const { app, superuser } = sending.database;
  const batch = await sending.accept(await sending.makeProgram(), [invitee('ana@joined.example'), invitee('ben@joined.example')]);
  await app.asTenant(tenantId, (tx) => createEndpoint(tx, { url: 'https://hooks.example.com/', description: '', eventTypes: ['invite.*'], secretSealed: new Uint8Array(40) }, { tenantId, actor: 'test', now: NOON }));
  const [row] = await superuser<{ hash: Uint8Array }[]>`select recipient_hash as hash from invites where batch_id = ${batch.batchId} and n = 0`;
  const memberId = newId('mbr', NOON);
  await superuser`insert into members (id, tenant_id, external_id, created_at, updated_at) values (${memberId}, ${tenantId}, 'ana', ${NOON}, ${NOON})`;
  const join = () => app.asTenant(tenantId, (tx) => closeJoinedOf(tx, { tenantId, joined: [{ memberId, recipientHash: row?.hash ?? new Uint8Array() }], now: NOON, cause: 'member_upsert' }));
  await join();
  await join();
  const id = inviteId({ batchId: batch.batchId, n: 0 });
  const events = await superuser`select type, subject_id as about, data from webhook_events`;
  expect([...events]).toEqual([{ type: 'invite.joined', about: id, data: { inviteId: id, batchId: batch.batchId, memberId, cause: 'member_upsert' } }]);
});
