import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordConsent } from '../../db/write/record-consent.ts';
import { recordDeliveryEvents } from '../../db/write/record-delivery-events.ts';
import { unsubscribe } from '../../db/write/unsubscribe.ts';
import { startSmsStandIn, type RunningSmsStandIn } from '../../src/dev/sms/stand-in.ts';
import type { AcceptedBatch, Invitee } from '../../db/write/accept-invites.ts';
import type { InviteRef, ProgramId } from '../../src/domain/ids.ts';
import { openSms } from '../../src/providers/sms/open-sms.ts';
import type { HandOff, OutgoingMessage } from '../../src/providers/transport.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';

/** E-mail first; a text takes over where the mail was refused for good or bounced. The vendor's adapter is real, its API a stand-in. */
const HOUR_MS = 3_600_000;
/** Noon in New York: every state on its clock permits texts. */
const NOON_THERE = Date.parse('2026-06-10T16:00:00Z');
const dir = mkdtempSync(join(tmpdir(), 'flywheel-sms-'));
let vendor: RunningSmsStandIn;
let sending: TestSending;
let program: ProgramId;
/** What the mail server says to whom. */
const mailServer = new Map<string, HandOff>();
const gone: HandOff = { outcome: 'permanent', reason: 'mailbox_unavailable', detail: '550 5.1.1', suppress: true };

beforeAll(async () => {
  vendor = await startSmsStandIn({ dir });
  vendor.setCallbacks({ order: 'none' });
  const { accountSid, authToken, number } = vendor.account;
  const send = (mail: OutgoingMessage): Promise<HandOff> => Promise.resolve(mailServer.get(mail.to.address) ?? { outcome: 'handed_off', providerMessageId: mail.messageId, receipt: '250 OK' });
  sending = await openTestSending({
    transport: { channel: 'email', provider: 'email:test', wireLimit: 4, send, verify: () => Promise.resolve({ ok: true }), close: () => Promise.resolve() },
    sms: openSms({ kind: 'twilio', accountSid, authToken, apiKey: null, sender: { from: number }, webhookUrl: 'https://flywheel.example', baseUrl: vendor.url, connections: 4 }),
  });
});
beforeEach(async () => {
  sending.clock.set(NOON_THERE);
  mailServer.clear();
  vendor.setFaults(undefined);
  program = await sending.makeProgram({ channels: ['email', 'sms'], reminders: [] });
});
afterAll(async () => {
  await sending.close();
  await vendor.stop();
  rmSync(dir, { recursive: true, force: true });
});

let lastPhone = 100;
const phone = (): string => `+1202555${String((lastPhone += 1)).padStart(4, '0')}`;
const reachable = (more: Partial<Invitee> = {}): Invitee => invitee(`someone${String(lastPhone)}@fail.example`, { zone: 'America/New_York', consent: { basis: 'opt_in' }, phone: phone(), ...more });
const textsTo = (number: string | undefined) => vendor.store.list().filter(({ to }) => to === number);
const turns = async () => {
  await sending.sendDue();
  await sending.sendDue({}, 'sms');
};
async function rowOf({ batchId }: AcceptedBatch, n = 0): Promise<string> {
  const [row] = await sending.database.superuser<{ state: string; reason: string | null; channel: string }[]>`select state, reason, channel from invites where batch_id = ${batchId} and n = ${n}`;
  return row === undefined ? 'gone' : [row.channel, row.state, ...(row.reason === null ? [] : [row.reason])].join(' ');
}
const bounce = (ref: InviteRef, eventId = `bounce ${ref.batchId}`) => sending.deps.db.asTenant(sending.tenant.tenantId, (tx) => recordDeliveryEvents(tx, {
  tenantId: sending.tenant.tenantId, actor: 'test', now: sending.clock.now(),
  facts: [{ eventId, kind: 'bounced', message: { ...ref, step: 0, channel: 'email' }, at: sending.clock.now(), permanent: true }],
}));

test('a mail that is refused for good is followed by one text to the same person, under the same link', async () => {
  const who = reachable();
  mailServer.set(who.email ?? '', gone);
  const batch = await sending.accept(program, [who]);
  await turns();
  await turns();
  expect(await rowOf(batch)).toBe('sms handed_off');
  expect(textsTo(who.phone)).toHaveLength(1);
  expect(textsTo(who.phone)[0]?.body).toMatch(/^\S.*\/l\/\S+ Reply STOP to opt out\.$/);
  const messages = await sending.database.superuser`select channel, state, reason from messages where batch_id = ${batch.batchId} order by channel`;
  expect([...messages]).toEqual([{ channel: 'email', state: 'refused', reason: 'mailbox_unavailable' }, { channel: 'sms', state: 'handed_off', reason: null }]);
});

test('a mail that bounces later is followed by a text; the bounce told again changes nothing', async () => {
  const who = reachable();
  const batch = await sending.accept(program, [who]);
  await turns();
  expect([await rowOf(batch), textsTo(who.phone).length]).toEqual(['email handed_off', 0]);
  const ref = { batchId: batch.batchId, n: 0 };
  expect(await bounce(ref)).toEqual(['recorded']);
  expect(await rowOf(batch)).toBe('sms waiting');
  expect([await bounce(ref), await bounce(ref, 'another report')]).toEqual([['duplicate'], ['recorded']]);
  const told = await sending.database.superuser<{ kind: string }[]>`select kind from decisions where subject_id = ${batch.batchId} and kind in ('bounced', 'failed_over')`;
  expect(told.map(({ kind }) => kind)).toEqual(['failed_over']);
  await turns();
  expect([await rowOf(batch), textsTo(who.phone).length]).toEqual(['sms handed_off', 1]);
});

test('while nobody knows whether the mail arrived no text is sent, nor when it is given up', async () => {
  const who = reachable();
  mailServer.set(who.email ?? '', { outcome: 'unknown', reason: 'no_answer', detail: 'the connection was lost after the message' });
  const batch = await sending.accept(program, [who]);
  await turns();
  expect(await rowOf(batch)).toBe('email unknown no_answer');
  sending.clock.advance(73 * HOUR_MS);
  await turns();
  expect([await rowOf(batch), textsTo(who.phone).length]).toEqual(['email unknown_expired no_answer', 0]);
});

test('a mail that was unknown and then proves to have bounced is followed by a text', async () => {
  const who = reachable();
  mailServer.set(who.email ?? '', { outcome: 'unknown', reason: 'no_answer', detail: 'lost' });
  const batch = await sending.accept(program, [who]);
  await turns();
  await bounce({ batchId: batch.batchId, n: 0 });
  await turns();
  expect([await rowOf(batch), textsTo(who.phone).length]).toEqual(['sms handed_off', 1]);
});

test.each([
  ['what the sender did wrong', { outcome: 'permanent', reason: 'sender_refused', detail: '', suppress: false }],
  ['a mail too large', { outcome: 'permanent', reason: 'too_large', detail: '', suppress: false }],
] as const)('no text makes up for %s', async (_what, refusal) => {
  const who = reachable();
  mailServer.set(who.email ?? '', refusal);
  const batch = await sending.accept(program, [who]);
  await turns();
  expect([await rowOf(batch), textsTo(who.phone).length]).toEqual([`email refused ${refusal.reason}`, 0]);
});

test('without the recipient\'s own opt-in nothing takes over, and the story says why', async () => {
  const who = reachable({ consent: { basis: 'inviter_attested' } });
  mailServer.set(who.email ?? '', gone);
  const batch = await sending.accept(program, [who]);
  await turns();
  expect([await rowOf(batch), textsTo(who.phone).length]).toEqual(['email refused mailbox_unavailable', 0]);
  const [decision] = await sending.database.superuser<{ inputs: { reason: string } }[]>`select inputs from decisions where subject_id = ${batch.batchId} and kind = 'not_failed_over'`;
  expect(decision?.inputs.reason).toBe('no_consent');
});

test('an opt-in on record is enough, and an opt-out that comes later ends what waits', async () => {
  const { tenantId } = sending.tenant;
  const people = [reachable({ consent: { basis: 'inviter_attested' } }), reachable({ consent: { basis: 'inviter_attested' }, email: 'other@fail.example' })];
  const say = (number: string | undefined, action: 'granted' | 'withdrawn') => sending.deps.db.asTenant(tenantId, (tx) => recordConsent(tx, {
    tenantId, recipientHash: sending.deps.keyring.hashRecipient(tenantId, number ?? ''), topic: '*', channel: 'sms', action, basis: 'opt_in', wordingVersion: 'v1', locale: 'en',
    source: 'api', givenAt: sending.clock.now() + (action === 'granted' ? 0 : 1), now: sending.clock.now() + 1, actor: 'test' }));
  for (const { phone: number, email } of people) {
    await say(number, 'granted');
    mailServer.set(email ?? '', gone);
  }
  const batch = await sending.accept(program, people);
  await sending.sendDue();
  expect([await rowOf(batch, 0), await rowOf(batch, 1)]).toEqual(['sms waiting', 'sms waiting']);
  await say(people[1]?.phone, 'withdrawn');
  await turns();
  expect([await rowOf(batch, 0), await rowOf(batch, 1)]).toEqual(['sms handed_off', 'sms refused suppressed']);
  expect(people.map(({ phone: number }) => textsTo(number).length)).toEqual([1, 0]);
});

test('a text waits for its own permitted hours, which are not the mail\'s', async () => {
  // 20:30 in New York: a mail may leave until 21:00, in Florida a text may not (its own rule ends at 20:00).
  sending.clock.set('2026-06-11T00:30:00Z');
  const who = reachable({ region: 'US-FL' });
  mailServer.set(who.email ?? '', gone);
  const batch = await sending.accept(program, [who]);
  await turns();
  expect([await rowOf(batch), textsTo(who.phone).length]).toEqual(['sms waiting', 0]);
  sending.clock.set('2026-06-11T12:01:00Z');
  await turns();
  expect([await rowOf(batch), textsTo(who.phone).length]).toEqual(['sms handed_off', 1]);
});

test('somebody without an address is reached by phone alone, with an own opt-in only', async () => {
  const [number, other] = [phone(), phone()];
  const batch = await sending.accept(program, [
    { phone: number, zone: 'America/New_York', consent: { basis: 'opt_in' } }, { phone: other, consent: { basis: 'inviter_attested' } }, { consent: { basis: 'opt_in' } },
    { phone: number, consent: { basis: 'opt_in' } },
  ]);
  expect(batch.decisions.map((one) => (one.outcome === 'accepted' ? one.outcome : one.reason))).toEqual(['accepted', 'no_consent', 'invalid_address', 'duplicate_in_cooling_period']);
  await turns();
  expect([await rowOf(batch), textsTo(number).length, textsTo(other).length]).toEqual(['sms handed_off', 1, 0]);
});

test('where a mailbox is known to be dead the text goes at once', async () => {
  const who = reachable();
  await sending.database.superuser`insert into suppressions (id, tenant_id, recipient_hash, reason, created_at)
    values ('sup_01ksr49200081040g2081040g9', ${sending.tenant.tenantId}, ${sending.deps.keyring.hashRecipient(sending.tenant.tenantId, who.email ?? '')}, 'hard_bounce', ${NOON_THERE})`;
  const batch = await sending.accept(program, [who]);
  await turns();
  expect([await rowOf(batch), textsTo(who.phone).length]).toEqual(['sms handed_off', 1]);
});

test('who unsubscribes from the mail gets no text in its place', async () => {
  const { tenantId } = sending.tenant;
  const who = reachable();
  mailServer.set(who.email ?? '', gone);
  const batch = await sending.accept(program, [who]);
  await sending.sendDue();
  expect(await rowOf(batch)).toBe('sms waiting');
  await sending.deps.db.asTenant(tenantId, (tx) => unsubscribe(tx, { tenantId, batchId: batch.batchId, n: 0, channel: 'link', wordingVersion: 'v1', locale: 'en', now: NOON_THERE }));
  await turns();
  expect([await rowOf(batch), textsTo(who.phone).length]).toEqual(['sms refused suppressed', 0]);
});

test('a text tells the vendor for how long it is good: no longer than its window', async () => {
  sending.clock.set('2026-06-10T23:30:00Z'); // 19:30 in New York
  const who = reachable({ region: 'US-FL' });
  mailServer.set(who.email ?? '', gone);
  await sending.accept(program, [who]);
  await turns();
  expect(textsTo(who.phone)[0]?.validityPeriod).toBe(1800);
});

test.each([
  [21610, 'sms refused opted_out'], [21211, 'sms refused number_unavailable'], [21614, 'sms refused number_unavailable'],
])('the vendor\'s refusal %i ends the invite', async (code, end) => {
  const who = reachable();
  mailServer.set(who.email ?? '', gone);
  vendor.setFaults(({ to }) => (to === who.phone ? { kind: 'refused', code, status: 400 } : undefined));
  const batch = await sending.accept(program, [who]);
  await turns();
  expect(await rowOf(batch)).toBe(end);
});

test.each([
  [{ kind: 'busy', retryAfterSeconds: 5 }, 'sms waiting rate_limited', 0, 1],
  [{ kind: 'fails_before' }, 'sms unknown unclear_answer', 0, 0],
  [{ kind: 'fails_after' }, 'sms unknown unclear_answer', 1, 1],
  [{ kind: 'hangs_up_after' }, 'sms unknown no_answer', 1, 1],
] as const)('after %o it is tried again only where nothing can have been taken', async (fault, state, taken, atLast) => {
  const who = reachable();
  mailServer.set(who.email ?? '', gone);
  let left = 1;
  vendor.setFaults(({ to }) => (to === who.phone && (left -= 1) === 0 ? fault : undefined));
  const batch = await sending.accept(program, [who]);
  await turns();
  expect([await rowOf(batch), textsTo(who.phone).length]).toEqual([state, taken]);
  sending.clock.advance(60_000);
  await turns();
  expect(textsTo(who.phone)).toHaveLength(atLast);
});
