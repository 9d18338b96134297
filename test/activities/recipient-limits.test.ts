import { queueFeedItems } from '../../db/write/feed/queue-feed-items.ts';
import { newId } from '../../src/config/new-id.ts';
import type { MemberId } from '../../src/domain/ids.ts';
import type { TenantLimits } from '../../src/domain/program/tenant-limits.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';
import { openSmsSending } from '../support/sms-sending.ts';

let sending: TestSending;
beforeAll(async () => { sending = await openTestSending(); });
afterAll(async () => { await sending.close(); });

const HOUR_MS = 3_600_000;
const open = { sendRules: {}, coolingHours: 0, reminders: [{ afterHours: 30 }] };

async function limit(limits: TenantLimits): Promise<void> {
  await sending.database.owner`update tenants set limits = ${JSON.stringify(limits)} where id = ${sending.tenant.tenantId}`;
}

async function decisionsOf(kind: string): Promise<{ rule: string; inputs: Record<string, unknown> }[]> {
  return sending.database.superuser<{ rule: string; inputs: Record<string, unknown> }[]>`select rule, inputs from decisions where kind = ${kind} order by id`;
}

test('across programs a recipient gets so many messages a calendar day of their own, and the rest the next day', async () => {
  await limit({ messagesPerRecipientPerDay: 2 });
  sending.clock.set('2026-06-10T12:00:00Z');
  const to = invitee('many@example.com', { zone: 'Asia/Tokyo' });
  for (let i = 0; i < 4; i += 1) await sending.accept(await sending.makeProgram(open), [to]);
  await sending.sendDue();
  expect(sending.mailTo('many@example.com')).toBe(2);
  const [put] = await decisionsOf('recipient_cap');
  expect(put?.rule).toContain('2 messages a day');
  expect(put?.inputs).toMatchObject({ perDay: 2, notBefore: '2026-06-10T15:00:00.000Z' });
  sending.clock.set('2026-06-10T14:59:00Z');
  await sending.sendDue();
  expect(sending.mailTo('many@example.com')).toBe(2);
  sending.clock.set('2026-06-10T15:00:00Z');
  await sending.sendDue();
  expect(sending.mailTo('many@example.com')).toBe(4);
});

test('a message too many does not hold up other recipients', async () => {
  await limit({ messagesPerRecipientPerDay: 1 });
  const programs = [await sending.makeProgram(open), await sending.makeProgram(open)];
  for (const program of programs) await sending.accept(program, [invitee('one@example.com'), invitee('two@example.com')]);
  await sending.accept(programs[0] ?? await sending.makeProgram(open), [invitee('three@example.com')]);
  await sending.sendDue();
  expect(['one@example.com', 'two@example.com', 'three@example.com'].map((address) => sending.mailTo(address))).toEqual([1, 1, 1]);
});

test('who leaves as many messages unanswered as the tenant allows gets no reminder and no further invite', async () => {
  await limit({ stopAfterUnanswered: 1 });
  const batch = await sending.accept(await sending.makeProgram(open), [invitee('silent@example.com')]);
  await sending.sendDue();
  expect(sending.mailTo('silent@example.com')).toBe(1);
  sending.clock.advance(31 * HOUR_MS);
  await sending.sendDue();
  expect(sending.mailTo('silent@example.com')).toBe(1);
  const [row] = await sending.database.superuser`select state, reason, step from invites where batch_id = ${batch.batchId}`;
  expect(row).toEqual({ state: 'handed_off', reason: 'unanswered_cap', step: null });
  const again = await sending.accept(await sending.makeProgram(open), [invitee('silent@example.com')]);
  expect(again.decisions).toEqual([{ n: 0, outcome: 'refused', reason: 'unanswered_cap' }]);
});

test('an invite that was accepted before the limit was reached ends unsent', async () => {
  await limit({});
  const two = [await sending.accept(await sending.makeProgram(open), [invitee('late@example.com')]), await sending.accept(await sending.makeProgram({ ...open, sendRules: { notBefore: new Date(sending.clock.now() + HOUR_MS).toISOString() } }), [invitee('late@example.com')])];
  await sending.sendDue();
  await limit({ stopAfterUnanswered: 1 });
  sending.clock.advance(2 * HOUR_MS);
  await sending.sendDue();
  expect(sending.mailTo('late@example.com')).toBe(1);
  const [row] = await sending.database.superuser`select state, reason from invites where batch_id = ${two[1]?.batchId ?? ''}`;
  expect(row).toEqual({ state: 'refused', reason: 'unanswered_cap' });
});

test('who opens a link has answered, and counts from there anew', async () => {
  await limit({ stopAfterUnanswered: 1 });
  const batch = await sending.accept(await sending.makeProgram(open), [invitee('curious@example.com')]);
  await sending.sendDue();
  await sending.database.superuser`
    insert into touches (id, tenant_id, code, kind, counted, agent_class, at, recorded_at)
    select 'tch_1', tenant_id, code, 'click', true, 'person', ${sending.clock.now() + HOUR_MS}::timestamptz, ${sending.clock.now() + HOUR_MS}::timestamptz from links where batch_id = ${batch.batchId}`;
  sending.clock.advance(2 * HOUR_MS);
  const again = await sending.accept(await sending.makeProgram(open), [invitee('curious@example.com')]);
  expect(again.decisions[0]?.outcome).toBe('accepted');
});

test('groups that are claimed at once do not both take the last place of a recipient\'s day', async () => {
  await limit({ messagesPerRecipientPerDay: 1 });
  sending.clock.advance(48 * HOUR_MS);
  for (const address of ['x1@example.com', 'x2@example.com', 'x3@example.com']) {
    for (let i = 0; i < 3; i += 1) await sending.accept(await sending.makeProgram(open), [invitee(address)]);
  }
  await sending.sendDue();
  expect(['x1@example.com', 'x2@example.com', 'x3@example.com'].map((address) => sending.mailTo(address))).toEqual([1, 1, 1]);
});

test('a push that left takes a place of the day from mails, and a mail one from pushes', async () => {
  await limit({ messagesPerRecipientPerDay: 1 });
  sending.clock.set('2026-06-20T12:00:00Z');
  const { tenantId } = sending.tenant;
  const now = sending.clock.now();
  const memberOf = async (email: string): Promise<MemberId> => {
    const { batchId } = await sending.accept(await sending.makeProgram(open), [invitee(email)]);
    const memberId = newId('mbr', now);
    await sending.database.superuser`
      insert into members (id, tenant_id, external_id, contact_id, is_minor, event_dates, attributes, created_at, updated_at)
      select ${memberId}, ${tenantId}, ${memberId}, i.contact_id, false, '{}', '{}', ${now}, ${now} from invites i where i.batch_id = ${batchId}`;
    return memberId;
  };
  const push = (memberId: MemberId) => sending.database.app.asTenant(tenantId, (tx) => queueFeedItems(tx, {
    tenantId, now, items: [{ key: 'news', kind: 'notification', memberId, topic: 'news', push: true, content: { kind: 'words', title: 'T', body: 'B', callToAction: null } }],
  }));
  const pushed = await memberOf('pushed@example.com');
  expect(await push(pushed)).toMatchObject([{ pushAt: now, pushReason: null }]);
  const mailed = await memberOf('mailed@example.com');
  await sending.sendDue();
  expect([sending.mailTo('pushed@example.com'), sending.mailTo('mailed@example.com')]).toEqual([0, 1]);
  expect(await push(mailed)).toMatchObject([{ outcome: 'queued', pushReason: 'daily_cap' }]);
});

test('where a member has a phone alone, SMS and pushes share the day as well', async () => {
  const texting = await openSmsSending();
  try {
    const { tenant: { tenantId }, clock, database: { superuser, app } } = texting;
    await superuser`update tenants set limits = '{"messagesPerRecipientPerDay": 1}' where id = ${tenantId}`;
    const now = clock.now();
    const memberOf = async (phone: string): Promise<MemberId> => {
      const programId = await texting.makeProgram({ channels: ['sms'], sendRules: { layers: [] } });
      const { batchId, decisions } = await texting.accept(programId, [invitee('', { email: undefined, phone, consent: { basis: 'opt_in' } })]);
      expect(decisions).toMatchObject([{ outcome: 'accepted' }]);
      const memberId = newId('mbr', now);
      await superuser`
        insert into members (id, tenant_id, external_id, contact_id, is_minor, event_dates, attributes, created_at, updated_at)
        select ${memberId}, ${tenantId}, ${memberId}, i.contact_id, false, '{}', '{}', ${now}, ${now} from invites i where i.batch_id = ${batchId}`;
      return memberId;
    };
    const push = (memberId: MemberId) => app.asTenant(tenantId, (tx) => queueFeedItems(tx, {
      tenantId, now, items: [{ key: 'news', kind: 'notification', memberId, topic: 'news', push: true, content: { kind: 'words', title: 'T', body: 'B', callToAction: null } }],
    }));
    const texts = () => texting.vendor.store.list().filter(({ direction }) => direction === 'outbound-api').map(({ to }) => to);
    expect(await push(await memberOf('+12025550101'))).toMatchObject([{ pushAt: now }]);
    const texted = await memberOf('+12025550102');
    await texting.sendDue({}, 'sms');
    expect(texts()).toEqual(['+12025550102']);
    expect(await push(texted)).toMatchObject([{ outcome: 'queued', pushReason: 'daily_cap' }]);
  } finally {
    await texting.close();
  }
});
