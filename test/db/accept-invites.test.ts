import { upsertMembers } from '../../db/write/upsert-members.ts';
import { acceptInvites } from '../../db/write/accept-invites.ts';
import type { ProgramId } from '../../src/domain/ids.ts';
import { makeTestTenant } from '../support/api.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';

const HOUR_MS = 3_600_000;
let sending: TestSending;
let program: ProgramId;

beforeAll(async () => {
  sending = await openTestSending();
  program = await sending.makeProgram();
});
afterAll(() => sending.close());

/** A member of the tenant, by its external id. */
async function member(externalId: string): Promise<void> {
  await sending.deps.db.asTenant(sending.tenant.tenantId, (tx) => tx.sql`
    insert into members (id, tenant_id, external_id, created_at, updated_at)
    values (${`mbr_${externalId.padEnd(26, '0')}`}, ${sending.tenant.tenantId}, ${externalId}, ${sending.clock.now()}, ${sending.clock.now()})`);
}

/** A member with an address of its own. */
async function upsert(externalId: string, address: string): Promise<void> {
  const { tenantId } = sending.tenant;
  await sending.deps.db.asTenant(tenantId, (tx) => upsertMembers(tx, sending.deps.keyring, { tenantId, changes: [{ externalId, email: { address, mailbox: address } }], now: sending.clock.now() }));
}

const reasons = (batch: { decisions: readonly { outcome: string; reason?: string }[] }): string[] => batch.decisions.map((decision) => decision.reason ?? decision.outcome);

test('one recipient is accepted once when twenty requests ask at the same instant', async () => {
  const asked = await Promise.all(Array.from({ length: 20 }, () => sending.accept(program, [invitee('race@one.example')])));
  const outcomes = asked.flatMap(reasons);
  expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'duplicate_in_cooling_period')).toHaveLength(19);
  const winner = asked.find((batch) => reasons(batch)[0] === 'accepted');
  for (const batch of asked) {
    const [decision] = batch.decisions;
    if (decision?.outcome === 'refused') expect(decision.duplicateOf).toEqual({ batchId: winner?.batchId, n: 0 });
  }
});

test('a member never sends more than the day allows, however many requests come at once', async () => {
  await member('1eager');
  const asked = await Promise.all(Array.from({ length: 6 }, (_, r) =>
    sending.accept(program, Array.from({ length: 4 }, (__, i) => invitee(`cap${String(r)}x${String(i)}@cap.example`)), { externalId: '1eager' })));
  const outcomes = asked.flatMap(reasons);
  expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(10);
  expect(outcomes.filter((outcome) => outcome === 'cap_reached')).toHaveLength(14);
});

test('the cap is of a calendar day of the tenant\'s zone', async () => {
  await member('1day');
  const ten = (name: string) => Array.from({ length: 10 }, (_, i) => invitee(`${name}${String(i)}@day.example`));
  sending.clock.set('2026-06-12T21:59:59.999Z'); // 23:59:59.999 in Paris
  expect(reasons(await sending.accept(program, ten('a'), { externalId: '1day' }))).toEqual(Array(10).fill('accepted'));
  expect(reasons(await sending.accept(program, [invitee('late@day.example')], { externalId: '1day' }))).toEqual(['cap_reached']);
  sending.clock.advance(1);
  expect(reasons(await sending.accept(program, [invitee('late@day.example')], { externalId: '1day' }))).toEqual(['accepted']);
});

test('a recipient may be invited again after 24 hours, and not a millisecond before', async () => {
  await sending.accept(program, [invitee('again@cool.example')]);
  sending.clock.advance(24 * HOUR_MS - 1);
  expect(reasons(await sending.accept(program, [invitee('again@cool.example')]))).toEqual(['duplicate_in_cooling_period']);
  sending.clock.advance(1);
  expect(reasons(await sending.accept(program, [invitee('again@cool.example')]))).toEqual(['accepted']);
});

test('one mailbox is one recipient, however it is spelled', async () => {
  const batch = await sending.accept(program, [invitee('jo.hn+a@gmail.com'), invitee('John@googlemail.com')]);
  expect(reasons(batch)).toEqual(['accepted', 'duplicate_in_cooling_period']);
});

test('a thousand rows are answered in order, and a bad one spoils no other', async () => {
  const batch = await sending.accept(program, Array.from({ length: 1000 }, (_, i) => invitee(i % 7 === 0 ? 'no address' : `row${String(i)}@many.example`)));
  expect(reasons(batch)).toEqual(Array.from({ length: 1000 }, (_, i) => (i % 7 === 0 ? 'invalid_address' : 'accepted')));
  const [counts] = await sending.database.superuser<{ refused: number; waiting: number; due: boolean }[]>`
    select count(*) filter (where i.state = 'refused')::int as refused, count(*) filter (where i.state = 'waiting')::int as waiting,
           bool_and((select q.next_due_at from batch_lanes q where q.batch_id = b.id) = (select min(due_at) from invites where batch_id = b.id)) as due
    from invites i join invite_batches b on b.id = i.batch_id where b.id = ${batch.batchId}`;
  expect(counts).toEqual({ refused: 143, waiting: 857, due: true });
});

test('a refused invite keeps no address', async () => {
  const batch = await sending.accept(program, [invitee('nobody@private.example', { consent: { basis: 'none' } })]);
  expect(reasons(batch)).toEqual(['no_consent']);
  const rows = await sending.database.superuser`select contact_id from invites where batch_id = ${batch.batchId} and contact_id is null and recipient_hash is not null`;
  expect(rows).toHaveLength(1);
});

test('what is refused for cap or consent leaves the recipient free for another', async () => {
  await sending.accept(program, [invitee('free@later.example', { consent: { basis: 'none' } })]);
  expect(reasons(await sending.accept(program, [invitee('free@later.example')]))).toEqual(['accepted']);
});

test('a program or member of another tenant is unknown, and nothing is stored', async () => {
  const other = await makeTestTenant(sending.database, sending.clock.now());
  const { keyring } = sending.deps;
  const count = async (): Promise<unknown> => (await sending.database.superuser`select count(*)::int as n from invite_batches`)[0];
  const before = await count();
  const answer = await sending.deps.db.asTenant(other.tenantId, (tx) =>
    acceptInvites(tx, keyring, { tenantId: other.tenantId, programId: program, inviter: null, invitees: [invitee('x@y.example')], now: sending.clock.now(), actor: 'test' }));
  expect(answer).toEqual({ outcome: 'unknown_program' });
  expect(await count()).toEqual(before);
});

test('a transaction that is undone after the decision leaves no trace', async () => {
  const { tenantId } = sending.tenant;
  const undone = sending.deps.db.asTenant(tenantId, async (tx) => {
    await acceptInvites(tx, sending.deps.keyring, { tenantId, programId: program, inviter: null, invitees: [invitee('undone@crash.example')], now: sending.clock.now(), actor: 'test' });
    throw new Error('crash before the commit');
  });
  await expect(undone).rejects.toThrow('crash before the commit');
  expect(reasons(await sending.accept(program, [invitee('undone@crash.example')]))).toEqual(['accepted']);
});

test('nobody invites himself, whatever stands behind the plus', async () => {
  await upsert('1self', 'ana@example.com');
  const batch = await sending.accept(program, [invitee('Ana+new@example.com'), invitee('ana@example.com'), invitee('anna@example.com')], { externalId: '1self' });
  expect(reasons(batch)).toEqual(['self_invite', 'self_invite', 'accepted']);
});

test('a row that cannot be used is refused by itself, and says why', async () => {
  const batch = await sending.accept(program, [invitee('odd@row.example', { problem: 'zone: must be an IANA time zone' }), invitee('fine@row.example')]);
  expect(batch.decisions).toMatchObject([{ reason: 'invalid_invitee', detail: 'zone: must be an IANA time zone' }, { outcome: 'accepted' }]);
});
