import { closeRun } from '../../activities/runs/close-run.ts';
import { moveRun } from '../../activities/runs/move-run.ts';
import { recallFacts } from '../../activities/runs/recall-facts.ts';
import { settleReferral } from '../../activities/referrals/settle-referral.ts';
import type { MemberId, ReferralId } from '../../src/domain/ids.ts';
import { monthsLater } from '../../src/domain/reward/months-later.ts';
import type { RewardTerms } from '../../src/domain/reward/reward-terms.ts';
import type { ToldFact } from '../../src/domain/run/fact.ts';
import { TELL_SIGNAL } from '../../workflows/kit/contract.ts';
import { DAY_MS, openRewards, type RewardsWorld } from '../support/arrange-rewards.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';

/** Months of a referral in seconds: its own workflow, its real activities and rows, on the clock of the server that skips time. */
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
let time: VirtualTime;
let database: TestDatabase;
beforeAll(async () => {
  [time, database] = await Promise.all([openVirtualTime(), openTestDatabase()]);
}, 60_000);
afterAll(async () => {
  await time.close();
  await database.drop();
});

type Life = RewardsWorld & {
  readonly referralId: ReferralId;
  readonly signedUpAt: number;
  /** Lets time pass up to an instant. */
  until(at: number): Promise<void>;
  /** The friend pays, and the run hears of it as by the relay. */
  pays(amountMinor: number): Promise<void>;
};

/** A referral from its sign-up to the end of its run; `course` is what happens meanwhile. Answers the run's end and when it closed. */
async function live(terms: RewardTerms, course: (life: Life) => Promise<void>): Promise<{ end: unknown; closedAt: number; life: Life }> {
  const world = await openRewards(database, terms);
  const { tenantId } = world;
  const signedUpAt = await time.env.currentTimeMs();
  const { id: referralId, refereeId } = await world.refer({ at: signedUpAt });
  await world.settle([referralId], signedUpAt);
  // No activity runs while time is skipped: what is read before it is the time for all of it.
  const at = async <T>(work: (deps: { db: typeof database.app; clock: { now: () => number; skewMs: () => number; close: () => void } }) => Promise<T>): Promise<T> => {
    const now = await time.env.currentTimeMs();
    return work({ db: database.app, clock: { now: () => now, skewMs: () => 0, close: () => {} } });
  };
  const activities = {
    settleReferral: (input: Parameters<typeof settleReferral>[1]) => at((deps) => settleReferral(deps, input)),
    moveRun: (input: Parameters<typeof moveRun>[1]) => at((deps) => moveRun(deps, input)),
    closeRun: (input: Parameters<typeof closeRun>[1]) => at((deps) => closeRun(deps, input)),
    recallFacts: (input: Parameters<typeof recallFacts>[1]) => at((deps) => recallFacts(deps, input)),
  };
  const workflowId = time.freshId('referral');
  const handle = time.env.client.workflow.getHandle(workflowId);
  const life: Life = {
    ...world, referralId, signedUpAt,
    async until(instant) {
      await time.env.sleep(Math.max(1, instant - await time.env.currentTimeMs()));
    },
    pays: (amountMinor) => pay(amountMinor, refereeId),
  };
  async function pay(amountMinor: number, by: MemberId): Promise<void> {
    const now = await time.env.currentTimeMs();
    await world.pay(by, { amountMinor, at: now });
    await world.settle([referralId], now);
    const told = await database.superuser<{ fact: ToldFact }[]>`delete from outbox where lane = ${referralId} and kind = 'tell_run' returning payload as fact`;
    for (const { fact } of told) await handle.signal<[ToldFact]>(TELL_SIGNAL, fact);
  }
  const end = await time.withWorker(activities, async (taskQueue): Promise<unknown> => {
    await time.env.client.workflow.start('referral', { taskQueue, workflowId, args: [{ tenantId, runId: referralId, generation: 1, input: {} }] });
    await course(life);
    return handle.result();
  });
  const [row] = await database.superuser<{ closedAt: number }[]>`select closed_at as "closedAt" from runs where id = ${referralId}`;
  return { end, closedAt: row?.closedAt ?? Number.NaN, life };
}

/** When rewards moved, to within a minute, as days after an instant. */
const daysAfter = (from: number, at: number): number => Math.round((at - from) / DAY_MS * 100) / 100;

test('a share of each payment for twelve months: each is held for its own 30 days and released, the thirteenth payment earns nothing, and the run ends', async () => {
  const terms: RewardTerms = { holdDays: 30, rules: [{ key: 'share', to: 'referrer', on: { kind: 'recurring', months: 12 }, give: { kind: 'percent', basisPoints: 2_000 } }] };
  const seen: { held: number; released: number }[] = [];
  const { end, closedAt, life } = await live(terms, async ({ until, pays, standing, signedUpAt }) => {
    const first = signedUpAt + DAY_MS;
    for (let month = 0; month <= 12; month += 1) {
      // Each an hour later in its month: a signal in the millisecond of a timer is more than this server can take.
      await until(monthsLater(first, month) + month * HOUR_MS);
      await pays(10_000);
      const { 'held EUR': held = 0, 'released EUR': released = 0 } = await standing();
      seen.push({ held, released });
    }
  });
  const rewards = await life.rewards();
  expect(rewards.map(({ grantedMinor, state }) => [grantedMinor, state])).toEqual(Array.from({ length: 12 }, () => [2_000, 'released']));
  // No month has more than 31 days: of twelve shares at most two are held at once.
  for (const [month, { held, released }] of seen.slice(0, 12).entries()) {
    expect(held + released).toBe((month + 1) * 2_000);
    expect(held).toBeLessThanOrEqual(4_000);
  }
  const releases = await database.superuser<{ late: number }[]>`
    select extract(epoch from t.booked_at - r.hold_until)::int * 1000 as late from transfers t join rewards r on r.id = t.reward_id where r.referral_id = ${life.referralId} and t.move = 'release'`;
  expect(releases).toHaveLength(12);
  for (const { late } of releases) expect(late).toBeLessThan(MINUTE_MS);
  expect(end).toEqual({ outcome: 'rewarded', reason: null });
  expect(daysAfter(life.signedUpAt, closedAt)).toBeGreaterThan(365);
  expect(daysAfter(life.signedUpAt, closedAt)).toBeLessThan(400);
}, 90_000);

test('what is not used within its time expires on its day, and what a friend earned later has its own time', async () => {
  const terms: RewardTerms = { holdDays: 30, rules: [{ key: 'credit', to: 'referrer', on: { kind: 'recurring', months: 2 }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 500 }, expiresAfterDays: 90 }] };
  const { end, closedAt, life } = await live(terms, async ({ until, pays, standing, signedUpAt }) => {
    await pays(10_000);
    await until(signedUpAt + 29 * DAY_MS);
    expect(await standing()).toEqual({ 'held EUR': 500 });
    await until(signedUpAt + 40 * DAY_MS);
    await pays(10_000);
    expect(await standing()).toEqual({ 'released EUR': 500, 'held EUR': 500 });
    await until(signedUpAt + 119 * DAY_MS);
    expect(await standing()).toEqual({ 'released EUR': 1_000 });
    await until(signedUpAt + 121 * DAY_MS);
    expect(await standing()).toEqual({ 'expired EUR': 500, 'released EUR': 500 });
  });
  expect(await life.standing()).toEqual({ 'expired EUR': 1_000 });
  expect((await life.rewards()).map(({ state }) => state)).toEqual(['expired', 'expired']);
  expect(end).toEqual({ outcome: 'rewarded', reason: null });
  expect(daysAfter(life.signedUpAt, closedAt)).toBeCloseTo(160, 1);
}, 90_000);
