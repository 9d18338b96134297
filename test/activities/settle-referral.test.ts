import { MockActivityEnvironment } from '@temporalio/testing';
import { settleReferral } from '../../activities/referrals/settle-referral.ts';
import { settleTogether } from '../../activities/referrals/settle-together.ts';
import { sweepDueRewards } from '../../activities/referrals/sweep-due-rewards.ts';
import type { Database } from '../../db/client.ts';
import { RUN_IS_LATE_MS } from '../../db/read/due-rewards.ts';
import { makeId, type ReferralId } from '../../src/domain/ids.ts';
import type { ReferralLook } from '../../src/domain/referral/look.ts';
import type { RewardTerms } from '../../src/domain/reward/reward-terms.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { DAY_MS, openRewards, START, type RewardsWorld } from '../support/arrange-rewards.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(() => database.drop());

const terms: RewardTerms = { holdDays: 30, rules: [{ key: 'first', to: 'referrer', on: { kind: 'nth_conversion', n: 1 }, give: { kind: 'percent', basisPoints: 1_000 }, expiresAfterDays: 10 }] };
const clockAt = (now: number) => ({ now: () => now, skewMs: () => 0, close: () => {} });
const silent = createLogger({ level: 'fatal', destination: { write: () => {} } });
const lookAt = ({ tenantId }: RewardsWorld, referralId: ReferralId, now: number): Promise<ReferralLook> => settleReferral({ db: database.app, clock: clockAt(now) }, { tenantId, referralId });
const sweep = (now: number) => new MockActivityEnvironment().run(() => sweepDueRewards({ db: database.app, clock: clockAt(now), log: silent, draining: new AbortController().signal }, { after: null }));
const runOf = async (id: ReferralId): Promise<Record<string, unknown> | undefined> => (await database.superuser`select loop, stage, closed_at as "closedAt", (select count(*)::int from run_facts f where f.run_id = r.id) as facts from runs r where id = ${id}`)[0];

test('a referral\'s run waits, holds, releases when the hold is over, lets expire, and ends', async () => {
  const world = await openRewards(database, terms);
  const { id, refereeId } = await world.refer();
  await world.settle([id], START);
  expect(await runOf(id)).toMatchObject({ loop: 'referral', stage: 'attributed', closedAt: null });
  expect(await lookAt(world, id, START)).toEqual({ kind: 'goes_on', stage: 'attributed', nextAt: START + 90 * DAY_MS });
  await world.pay(refereeId, { amountMinor: 10_000, at: START + DAY_MS });
  await world.settle([id], START + DAY_MS);
  expect(await runOf(id)).toMatchObject({ facts: 1 });
  const releasedAt = START + 31 * DAY_MS;
  expect(await lookAt(world, id, releasedAt - 1)).toEqual({ kind: 'goes_on', stage: 'holding', nextAt: releasedAt });
  expect(await lookAt(world, id, releasedAt)).toEqual({ kind: 'goes_on', stage: 'qualified', nextAt: releasedAt + 10 * DAY_MS });
  expect(await world.standing()).toEqual({ 'released EUR': 1_000 });
  expect(await lookAt(world, id, releasedAt + 10 * DAY_MS)).toEqual({ kind: 'over', outcome: 'rewarded' });
  expect(await world.standing()).toEqual({ 'expired EUR': 1_000 });
  expect(await lookAt(world, id, releasedAt + 11 * DAY_MS)).toEqual({ kind: 'over', outcome: 'rewarded' });
});

test('a friend who never does anything is waited for ninety days, and a voided one not at all', async () => {
  const world = await openRewards(database, terms);
  const { id } = await world.refer();
  expect(await lookAt(world, id, START + 90 * DAY_MS - 1)).toMatchObject({ kind: 'goes_on' });
  expect(await lookAt(world, id, START + 90 * DAY_MS)).toEqual({ kind: 'over', outcome: 'nothing_earned' });
  await world.within((tx) => tx.sql`update referrals set self_referral = true where id = ${id}`);
  expect(await lookAt(world, id, START)).toEqual({ kind: 'over', outcome: 'voided' });
});

test('while its run is paused, or the payment is in dispute, nothing is released: neither by its look nor by the sweep', async () => {
  const world = await openRewards(database, terms);
  const { id, refereeId } = await world.refer();
  const payment = await world.pay(refereeId, { amountMinor: 10_000 });
  await world.settle([id]);
  const late = START + 60 * DAY_MS;
  await database.superuser`update runs set paused_at = ${START} where id = ${id}`;
  expect(await lookAt(world, id, late)).toMatchObject({ kind: 'goes_on', stage: 'holding' });
  expect(await sweep(late)).toMatchObject({ released: 0, failed: 0 });
  await database.superuser`update runs set paused_at = null where id = ${id}`;
  await world.change(payment, 'dispute_opened', late);
  await world.settle([id], late);
  expect(await lookAt(world, id, late)).toEqual({ kind: 'goes_on', stage: 'paused', nextAt: null });
  expect(await sweep(late)).toMatchObject({ released: 0, failed: 0 });
  await world.change(payment, 'dispute_won', late + 1);
  await world.settle([id], late);
  expect(await sweep(late)).toMatchObject({ released: 1, isOver: true });
  expect(await world.standing()).toEqual({ 'released EUR': 1_000 });
});

test('the sweep leaves a run a quarter of an hour, then does its work for every tenant, and finds nothing again', async () => {
  const worlds = [await openRewards(database, terms), await openRewards(database, terms)];
  for (const world of worlds) {
    const { id, refereeId } = await world.refer();
    await world.pay(refereeId, { amountMinor: 10_000, at: START });
    await world.settle([id]);
  }
  const due = START + 30 * DAY_MS;
  expect(await sweep(due + RUN_IS_LATE_MS - 1)).toEqual({ next: worlds.map(({ tenantId }) => tenantId).toSorted().at(-1), isOver: true, tenants: 2, released: 0, expired: 0, failed: 0 });
  expect(await sweep(due + RUN_IS_LATE_MS)).toMatchObject({ released: 2, expired: 0, isOver: true });
  // It was released a quarter of an hour late, and can be used so much longer; then its run is given another.
  expect(await sweep(due + 10 * DAY_MS + 2 * RUN_IS_LATE_MS - 1)).toMatchObject({ released: 0, expired: 0 });
  expect(await sweep(due + 10 * DAY_MS + 2 * RUN_IS_LATE_MS)).toMatchObject({ released: 0, expired: 2 });
  expect(await sweep(due + 20 * DAY_MS)).toMatchObject({ released: 0, expired: 0 });
});

test('a member whose account cannot take what is due keeps nobody else of the tenant waiting', async () => {
  const world = await openRewards(database, terms);
  const full = await world.makeMember();
  const ids: ReferralId[] = [];
  for (const referrer of [full, world.referrer, full, world.referrer]) {
    const { id, refereeId } = await world.refer({ referrer });
    ids.push(id);
    await world.pay(refereeId, { amountMinor: 10_000, at: START });
  }
  await world.settle(ids);
  await database.superuser`insert into accounts (tenant_id, kind, owner_id, unit, may_be_negative, balance_minor) values (${world.tenantId}, 'member_owed', ${full}, 'EUR', false, ${Number.MAX_SAFE_INTEGER})`;
  const late = START + 30 * DAY_MS + RUN_IS_LATE_MS;
  expect(await sweep(late)).toMatchObject({ released: 2, failed: 0, isOver: true });
  expect(await world.standing()).toEqual({ 'released EUR': 2_000, 'held EUR': 2_000 });
});

test('looks that come together are taken together, and one that cannot be answered fails alone', async () => {
  const world = await openRewards(database, terms);
  const { tenantId } = world;
  const ids: ReferralId[] = [];
  for (let n = 0; n < 25; n += 1) {
    const { id, refereeId } = await world.refer();
    ids.push(id);
    await world.pay(refereeId, { amountMinor: 10_000, at: START });
  }
  await world.settle(ids);
  const due = START + 30 * DAY_MS;
  let transactions = 0;
  const db: Database = { ...database.app, asTenant: (of, work) => { transactions += 1; return database.app.asTenant(of, work); } };
  const settle = settleTogether({ db, clock: clockAt(due) });
  const nobody = makeId('ref', START, new Uint8Array(10));
  const looks = await Promise.allSettled([...ids, nobody].map((referralId) => settle({ tenantId, referralId })));
  expect(looks.map((look) => (look.status === 'fulfilled' ? look.value : 'failed'))).toEqual([...ids.map(() => ({ kind: 'goes_on', stage: 'qualified', nextAt: due + 10 * DAY_MS })), 'failed']);
  expect(await world.standing()).toEqual({ 'released EUR': 25_000 });
  expect(transactions).toBeLessThanOrEqual(3);
});

test('two sweeps and a run at the same instant release each reward once', async () => {
  const world = await openRewards(database, terms);
  const ids: ReferralId[] = [];
  for (let n = 0; n < 30; n += 1) {
    const { id, refereeId } = await world.refer();
    ids.push(id);
    await world.pay(refereeId, { amountMinor: 10_000, at: START });
  }
  await world.settle(ids);
  const late = START + 30 * DAY_MS + RUN_IS_LATE_MS;
  await Promise.all([sweep(late), sweep(late), ...ids.slice(0, 8).map((id) => lookAt(world, id, late))]);
  expect(await world.standing()).toEqual({ 'released EUR': 30_000 });
  expect((await database.superuser`select count(*)::int as n from transfers where move = 'release'`)[0]?.['n']).toBe(30);
});
