import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { raiseEpoch } from '../../db/write/raise-epoch.ts';
import { recordConsent } from '../../db/write/record-consent.ts';
import { recordDeliveryEvents } from '../../db/write/record-delivery-events.ts';
import { recordGroup } from '../../db/write/record-group.ts';
import { claimGroup } from '../../db/write/claim-group.ts';
import { upsertMembers } from '../../db/write/upsert-members.ts';
import { startSmsStandIn, type RunningSmsStandIn } from '../../src/dev/sms/stand-in.ts';
import type { AcceptedBatch, Invitee } from '../../db/write/accept-invites.ts';
import type { ConsentAct } from '../../db/write/record-consent.ts';
import type { MemberChange } from '../../db/write/member-state.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import { openSms } from '../../src/providers/sms/open-sms.ts';
import type { HandOff, OutgoingMessage } from '../../src/providers/transport.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';

/** A text goes to the number that agreed to it, about what it agreed to, as things stand when it leaves. */
const NOON_THERE = Date.parse('2026-06-10T16:00:00Z');
const dir = mkdtempSync(join(tmpdir(), 'flywheel-sms-'));
let vendor: RunningSmsStandIn;
let sending: TestSending;

beforeAll(async () => {
  vendor = await startSmsStandIn({ dir });
  vendor.setCallbacks({ order: 'none' });
  const { accountSid, authToken, number } = vendor.account;
  const send = (mail: OutgoingMessage): Promise<HandOff> => Promise.resolve({ outcome: 'handed_off', providerMessageId: mail.messageId, receipt: '250 OK' });
  sending = await openTestSending({
    transport: { channel: 'email', provider: 'email:test', wireLimit: 4, send, verify: () => Promise.resolve({ ok: true }), close: () => Promise.resolve() },
    sms: openSms({ kind: 'twilio', accountSid, authToken, apiKey: null, sender: { from: number }, webhookUrl: 'https://flywheel.example', baseUrl: vendor.url, connections: 4 }),
  });
});
beforeEach(() => sending.clock.set(NOON_THERE));
afterAll(async () => {
  await sending.close();
  await vendor.stop();
  rmSync(dir, { recursive: true, force: true });
});

let last = 0;
const phone = (): string => `+1202555${String((last += 1)).padStart(4, '0')}`;
const someone = (more: Partial<Invitee> = {}): Invitee => invitee(`person${String((last += 1))}@agree.example`, { zone: 'America/New_York', consent: { basis: 'opt_in' }, phone: phone(), ...more });
const byPhone = (number: string, more: Partial<Invitee> = {}): Invitee => ({ zone: 'America/New_York', consent: { basis: 'opt_in' }, phone: number, ...more });
const textsTo = (number: string | undefined) => vendor.store.list().filter(({ to }) => to === number).length;
const tenantId = () => sending.tenant.tenantId;
const hashOf = (address: string) => sending.deps.keyring.hashRecipient(tenantId(), address);
const turns = async () => {
  await sending.sendDue();
  await sending.sendDue({}, 'sms');
  await sending.sendDue({}, 'sms');
};
const texting = (more: object = {}) => sending.makeProgram({ channels: ['sms'], reminders: [], ...more });
const mailing = (more: object = {}) => sending.makeProgram({ channels: ['email', 'sms'], reminders: [], ...more });
async function rowOf({ batchId }: AcceptedBatch, n = 0): Promise<string> {
  const [row] = await sending.database.superuser<{ state: string; reason: string | null; channel: string; step: number | null }[]>`select state, reason, channel, step from invites where batch_id = ${batchId} and n = ${n}`;
  return row === undefined ? 'gone' : [row.channel, row.state, ...(row.reason === null ? [] : [row.reason])].join(' ');
}
const say = (address: string, act: Partial<ConsentAct> = {}) => sending.deps.db.asTenant(tenantId(), (tx) => recordConsent(tx, {
  tenantId: tenantId(), recipientHash: hashOf(address), topic: '*', channel: 'sms', action: 'granted', basis: 'opt_in', wordingVersion: null, locale: null, source: 'api',
  givenAt: sending.clock.now(), now: sending.clock.now(), actor: 'test', ...act }));
const upsert = (...changes: MemberChange[]) => sending.deps.db.asTenant(tenantId(), (tx) => upsertMembers(tx, sending.deps.keyring, { tenantId: tenantId(), changes, now: sending.clock.now() }));
const reasonsOf = async ({ batchId }: AcceptedBatch) => (await sending.database.superuser<{ what: string }[]>`
  select concat_ws(' ', kind, inputs ->> 'reason') as what from decisions where subject_id = ${batchId} order by id`).map(({ what }) => what);
const bounce = ({ batchId }: AcceptedBatch, steps: number[], channel: Channel = 'email') => sending.deps.db.asTenant(tenantId(), (tx) => recordDeliveryEvents(tx, {
  tenantId: tenantId(), actor: 'test', now: sending.clock.now(),
  facts: steps.map((step) => ({ eventId: `bounce ${batchId} ${String(step)}`, kind: 'bounced', message: { batchId, n: 0, step, channel }, at: sending.clock.now(), permanent: true })),
}));

test('an opt-in that is about one topic lets no text leave once the program is about another', async () => {
  const program = await texting();
  const who = byPhone(phone(), { consent: { basis: 'inviter_attested' } });
  await say(who.phone ?? '', { topic: 'invitations' });
  const batch = await sending.accept(program, [who]);
  expect(await rowOf(batch)).toBe('sms waiting');
  await sending.database.superuser`update programs set topic = 'sales' where id = ${program}`;
  await turns();
  expect([await rowOf(batch), textsTo(who.phone)]).toEqual(['sms refused suppressed', 0]);
  expect(await reasonsOf(batch)).toContain('suppressed no_consent');
});

test('an opt-in on record that was replaced by no more than the end of an opt-out lets no text leave', async () => {
  const program = await texting();
  const who = byPhone(phone(), { consent: { basis: 'inviter_attested' } });
  await say(who.phone ?? '', {});
  const batch = await sending.accept(program, [who]);
  sending.clock.advance(1);
  await say(who.phone ?? '', { basis: 'opt_out_ended' });
  await turns();
  expect([await rowOf(batch), textsTo(who.phone)]).toEqual(['sms refused suppressed', 0]);
});

test('a text never goes to a number that took the place of the one that was invited, least of all one that said STOP', async () => {
  const program = await texting({ existingMembers: 'invite' });
  const [old, fresh] = [phone(), phone()];
  const externalId = `u-${old}`;
  await upsert({ externalId, email: { address: `${externalId}@agree.example`, mailbox: `${externalId}@agree.example` }, phone: old });
  const batch = await sending.accept(program, [someone({ email: `${externalId}@agree.example`, phone: old })]);
  expect(await rowOf(batch)).toBe('sms waiting');
  await say(fresh, { action: 'withdrawn', basis: null });
  await upsert({ externalId, phone: fresh });
  await turns();
  expect([textsTo(old), textsTo(fresh)]).toEqual([0, 0]);
  expect(await rowOf(batch)).not.toBe('sms waiting');
});

test('an opt-in of the number in the invite does not let a text go to another number that is known of that mailbox', async () => {
  const program = await texting();
  const [known, told] = [phone(), phone()];
  const who = someone({ phone: known });
  const first = await sending.accept(program, [who]);
  await turns();
  expect([await rowOf(first), textsTo(known)]).toEqual(['sms handed_off', 1]);
  await sending.database.superuser`delete from cooling`;
  await say(told);
  const second = await sending.accept(program, [{ ...who, phone: told, consent: { basis: 'inviter_attested' } }]);
  await turns();
  expect([textsTo(known), textsTo(told) <= 1]).toEqual([1, true]);
  expect(['sms handed_off', 'sms refused no_consent', 'sms refused suppressed']).toContain(await rowOf(second));
});

test('who opted a mailbox out of everything gets no text as the same invitee', async () => {
  const program = await texting();
  const who = someone();
  await say(who.email ?? '', { channel: '*', action: 'withdrawn', basis: null });
  const batch = await sending.accept(program, [who]);
  await turns();
  expect([await rowOf(batch), textsTo(who.phone)]).toEqual(['sms refused suppressed', 0]);
});

test('a mail whose late record says that it was refused for good is followed by a text', async () => {
  const program = await mailing();
  const who = someone();
  const batch = await sending.accept(program, [who]);
  const { db, clock } = sending.deps;
  const lane = { tenantId: tenantId(), lane: 'email-0', channel: 'email' as const };
  const { epoch } = await db.asTenant(tenantId(), (tx) => raiseEpoch(tx, lane, clock));
  const claimed = await db.asTenant(tenantId(), (tx) => claimGroup(tx, lane, epoch, 10, clock.now()));
  if (claimed.outcome !== 'claimed') throw new Error(claimed.outcome);
  await db.asTenant(tenantId(), (tx) => raiseEpoch(tx, lane, clock));
  expect(await rowOf(batch)).toBe('email unknown sender_lost');
  const { attemptId, messages: [message] } = claimed;
  if (message === undefined) throw new Error('nothing was claimed');
  await db.asTenant(tenantId(), (tx) => recordGroup(tx, { ...lane, attemptId }, [{ batchId: batch.batchId, n: 0, step: 0, expiresAt: batch.expiresAt, outcome: 'refused', reason: 'mailbox_unavailable', suppress: true, recipientHash: message.recipientHash }], clock.now()));
  await turns();
  expect([await rowOf(batch), textsTo(who.phone)]).toEqual(['sms handed_off', 1]);
});

test('bounces of an invitation and its reminder that are told together make one text: the invitation', async () => {
  const program = await mailing({ reminders: [{ afterHours: 24 }, { afterHours: 48 }] });
  const who = someone();
  const batch = await sending.accept(program, [who]);
  await turns();
  sending.clock.advance(25 * 3_600_000);
  await turns();
  await bounce(batch, [1, 0]);
  const [row] = await sending.database.superuser<{ step: number; state: string }[]>`select step, state from invites where batch_id = ${batch.batchId}`;
  expect(row).toEqual({ step: 0, state: 'waiting' });
  expect((await reasonsOf(batch)).filter((what) => what.startsWith('failed_over'))).toHaveLength(1);
});

test('who is a member by phone is not invited by it, whoever else was known by that phone before', async () => {
  const program = await texting();
  const number = phone();
  await sending.accept(program, [byPhone(number)]);
  await turns();
  await sending.database.superuser`delete from cooling`;
  // A contact that was made later has the later id.
  sending.clock.advance(1000);
  await upsert({ externalId: `m-${number}`, email: { address: `m${number}@agree.example`, mailbox: `m${number}@agree.example` }, phone: number });
  const again = await sending.accept(program, [byPhone(number)]);
  expect(again.decisions[0]).toMatchObject({ outcome: 'refused', reason: 'member_already' });
});

test('a member\'s changed hours plan again what goes to the phone alone', async () => {
  const program = await texting({ existingMembers: 'invite' });
  const number = phone();
  await upsert({ externalId: `q-${number}`, phone: number, zone: 'America/New_York' });
  const batch = await sending.accept(program, [byPhone(number)]);
  await sending.database.superuser`update invites set stale = false where batch_id = ${batch.batchId}`;
  await upsert({ externalId: `q-${number}`, quietHours: [{ start: '00:00', end: '23:00' }] });
  const [row] = await sending.database.superuser<{ stale: boolean }[]>`select stale from invites where batch_id = ${batch.batchId}`;
  expect(row?.stale).toBe(true);
});

test('one request may name somebody by the mailbox and by the phone that are known of one person', async () => {
  const program = await mailing();
  const who = someone();
  await sending.accept(program, [who]);
  await sending.database.superuser`delete from cooling`;
  const { decisions, batchId } = await sending.accept(program, [{ ...who, phone: undefined }, byPhone(who.phone ?? '')]);
  expect(decisions.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted']);
  const rows = await sending.database.superuser`select distinct contact_id from invites where batch_id = ${batchId}`;
  expect(rows).toHaveLength(1);
});
