import { MockActivityEnvironment } from '@temporalio/testing';
import { learnPeaks, type PeaksTurn } from '../../activities/peaks/learn-peaks.ts';
import type { ProgramId } from '../../src/domain/ids.ts';
import { arrangeWeeks } from '../support/arrange-answers.ts';
import { makeTestTenant, NOON, type TestTenant } from '../support/api.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';

/** NOON is a Wednesday. */
const TUESDAY = [{ days: [2], start: '14:00', end: '16:00' }];
const FRIDAY = [{ days: [5], start: '09:00', end: '11:00' }];
const likes = (day: number, first: number) => (weekday: number, hour: number): number => (weekday === day && (hour === first || hour === first + 1) ? 6 : 1);
let sending: TestSending;
let tenant: TestTenant;

beforeEach(async () => {
  sending = await openTestSending();
  ({ tenant } = sending);
});
afterEach(() => sending.close());

const learn = async (after: PeaksTurn['next'] = null, changed: Partial<TestSending['deps']> = {}): Promise<PeaksTurn> => new MockActivityEnvironment().run(() => learnPeaks({ ...sending.deps, ...changed }, { after }));
const windowsOf = async (programId: ProgramId | null): Promise<unknown> => {
  const [row] = await sending.database.superuser`select windows from learnt_peaks where tenant_id = ${tenant.tenantId} and program_id is not distinct from ${programId}`;
  return row?.['windows'];
};
const rulesVersion = async (programId: ProgramId): Promise<unknown> => (await sending.database.superuser`select rules_version as v from programs where id = ${programId}`)[0]?.['v'];
const dueAt = async (programId: ProgramId): Promise<string[]> => (await sending.database.superuser<{ dueAt: number }[]>`
  select i.due_at as "dueAt" from invites i join invite_batches b on b.id = i.batch_id where b.program_id = ${programId} and i.state = 'waiting' order by i.due_at`).map((row) => new Date(row.dueAt).toISOString());
const decisions = async (): Promise<string[]> => (await sending.database.superuser<{ subject: string }[]>`
  select subject_id as subject from decisions where tenant_id = ${tenant.tenantId} and kind = 'peaks_learnt' order by id`).map((row) => row.subject);

test('a planted Tuesday is learnt, binds what waits at once, and a second look changes nothing', async () => {
  const programId = await sending.makeProgram({ peakTimes: { learnt: true, waitHours: 72 } });
  await arrangeWeeks(sending.database, tenant.tenantId, programId, { weeks: 11, endsAt: NOON - 86_400_000, clicked: likes(2, 14) });
  sending.clock.set('2026-06-14T12:00:00Z');
  await sending.accept(programId, [invitee('a@b.example', { zone: 'Europe/Paris' })]);
  const before = await dueAt(programId);

  expect(await learn()).toEqual({ next: null, tenants: 1, changed: 2, replanned: 1, failed: 0 });
  expect(await windowsOf(programId)).toEqual(TUESDAY);
  expect(await windowsOf(null)).toEqual(TUESDAY);
  expect((await decisions()).toSorted()).toEqual([programId, tenant.tenantId].toSorted());
  expect(await rulesVersion(programId)).toBe(2);
  expect(before).toEqual(['2026-06-14T12:00:00.000Z']);
  expect((await sending.sendDue()).handedOff).toBe(0);
  expect(await dueAt(programId)).toEqual(['2026-06-16T12:00:00.000Z']);
  expect((await sending.database.superuser`select rule, inputs -> 'peak' ->> 'source' as source from decisions where kind = 'planned_again'`)[0])
    .toEqual({ rule: 'Every rule permits Sun 14 June 14:00 in Europe/Paris; moved to the peak Tue 14:00-16:00: Tue 16 June 14:00 in Europe/Paris.', source: 'learnt_of_program' });

  expect(await learn()).toEqual({ next: null, tenants: 1, changed: 0, replanned: 0, failed: 0 });
  expect(await rulesVersion(programId)).toBe(2);

  sending.clock.set('2026-06-16T12:00:00Z');
  expect((await sending.sendDue()).handedOff).toBe(1);
});

test('a program that has taught nothing follows the tenant\'s, one that names its own times neither', async () => {
  const [teacher, pupil, own] = [await sending.makeProgram(), await sending.makeProgram({ peakTimes: { learnt: true, waitHours: 72 } }), await sending.makeProgram({ peakTimes: { windows: FRIDAY, waitHours: 72 } })];
  await arrangeWeeks(sending.database, tenant.tenantId, teacher, { weeks: 11, endsAt: NOON - 86_400_000, clicked: likes(2, 14) });
  expect(await learn()).toMatchObject({ changed: 2, replanned: 1 });
  expect([await rulesVersion(teacher), await rulesVersion(pupil), await rulesVersion(own)]).toEqual([1, 2, 1]);
  sending.clock.set('2026-06-14T12:00:00Z');
  for (const programId of [teacher, pupil, own]) await sending.accept(programId, [invitee(`${programId}@b.example`)]);
  expect([await dueAt(teacher), await dueAt(pupil), await dueAt(own)]).toEqual([['2026-06-14T12:00:00.000Z'], ['2026-06-16T12:00:00.000Z'], ['2026-06-14T12:00:00.000Z']]);
});

test('programs with habits of their own each follow theirs', async () => {
  const [one, two] = [await sending.makeProgram({ peakTimes: { learnt: true, waitHours: 72 } }), await sending.makeProgram({ peakTimes: { learnt: true, waitHours: 72 } })];
  await arrangeWeeks(sending.database, tenant.tenantId, one, { weeks: 11, endsAt: NOON - 86_400_000, clicked: likes(2, 14) });
  await arrangeWeeks(sending.database, tenant.tenantId, two, { weeks: 11, endsAt: NOON - 86_400_000, clicked: likes(5, 9) });
  await learn();
  expect([await windowsOf(one), await windowsOf(two)]).toEqual([TUESDAY, FRIDAY]);
});

test('a tenant without data keeps nothing but the note that there is not enough', async () => {
  expect(await learn()).toEqual({ next: null, tenants: 1, changed: 0, replanned: 0, failed: 0 });
  expect((await sending.database.superuser`select windows, basis ->> 'outcome' as outcome from learnt_peaks`)[0]).toEqual({ windows: [], outcome: 'not_enough_data' });
  expect(await decisions()).toEqual([]);
});

test('one tenant\'s failure is passed over, and all tenants\' is a failure of the run', async () => {
  const other = await makeTestTenant(sending.database, NOON, { name: 'Other' });
  const failing = (ids: readonly string[]): Partial<TestSending['deps']> => ({ db: { ...sending.deps.db, asTenant: (id, work) => (ids.includes(id) ? Promise.reject(new Error('no')) : sending.deps.db.asTenant(id, work)) } });
  expect(await learn(null, failing([other.tenantId]))).toMatchObject({ next: null, tenants: 2, failed: 1 });
  await expect(learn(null, failing([other.tenantId, tenant.tenantId]))).rejects.toThrow('no');
});

test('a worker that drains gives the run back after the tenant at hand, and another goes on from there', async () => {
  await makeTestTenant(sending.database, NOON, { name: 'Other' });
  const first = await learn(null, { draining: AbortSignal.abort() });
  expect(first).toMatchObject({ tenants: 1, next: expect.stringMatching(/^tnt_/) });
  expect(await learn(first.next)).toMatchObject({ tenants: 1, next: null });
});
