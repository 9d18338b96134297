import { randomBytes } from 'node:crypto';
import { updateProgram } from '../../../db/write/update-program.ts';
import { lockProgram } from '../../../db/read/programs.ts';
import { grantForRun, type RunGranted } from '../../../db/write/rewards/grant-for-run.ts';
import { releaseDueMilestones } from '../../../db/write/rewards/release-due.ts';
import { makeId, type MemberId, type RunId } from '../../../src/domain/ids.ts';
import type { RewardRule, RewardTerms } from '../../../src/domain/reward/reward-terms.ts';
import { DAY_MS, openRewards, START } from '../../support/arrange-rewards.ts';
import { openTestDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

const rule: RewardRule = { key: 'points', to: 'both', on: { kind: 'loop', fact: 'rescued' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 100 }, holdDays: 0 };
const terms = (more: Partial<RewardTerms> = {}): RewardTerms => ({ holdDays: 30, rules: [rule], ...more });

async function openWorld(rewards: RewardTerms) {
  const world = await openRewards(database, rewards);
  return {
    ...world,
    async startRun(memberId: MemberId, others: readonly MemberId[], version = 1): Promise<RunId> {
      const id = makeId('run', START, randomBytes(10));
      await world.within(async (tx) => {
        await tx.sql`
          insert into runs (tenant_id, id, loop, stage, program_id, program_version, member_id, opened_at, moved_at, seen_at)
          values (${world.tenantId}, ${id}, 'invite', 'waiting', ${world.programId}, ${version}, ${memberId}, ${START}, ${START}, ${START})`;
        for (const person of [memberId, ...others]) {
          await tx.sql`insert into run_people (tenant_id, run_id, person_id, role, joined_at) values (${world.tenantId}, ${id}, ${person}, 'buddy', ${START})`;
        }
      });
      return id;
    },
    grant: (runId: RunId, { fact = 'rescued', now = START + DAY_MS } = {}): Promise<RunGranted> =>
      world.within((tx) => grantForRun(tx, { tenantId: world.tenantId, runId, fact, at: START + DAY_MS, now })),
  };
}

test('a grant asked for a hundred times at once is one, released where nothing holds it, and the books agree', async () => {
  const world = await openWorld(terms());
  const buddy = await world.makeMember();
  const runId = await world.startRun(world.referrer, [buddy]);
  const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => world.grant(runId, { now: START + DAY_MS + n })));
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set(['{"outcome":"granted","granted":2,"refused":0}']));
  expect(await world.standing()).toEqual({ 'released EUR': 200 });
  expect((await world.rewards()).map(({ memberId, side, state }) => [memberId, side, state])).toEqual(expect.arrayContaining([[world.referrer, 'referrer', 'released'], [buddy, 'referee', 'released']]));
  expect([...(await world.balances()).values()].toSorted((a, b) => a - b)).toEqual([-200, 100, 100]);
});

test('a second fact of the same run is its own grant; a fact no rule names grants nothing', async () => {
  const world = await openWorld(terms({ rules: [rule, { ...rule, key: 'again', on: { kind: 'loop', fact: 'rematch' } }] }));
  const runId = await world.startRun(world.referrer, []);
  await world.grant(runId);
  expect(await world.grant(runId, { fact: 'rematch' })).toEqual({ outcome: 'granted', granted: 1, refused: 0 });
  expect(await world.grant(runId, { fact: 'expired' })).toEqual({ outcome: 'granted', granted: 0, refused: 0 });
  expect(await world.standing()).toEqual({ 'released EUR': 200 });
});

test('caps and budgets bind what runs grant, refuse for good, and say why', async () => {
  const world = await openWorld(terms({ budgets: [{ unit: 'EUR', totalMinor: 1_000 }], caps: [{ per: 'day', most: { rewards: 1 } }] }));
  const runs = await Promise.all(Array.from({ length: 12 }, async () => world.startRun(await world.makeMember(), [world.referrer])));
  const answers = await Promise.all(runs.map((runId) => world.grant(runId)));
  expect(answers.reduce((sum, answer) => sum + (answer.outcome === 'granted' ? answer.granted : 0), 0)).toBe(10);
  const refusals = await world.refusals();
  expect(new Set(refusals.map(({ reason }) => reason))).toEqual(new Set(['cap_reached', 'budget_spent']));
  const before = await world.rewards();
  await Promise.all(runs.map((runId) => world.grant(runId)));
  expect(await world.rewards()).toEqual(before);
  expect(await world.refusals()).toEqual(refusals);
});

test('what is held is released by the sweep when its time is over, and no milestone takes it for its own', async () => {
  const { holdDays: _none, ...held } = rule;
  const world = await openWorld(terms({ rules: [held], milestones: [{ key: 'friends', counts: 'signed_up', tiers: [{ reached: 1, unit: 'EUR', amountMinor: 500 }] }] }));
  const runId = await world.startRun(world.referrer, []);
  await world.grant(runId);
  const { id } = await world.refer();
  await world.settle([id]);
  expect(await world.standing()).toEqual({ 'held EUR': 600 });
  const pairs = [{ programId: world.programId, referrerId: world.referrer }];
  await world.within((tx) => releaseDueMilestones(tx, { tenantId: world.tenantId, pairs, now: START + 40 * DAY_MS }));
  expect(await world.standing()).toEqual({ 'released EUR': 600 });
});

test('a run keeps the terms it began with', async () => {
  const world = await openWorld(terms());
  const runId = await world.startRun(world.referrer, []);
  await world.within(async (tx) => {
    const before = await lockProgram(tx, world.tenantId, world.programId);
    if (before === null) throw new Error('no program');
    await updateProgram(tx, before, { tenantId: world.tenantId, title: 'Friends', terms: { ...before.terms, rewards: terms({ rules: [] }) }, actor: 'test', now: START });
  });
  expect(await world.grant(runId)).toEqual({ outcome: 'granted', granted: 1, refused: 0 });
});

test('a run that is unknown, or of no program, grants nothing', async () => {
  const world = await openWorld(terms());
  expect(await world.grant(makeId('run', START, randomBytes(10)))).toEqual({ outcome: 'unknown_run' });
});

test('a run that is over, by whatever end, grants nothing any more; what it granted before it still tells', async () => {
  const world = await openWorld(terms());
  const [canceled, rewarded] = [await world.startRun(world.referrer, []), await world.startRun(world.referrer, [])];
  await world.grant(rewarded);
  await world.within((tx) => tx.sql`update runs set outcome = case id when ${canceled} then 'canceled' else 'rewarded' end, closed_at = ${START + DAY_MS} where id in (${canceled}, ${rewarded})`);
  expect([await world.grant(canceled), await world.grant(rewarded)]).toEqual([{ outcome: 'granted', granted: 0, refused: 0 }, { outcome: 'granted', granted: 1, refused: 0 }]);
  expect(await world.standing()).toEqual({ 'released EUR': 100 });
});
