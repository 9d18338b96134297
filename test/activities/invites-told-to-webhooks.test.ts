import { lockProgram } from '../../db/read/programs.ts';
import { addSuppression } from '../../db/write/add-suppression.ts';
import { cancelInvites } from '../../db/write/cancel-invites.ts';
import type { Tx } from '../../db/client.ts';
import { recordDeliveryEvents } from '../../db/write/record-delivery-events.ts';
import type { DeliveryFact } from '../../db/write/delivery-fact.ts';
import { heedSmsAnswer } from '../../db/write/heed-sms-answer.ts';
import { unsubscribe } from '../../db/write/unsubscribe.ts';
import { updateProgram } from '../../db/write/update-program.ts';
import { createEndpoint } from '../../db/write/webhooks/change-endpoints.ts';
import { inviteId, type BatchId, type InviteRef } from '../../src/domain/ids.ts';
import type { HandOff } from '../../src/providers/transport.ts';
import { NOON } from '../support/api.ts';
import { arrangeNotices, SOME_REWARDS } from '../support/arrange-notices.ts';
import { arrangeMessage } from '../support/arrange-messages.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';

const DAY_MS = 86_400_000;
let sending: TestSending;
let answer: (to: string) => HandOff = () => handedOff;
const handedOff: HandOff = { outcome: 'handed_off', providerMessageId: 'vendor-1', receipt: '250 ok' };

beforeEach(async () => {
  sending = await openTestSending({
    transport: {
      channel: 'email', provider: 'email:mail.example', wireLimit: 4,
      send: ({ to }) => Promise.resolve(answer(to.address)),
      verify: () => Promise.resolve({ ok: true }),
      close: () => Promise.resolve(),
    },
  });
  answer = () => handedOff;
});
afterEach(() => sending.close());

const within = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => sending.database.app.asTenant(sending.tenant.tenantId, work);
const listen = (...eventTypes: string[]) => within((tx) =>
  createEndpoint(tx, { url: 'https://hooks.example.com/', description: '', eventTypes, secretSealed: new Uint8Array(40) }, { tenantId: sending.tenant.tenantId, actor: 'test', now: NOON }));
const invited = async (...people: string[]): Promise<BatchId> =>
  (await sending.accept(await sending.makeProgram({ sendRules: { layers: [] }, reminders: [], existingMembers: 'invite' }), people.map((who) => invitee(`${who}@told.example`)))).batchId;

/** What was told of each place of a batch, sorted by place and type: what is told at one instant has no order. */
async function told(batchId: BatchId): Promise<Record<string, unknown>[]> {
  const rows = await sending.database.superuser<{ type: string; subject: string; data: Record<string, unknown> }[]>`
    select type, subject_id as subject, data from webhook_events where data ->> 'batchId' = ${batchId} order by subject_id, type`;
  return rows.map(({ type, subject, data: { inviteId: of, batchId: _batch, ...data } }) => {
    expect(of).toBe(subject);
    return { n: [0, 1, 2].find((n) => inviteId({ batchId, n }) === subject), type, ...data };
  });
}

let eventCount = 0;
const tell = (kind: DeliveryFact['kind'], ref: InviteRef, more: Partial<DeliveryFact> = {}) => within((tx) => {
  eventCount += 1;
  const fact: DeliveryFact = { eventId: `fact-${String(eventCount)}`, kind, message: { ...ref, step: 0, channel: 'email' }, at: NOON + 1_000, permanent: false, ...more };
  return recordDeliveryEvents(tx, { tenantId: sending.tenant.tenantId, facts: [fact], actor: 'test', now: sending.clock.now() });
});

test('what is sent, refused by its provider, delivered, bounced and complained about is told, each once', async () => {
  await listen('invite.*');
  answer = (to) => (to.startsWith('gone') ? { outcome: 'permanent', reason: 'mailbox_unavailable', detail: '550', suppress: true } : handedOff);
  const batchId = await invited('ana', 'gone');
  await sending.sendDue();
  expect(await told(batchId)).toEqual([{ n: 0, type: 'invite.sent', channel: 'email', step: 0 }, { n: 1, type: 'invite.refused', reason: 'mailbox_unavailable' }]);
  const ana = { batchId, n: 0 };
  await tell('delivered', ana);
  await tell('delivered', ana, { eventId: `fact-${String(eventCount)}` });
  await tell('bounced', ana); // a delay
  await tell('complained', ana);
  await tell('bounced', ana, { permanent: true });
  expect(await told(batchId)).toEqual([
    { n: 0, type: 'invite.bounced', channel: 'email', step: 0, reason: 'bounced', permanent: true },
    { n: 0, type: 'invite.complained', channel: 'email', step: 0 },
    { n: 0, type: 'invite.delivered', channel: 'email', step: 0 },
    { n: 0, type: 'invite.sent', channel: 'email', step: 0 },
    { n: 1, type: 'invite.refused', reason: 'mailbox_unavailable' },
  ]);
});

test('what evidence settles is told as sent, too', async () => {
  await listen('invite.sent', 'invite.delivered');
  const batchId = await invited('ana');
  await arrangeMessage(sending.database, sending.tenant.tenantId, { batchId, n: 0 }, 'unknown', NOON);
  await tell('delivered', { batchId, n: 0 });
  expect((await told(batchId)).map(({ type }) => type)).toEqual(['invite.delivered', 'invite.sent']);
});

test('an invite that ends unsent says why: canceled, suppressed, expired, given up', async () => {
  await listen('*');
  const { tenantId } = sending.tenant;
  const batchId = await invited('ana', 'ben', 'cleo');
  await arrangeMessage(sending.database, tenantId, { batchId, n: 2 }, 'unknown', NOON);
  const cancel = () => within((tx) => cancelInvites(tx, { tenantId, batchId, n: 0, now: NOON, actor: 'test' }));
  await cancel();
  await cancel();
  await within((tx) => addSuppression(tx, { tenantId, recipientHash: sending.deps.keyring.hashRecipient(tenantId, 'ben@told.example'), reason: 'manual', actor: 'test', now: NOON }));
  sending.clock.advance(4 * DAY_MS);
  await sending.sendDue();
  const late = await invited('dan');
  sending.clock.advance(40 * DAY_MS);
  await sending.sendDue();
  expect(await told(batchId)).toEqual([{ n: 0, type: 'invite.canceled' }, { n: 1, type: 'invite.refused', reason: 'suppressed' }, { n: 2, type: 'invite.unknown' }]);
  expect(await told(late)).toEqual([{ n: 0, type: 'invite.expired' }]);
});

test('one that is canceled while it is on the wire was sent; one that comes back then is told as canceled', async () => {
  await listen('invite.*');
  const { tenantId } = sending.tenant;
  for (const [who, last, types] of [['ana', handedOff, ['invite.sent']], ['ben', { outcome: 'retry', retryAfterMs: 1_000, reason: 'deferred', detail: '451' }, ['invite.canceled']]] satisfies [string, HandOff, string[]][]) {
    const batchId = await invited(who);
    let canceled: Promise<unknown> = Promise.resolve();
    answer = () => last;
    const turn = sending.sendDue({ transports: { ...sending.deps.transports, email: { ...sending.deps.transports.email, send: async () => {
      canceled = within((tx) => cancelInvites(tx, { tenantId, batchId, n: 0, now: NOON, actor: 'test' }));
      await canceled;
      return last;
    } } } });
    await turn;
    expect((await told(batchId)).map(({ type }) => type)).toEqual(types);
  }
});

test('who opts out through an invite is told of once, and what else waited for them is refused', async () => {
  await listen('invite.opted_out', 'invite.refused');
  const { tenantId } = sending.tenant;
  const batchId = await invited('ana');
  const stop = () => within((tx) => unsubscribe(tx, { tenantId, batchId, n: 0, channel: 'link', wordingVersion: null, locale: null, now: NOON }));
  await stop();
  await stop();
  expect(await told(batchId)).toEqual([{ n: 0, type: 'invite.opted_out', topic: '*', channel: '*' }, { n: 0, type: 'invite.refused', reason: 'suppressed' }]);
});

test('a STOP by SMS is told as an opt-out of texts, of the invite that was texted last', async () => {
  await listen('invite.opted_out');
  const { tenantId } = sending.tenant;
  const batchId = await invited('ana');
  const [phoneKey, phoneHash] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)];
  await sending.database.superuser`insert into sms_recipients (tenant_id, phone_key, batch_id, n, sent_at) values (${tenantId}, ${phoneKey}, ${batchId}, 0, ${NOON})`;
  const stop = (providerMessageId: string) => within((tx) => heedSmsAnswer(tx, { tenantId, phoneHash, phoneKey, providerMessageId, asks: 'stop', by: 'keyword', now: NOON }));
  await stop('SM1');
  await stop('SM2');
  expect(await told(batchId)).toEqual([{ n: 0, type: 'invite.opted_out', topic: '*', channel: 'sms' }]);
});

test('an invite for which new rules leave no time is told as refused', async () => {
  await listen('invite.*');
  const { tenantId } = sending.tenant;
  const programId = await sending.makeProgram({ sendRules: { layers: [] }, reminders: [], expiresAfterHours: 6 });
  const { batchId } = await sending.accept(programId, [invitee('ana@told.example')]);
  await within(async (tx) => {
    const before = await lockProgram(tx, tenantId, programId);
    if (before === null) throw new Error('no program');
    const sendRules = { layers: [{ label: 'early', windows: [{ start: '08:00', end: '09:00' }] }] };
    await updateProgram(tx, before, { tenantId, title: before.title, terms: { ...before.terms, sendRules }, actor: 'test', now: NOON });
  });
  await sending.sendDue();
  expect(await told(batchId)).toEqual([{ n: 0, type: 'invite.refused', reason: 'no_permitted_time' }]);
});

test('a notice to a member is no invite: nothing of it is told', async () => {
  await listen('*');
  const world = arrangeNotices(sending);
  const programId = await sending.makeProgram({ rewards: SOME_REWARDS, sendRules: { layers: [] } });
  const memberId = await world.makeMember('member@told.example');
  await world.queue({ key: 'k', kind: 'friend_signed_up', programId, memberId, values: {} });
  await sending.sendDue();
  const [notice] = await world.stored(programId);
  expect(notice?.state).toBe('handed_off');
  if (notice === undefined) return;
  await tell('delivered', { batchId: notice.batchId, n: 0 });
  await within((tx) => unsubscribe(tx, { tenantId: sending.tenant.tenantId, batchId: notice.batchId, n: 0, channel: 'link', wordingVersion: null, locale: null, now: NOON }));
  expect(await told(notice.batchId)).toEqual([]);
});

test('where no endpoint wants it, a sender asks nothing more and writes nothing', async () => {
  await listen('reward.*', 'invite.joined');
  const batchId = await invited('ana', 'ben');
  const asked: string[] = [];
  const { app } = sending.database;
  await sending.sendDue({ db: { ...app, asTenant: (tenantId, work) => app.asTenant(tenantId, (tx) => work({ ...tx, orm: tx.orm, sql: new Proxy(tx.sql, {
    apply: (target, self, args: [unknown]) => {
      if (Array.isArray(args[0])) asked.push(args[0].join('?'));
      const made: unknown = Reflect.apply(target, self, args);
      return made;
    },
  }) })) } });
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((text) => /^\s*select id, event_types|insert into webhook/.test(text))).toEqual([]);
  expect(await told(batchId)).toEqual([]);
});
