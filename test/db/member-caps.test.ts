import type { AcceptedBatch } from '../../db/write/accept-invites.ts';
import { replanStale } from '../../db/write/replan-stale.ts';
import { updateProgram } from '../../db/write/update-program.ts';
import { lockProgram } from '../../db/read/programs.ts';
import { upsertMembers } from '../../db/write/upsert-members.ts';
import type { ProgramId } from '../../src/domain/ids.ts';
import type { ProgramTerms } from '../../src/domain/program/terms.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';

let sending: TestSending;
beforeAll(async () => {
  sending = await openTestSending();
  await sending.database.app.asTenant(sending.tenant.tenantId, (tx) => upsertMembers(tx, sending.deps.keyring, {
    tenantId: sending.tenant.tenantId, now: sending.clock.now(), changes: ['ana', 'bo', 'cy', 'di'].map((externalId) => ({ externalId })),
  }));
});
afterAll(async () => { await sending.close(); });

const HOUR_MS = 3_600_000;
let made = 0;
const people = (count: number) => Array.from({ length: count }, () => invitee(`p${String((made += 1))}@example.com`));
const hours = (batch: AcceptedBatch): number[] => batch.decisions.flatMap((d) => (d.outcome === 'accepted' ? [(d.sendAt - sending.clock.now()) / HOUR_MS] : []));
const business = (): Promise<ProgramId> => sending.makeProgram({ sendRules: {}, cap: { profile: 'business' } });

async function usedBy(externalId: string): Promise<number[]> {
  const rows = await sending.database.superuser<{ used: number }[]>`
    select used from member_caps c join members m on m.id = c.member_id where m.external_id = ${externalId} and used > 0 order by bucket`;
  return rows.map((row) => row.used);
}

async function change(id: ProgramId, terms: Partial<ProgramTerms>): Promise<void> {
  await sending.database.app.asTenant(sending.tenant.tenantId, async (tx) => {
    const before = await lockProgram(tx, sending.tenant.tenantId, id);
    if (before === null) throw new Error('no program');
    await updateProgram(tx, before, { tenantId: sending.tenant.tenantId, title: before.title, terms: { ...before.terms, ...terms }, actor: 'test', now: sending.clock.now() });
    while (await replanStale(tx, { tenantId: sending.tenant.tenantId, lane: 'email-0' }, sending.clock.now()) > 0);
  });
}

test('a consumer\'s eleventh invite of a day is refused', async () => {
  const program = await sending.makeProgram({ sendRules: {}, cap: { profile: 'consumer' } });
  const batch = await sending.accept(program, people(11), { externalId: 'ana' });
  expect(batch.decisions.map((d) => d.outcome)).toEqual([...Array.from({ length: 10 }, () => 'accepted'), 'refused']);
  expect(batch.decisions[10]).toMatchObject({ reason: 'cap_reached' });
});

test('a business sends 50 an hour over all its requests, and what is more in the hours after', async () => {
  const program = await business();
  expect(hours(await sending.accept(program, people(30), { externalId: 'bo' }))).toEqual(Array.from({ length: 30 }, () => 0));
  const second = hours(await sending.accept(program, people(80), { externalId: 'bo' }));
  expect([0, 1, 2].map((hour) => second.filter((at) => at === hour).length)).toEqual([20, 50, 10]);
  expect(await usedBy('bo')).toEqual([50, 50, 10]);
});

test('two requests at once never take one place twice', async () => {
  const program = await business();
  const batches = await Promise.all([1, 2, 3, 4].map(() => sending.accept(program, people(25), { externalId: 'cy' })));
  expect(batches.flatMap(hours).toSorted()).toEqual([...Array.from({ length: 50 }, () => 0), ...Array.from({ length: 50 }, () => 1)]);
  expect(await usedBy('cy')).toEqual([50, 50]);
});

test('new send rules move the invites and their places with them: the cap holds in the new hours', async () => {
  const program = await business();
  const { batchId } = await sending.accept(program, people(120), { externalId: 'di' });
  expect(await usedBy('di')).toEqual([50, 50, 20]);
  await change(program, { sendRules: { notBefore: new Date(sending.clock.now() + 5 * HOUR_MS).toISOString() } });
  const due = await sending.database.superuser<{ hour: number; count: number }[]>`
    select (extract(epoch from due_at) * 1000 - ${sending.clock.now()})::float8 / ${HOUR_MS}::float8 as hour, count(*)::int as count
    from invites where batch_id = ${batchId} group by 1 order by 1`;
  expect(due.map((row) => ({ ...row }))).toEqual([{ hour: 5, count: 50 }, { hour: 6, count: 50 }, { hour: 7, count: 20 }]);
  expect(await usedBy('di')).toEqual([50, 50, 20]);
  await change(program, { cap: { perMemberPerDay: 500 } });
  const [free] = await sending.database.superuser`select count(distinct due_at)::int as times, count(cap_bucket)::int as places from invites where batch_id = ${batchId}`;
  expect(free).toEqual({ times: 1, places: 0 });
  expect(await usedBy('di')).toEqual([]);
});
