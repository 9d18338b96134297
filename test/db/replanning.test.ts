import { lockProgram } from '../../db/read/programs.ts';
import { lockTenant } from '../../db/read/tenant.ts';
import { inTransaction } from '../../db/transaction.ts';
import { replanStale } from '../../db/write/replan-stale.ts';
import { updateProgram } from '../../db/write/update-program.ts';
import { updateTenant } from '../../db/write/update-tenant.ts';
import { upsertMembers } from '../../db/write/upsert-members.ts';
import type { MemberChange } from '../../db/write/member-state.ts';
import type { ProgramId } from '../../src/domain/ids.ts';
import type { ProgramTerms } from '../../src/domain/program/terms.ts';
import { NOON } from '../support/api.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';

let sending: TestSending;
beforeAll(async () => { sending = await openTestSending(); });
beforeEach(() => { sending.clock.set(NOON); });
afterAll(async () => { await sending.close(); });

const HOUR_MS = 3_600_000;
let made = 0;
const people = (count: number) => Array.from({ length: count }, () => invitee(`p${String((made += 1))}@example.com`));
const lane = () => ({ tenantId: sending.tenant.tenantId, lane: 'email-0' });

async function member(change: MemberChange): Promise<void> {
  await sending.database.app.asTenant(sending.tenant.tenantId, (tx) => upsertMembers(tx, sending.deps.keyring, { tenantId: sending.tenant.tenantId, now: sending.clock.now(), changes: [change] }));
}

async function change(id: ProgramId, terms: Partial<ProgramTerms>): Promise<void> {
  await sending.database.app.asTenant(sending.tenant.tenantId, async (tx) => {
    const before = await lockProgram(tx, sending.tenant.tenantId, id);
    if (before === null) throw new Error('no program');
    await updateProgram(tx, before, { tenantId: sending.tenant.tenantId, title: before.title, terms: { ...before.terms, ...terms }, actor: 'test', now: sending.clock.now() });
  });
}

async function moveTenant(zone: string): Promise<void> {
  await sending.database.app.asTenant(sending.tenant.tenantId, async (tx) => {
    const before = await lockTenant(tx, sending.tenant.tenantId);
    await updateTenant(tx, before, { zone, sendRules: before.sendRules, limits: before.limits, actor: 'test', now: sending.clock.now() });
  });
}

async function replanAll(): Promise<void> {
  while (await sending.database.app.asTenant(sending.tenant.tenantId, (tx) => replanStale(tx, lane(), sending.clock.now())) > 0);
}

async function usedBy(externalId: string): Promise<number[]> {
  const rows = await sending.database.superuser<{ used: number }[]>`
    select used from member_caps c join members m on m.id = c.member_id where m.external_id = ${externalId} and used > 0 order by bucket`;
  return rows.map((row) => row.used);
}

/** Sends what is due, turn by turn until no more leaves; returns how many of a batch have left by now. */
async function sendAll(batchId: string): Promise<number> {
  while ((await sending.sendDue()).handedOff > 0);
  const [row] = await sending.database.superuser<{ sent: number }[]>`select count(*)::int as sent from invites where batch_id = ${batchId} and state = 'handed_off'`;
  return row?.sent ?? 0;
}

test('a reminder that is planned again gives no place of its invitation back', async () => {
  await member({ externalId: 'ana' });
  const program = await sending.makeProgram({ sendRules: {}, cap: { profile: 'business' }, reminders: [{ afterHours: 2 }] });
  const { batchId } = await sending.accept(program, people(50), { externalId: 'ana' });
  expect(await sendAll(batchId)).toBe(50);
  await change(program, { sendRules: { notBefore: new Date(NOON + 3 * HOUR_MS).toISOString() } });
  await replanAll();
  expect(await usedBy('ana')).toEqual([50]);
});

test('invites of two programs that are planned again together share their inviter\'s cap', async () => {
  await member({ externalId: 'bo' });
  const programs = [await sending.makeProgram({ sendRules: {}, cap: { profile: 'business' } }), await sending.makeProgram({ sendRules: {}, cap: { profile: 'business' } })];
  for (const program of programs) await sending.accept(program, people(40), { externalId: 'bo' });
  expect(await usedBy('bo')).toEqual([50, 30]);
  for (const program of programs) await change(program, { sendRules: { notBefore: new Date(NOON + 5 * HOUR_MS).toISOString() } });
  await replanAll();
  expect(await usedBy('bo')).toEqual([50, 30]);
});

test('what a pause held up past its hour takes a place again when it leaves', async () => {
  await member({ externalId: 'cy' });
  const program = await sending.makeProgram({ sendRules: {}, cap: { profile: 'business' }, reminders: [] });
  const { batchId } = await sending.accept(program, people(120), { externalId: 'cy' });
  sending.clock.advance(6 * HOUR_MS);
  expect(await sendAll(batchId)).toBe(50);
  sending.clock.advance(HOUR_MS);
  expect(await sendAll(batchId)).toBe(100);
  sending.clock.advance(HOUR_MS);
  expect(await sendAll(batchId)).toBe(120);
});

test('a zone that changes while a plan is made again is not forgotten', async () => {
  const program = await sending.makeProgram({ sendRules: { layers: [{ windows: [{ start: '15:00', end: '16:00' }] }] }, existingMembers: 'invite', reminders: [] });
  const { batchId } = await sending.accept(program, [invitee('moving@example.com', { zone: 'Europe/Paris' })]);
  await sending.database.superuser`update invites set stale = true where batch_id = ${batchId}`;
  const replanned: Promise<number>[] = [];
  await inTransaction(sending.database.superuser, async (tx) => {
    await tx`select 1 from invite_batches where id = ${batchId} for no key update`;
    replanned.push(sending.database.app.asTenant(sending.tenant.tenantId, (own) => replanStale(own, lane(), sending.clock.now())));
    for (let waiting = 0; waiting === 0;) {
      const [row] = await sending.database.superuser<{ waiting: number }[]>`select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      waiting = row?.waiting ?? 0;
    }
    await tx`update contacts set zones = '{Asia/Tokyo}' where id = (select contact_id from invites where batch_id = ${batchId})`;
    await tx`update invites set stale = true where batch_id = ${batchId}`;
  });
  await Promise.all(replanned);
  await replanAll();
  const [row] = await sending.database.superuser<{ dueAt: number }[]>`select due_at as "dueAt" from invites where batch_id = ${batchId}`;
  expect(new Date(row?.dueAt ?? 0).toISOString()).toBe('2026-06-11T06:00:00.000Z');
});

test('who is only known to be a customer of the tenant moves with the tenant\'s zone', async () => {
  const program = await sending.makeProgram({ sendRules: { layers: [{ windows: [{ start: '15:00', end: '16:00' }] }] }, reminders: [] });
  const { batchId } = await sending.accept(program, [{ email: 'nowhere@example.com', consent: { basis: 'inviter_attested' } }]);
  const due = async () => (await sending.database.superuser<{ dueAt: number }[]>`select due_at as "dueAt" from invites where batch_id = ${batchId}`).map(({ dueAt }) => new Date(dueAt).toISOString());
  await moveTenant('Asia/Tokyo');
  await replanAll();
  expect(await due()).toEqual(['2026-06-11T06:00:00.000Z']);
  await moveTenant('Europe/Berlin');
  await replanAll();
  expect(await due()).toEqual(['2026-06-10T13:00:00.000Z']);
});

test('no invite knows a member\'s zone better than the member', async () => {
  await member({ externalId: 'eve', email: { address: 'eve@example.com', mailbox: 'eve@example.com' }, zone: 'Europe/Paris', zoneSource: 'explicit' });
  const program = await sending.makeProgram({ sendRules: { layers: [{ windows: [{ start: '15:00', end: '16:00' }] }] }, existingMembers: 'invite', reminders: [] });
  const batch = await sending.accept(program, [invitee('eve@example.com', { zone: 'Asia/Tokyo' })]);
  expect(batch.decisions).toMatchObject([{ outcome: 'accepted', sendAt: Date.parse('2026-06-10T13:00:00Z') }]);
});

test('a new zone outside the place that is known adds the law of its own place', async () => {
  const program = await sending.makeProgram({ coolingHours: 0, reminders: [] });
  await sending.accept(program, [invitee('mover@example.com', { zone: undefined, region: 'US-FL' })]);
  const placesAfter = async (zone: string) => {
    await sending.accept(program, [invitee('mover@example.com', { zone })]);
    const [row] = await sending.database.superuser<{ places: string[] }[]>`select places from contacts where zones = ${[zone]}`;
    return row?.places;
  };
  expect(await placesAfter('America/New_York')).toEqual(['US-FL']);
  expect(await placesAfter('Africa/Lagos')).toEqual(expect.arrayContaining(['NG', 'US-FL']));
});

test('a member who has a place and no zone is written to on the clocks of that place', async () => {
  await member({ externalId: 'dee', email: { address: 'dee@example.com', mailbox: 'dee@example.com' }, place: 'US-CA' });
  const program = await sending.makeProgram({ sendRules: { layers: [{ windows: [{ start: '15:00', end: '16:00' }] }] }, existingMembers: 'invite', reminders: [] });
  const batch = await sending.accept(program, [{ email: 'dee@example.com', consent: { basis: 'inviter_attested' } }]);
  expect(batch.decisions).toMatchObject([{ outcome: 'accepted', sendAt: Date.parse('2026-06-10T22:00:00Z') }]);
});
