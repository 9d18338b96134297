import { randomBytes } from 'node:crypto';
import { readStreaks } from '../../db/read/streaks.ts';
import { grantForRun } from '../../db/write/rewards/grant-for-run.ts';
import { makeId, type MemberId } from '../../src/domain/ids.ts';
import { DAY_MS, openRewards, START } from '../support/arrange-rewards.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => { database = await openTestDatabase(); });
afterAll(() => database.drop());

type World = Awaited<ReturnType<typeof openRewards>>;
const held = async ({ within, tenantId }: World, id: MemberId, now: number) => (await within((tx) => readStreaks(tx, tenantId, { id }, now)))?.streaks.map(({ streak, freezesLeft }) => [streak, freezesLeft]);

test('a reward in shields is freezes once it is released, not before, and once however often it is asked for', async () => {
  const world = await openRewards(database, { holdDays: 2, rules: [{ key: 'shields', to: 'referrer', on: { kind: 'sign_up' }, give: { kind: 'fixed', unit: 'shield', amountMinor: 3 } }] });
  const { id } = await world.refer();
  await world.settle([id]);
  expect(await world.standing()).toEqual({ 'held shield': 3 });
  expect(await held(world, world.referrer, START + DAY_MS)).toEqual([]);
  const releasedAt = START + 3 * DAY_MS;
  await Promise.all([world.release([id], releasedAt), world.release([id], releasedAt)]);
  expect(await world.standing()).toEqual({ 'released shield': 3 });
  expect(await held(world, world.referrer, releasedAt)).toEqual([['practice', 3]]);
});

test('shields that a run grants are held by all of its members at once', async () => {
  const world = await openRewards(database, { holdDays: 30, rules: [{ key: 'both', to: 'both', on: { kind: 'loop', fact: 'rescued' }, give: { kind: 'fixed', unit: 'shield', amountMinor: 1 }, holdDays: 0 }] });
  const buddy = await world.makeMember();
  const runId = makeId('run', START, randomBytes(10));
  await world.within(async (tx) => {
    await tx.sql`
      insert into runs (tenant_id, id, loop, stage, program_id, program_version, member_id, opened_at, moved_at, seen_at)
      values (${world.tenantId}, ${runId}, 'invite', 'waiting', ${world.programId}, 1, ${world.referrer}, ${START}, ${START}, ${START})`;
    for (const person of [world.referrer, buddy]) await tx.sql`insert into run_people (tenant_id, run_id, person_id, role, joined_at) values (${world.tenantId}, ${runId}, ${person}, 'buddy', ${START})`;
  });
  const grant = () => world.within((tx) => grantForRun(tx, { tenantId: world.tenantId, runId, fact: 'rescued', at: START, now: START + DAY_MS }));
  await Promise.all([grant(), grant(), grant()]);
  expect(await held(world, world.referrer, START + DAY_MS)).toEqual([['practice', 1]]);
  expect(await held(world, buddy, START + DAY_MS)).toEqual([['practice', 1]]);
});

test('rewards in other units are no freezes', async () => {
  const world = await openRewards(database, { holdDays: 0, rules: [{ key: 'xp', to: 'referrer', on: { kind: 'sign_up' }, give: { kind: 'fixed', unit: 'xp', amountMinor: 50 } }] });
  const { id } = await world.refer();
  await world.settle([id]);
  await world.release([id], START + 3 * DAY_MS);
  expect(await world.standing()).toEqual({ 'released xp': 50 });
  expect(await held(world, world.referrer, START + 3 * DAY_MS)).toEqual([]);
});
