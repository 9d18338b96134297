import { approveBatch } from '../../../db/write/payouts/approve-batch.ts';
import { cancelBatch, cancelPayout } from '../../../db/write/payouts/cancel-payouts.ts';
import { claimPayout } from '../../../db/write/payouts/claim-payout.ts';
import { createBatch } from '../../../db/write/payouts/create-batch.ts';
import { movePayoutBy } from '../../../db/write/payouts/move-payout.ts';
import { setRail } from '../../../db/write/payouts/set-rail.ts';
import { approveReward } from '../../../db/write/rewards/approve-reward.ts';
import { holdReward } from '../../../db/write/rewards/hold-reward.ts';
import { releaseDue } from '../../../db/write/rewards/release-due.ts';
import { redeemReward } from '../../../db/write/rewards/redeem-reward.ts';
import { voidReferral } from '../../../db/write/rewards/void-referral.ts';
import { voidReward } from '../../../db/write/rewards/void-reward.ts';
import { correctReferral, reviewReferral } from '../../../db/write/correct-referral.ts';
import { asId } from '../../../src/domain/ids.ts';
import type { RewardTerms } from '../../../src/domain/reward/reward-terms.ts';
import { DAY_MS, fact, NOON, openTestReferrals, paid, refund, type TestReferrals } from '../../support/referrals.ts';

let world: TestReferrals;
beforeAll(async () => { world = await openTestReferrals(); });
afterAll(() => world.close());

const rewards: RewardTerms = {
  holdDays: 0,
  rules: [{ key: 'every', to: 'both', on: { kind: 'conversion' }, give: { kind: 'percent', basisPoints: 1_000 }, expiresAfterDays: 30 }],
  milestones: [{ key: 'friends', counts: 'converted', tiers: [{ reached: 2, unit: 'EUR', amountMinor: 500 }, { reached: 4, unit: 'EUR', amountMinor: 700 }] }],
  caps: [{ per: 'month', most: { unit: 'EUR', amountMinor: 3_000 } }],
  budgets: [{ unit: 'EUR', totalMinor: 6_000 }],
};

/** The same numbers each time. */
function drawing(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

test.each([1, 2, 3, 4])('events, operators, sweeps and payouts at once leave rewards, budget, caps and books in agreement (%s)', async (seed) => {
  const draw = drawing(seed);
  const one = await world.another();
  await one.program({ rewards });
  const { tenantId } = one;
  const { superuser, app } = one.database;
  const within = app.asTenant;
  const by = { tenantId, actor: 'test', now: NOON };
  await within(tenantId, (tx) => setRail(tx, { ...by, kind: 'manual', url: null, secretSealed: null }));
  const friends = ['f0', 'f1', 'f2', 'f3', 'f4'];
  for (const [n, name] of friends.entries()) await one.tell(fact('signed_up', name, { code: await one.codeOf(n === 4 ? 'zoe' : 'ana'), occurredAt: NOON - DAY_MS }));
  const any = async (table: 'rewards' | 'payouts' | 'payout_batches' | 'referrals'): Promise<string> => {
    const rows = await superuser<{ id: string }[]>`select id from ${superuser(table)} where tenant_id = ${tenantId} order by id`;
    return rows[draw(rows.length)]?.id ?? '';
  };
  const orders = Array.from({ length: 12 }, (_, n) => `o${String(n)}`);
  const order = (): string => orders[draw(orders.length)] ?? '';
  const payers = new Map(orders.map((name, n) => [name, friends[n % friends.length] ?? '']));
  const acts: (() => Promise<unknown>)[] = [
    () => { const name = order(); return one.tell(paid(payers.get(name) ?? '', [name], 1_000 + draw(4) * 500, { occurredAt: NOON - draw(1_000) })); },
    () => { const name = order(); return one.tell(paid(payers.get(name) ?? '', [name], 4_000, { occurredAt: NOON - 2_000 })); },
    () => one.tell(refund([order()], draw(3) * 700, { occurredAt: NOON - draw(500) })),
    () => one.tell(fact(['dispute_opened', 'dispute_won', 'dispute_lost'][draw(3)] ?? '', null, { occurredAt: NOON - draw(100), detail: { paymentNames: [order()], disputeId: 'd' } })),
    async () => { const id = await any('referrals'); await within(tenantId, (tx) => releaseDue(tx, { tenantId, referralIds: [asId('ref', id)], now: NOON })); },
    async () => { const id = await any('rewards'); if (id !== '') await within(tenantId, (tx) => approveReward(tx, { ...by, rewardId: asId('rew', id) })); },
    async () => { const id = await any('rewards'); if (id !== '' && draw(3) === 0) await within(tenantId, (tx) => voidReward(tx, { ...by, rewardId: asId('rew', id), reason: 'x' })); },
    async () => { const id = await any('rewards'); if (id !== '' && draw(3) === 0) await within(tenantId, (tx) => redeemReward(tx, { ...by, rewardId: asId('rew', id) })); },
    async () => { const id = await any('rewards'); if (id !== '') await within(tenantId, (tx) => holdReward(tx, { ...by, rewardId: asId('rew', id), hold: { extendDays: 1 } })); },
    async () => { const id = await any('referrals'); await within(tenantId, (tx) => reviewReferral(tx, { ...by, referralId: asId('ref', id), underReview: draw(2) === 0, reason: 'x' })); },
    async () => {
      const referralId = asId('ref', await any('referrals'));
      if (draw(20) === 0) await within(tenantId, (tx) => voidReferral(tx, { ...by, referralId, reason: 'x' }));
      else await within(tenantId, (tx) => correctReferral(tx, { ...by, referralId, referrerExternalId: draw(2) === 0 ? 'ana' : 'zoe', reason: 'x' }));
    },
    async () => {
      const made = await within(tenantId, (tx) => createBatch(tx, { ...by, unit: 'EUR', cutOff: NOON, excluded: [], minimumMinor: 0, needsPayee: false }));
      if (made.outcome === 'created' && draw(3) > 0) await within(tenantId, (tx) => approveBatch(tx, { ...by, batchId: made.batchId }));
    },
    async () => { const id = await any('payout_batches'); if (id !== '') await within(tenantId, async (tx) => { await (draw(2) === 0 ? cancelBatch : approveBatch)(tx, { ...by, batchId: asId('pbt', id) }); }); },
    async () => { const id = await any('payouts'); if (id !== '') await within(tenantId, (tx) => claimPayout(tx, { tenantId, payoutId: asId('pyt', id), again: null, now: NOON })); },
    async () => {
      const [id, action] = [await any('payouts'), (['pay', 'fail', 'put_back', 'lose', 'accept'] as const)[draw(5)]];
      if (id !== '' && action !== undefined) await within(tenantId, (tx) => movePayoutBy(tx, { tenantId, payoutId: asId('pyt', id), now: NOON }, () => ({ action, reason: null })));
    },
    async () => { const id = await any('payouts'); if (id !== '') await within(tenantId, (tx) => cancelPayout(tx, { ...by, payoutId: asId('pyt', id) })); },
  ];
  for (let round = 0; round < 20; round += 1) await Promise.all(Array.from({ length: 8 }, async () => { await acts[draw(acts.length)]?.(); }));

  // What is under way ends, so that every euro lies in one place.
  const open = await superuser<{ id: string; state: string }[]>`select id, state from payouts where tenant_id = ${tenantId} and state not in ('completed', 'failed', 'canceled') order by id`;
  for (const { id, state } of open) {
    const payoutId = asId('pyt', id);
    if (state === 'created') await within(tenantId, (tx) => cancelPayout(tx, { ...by, payoutId }));
    else {
      await within(tenantId, (tx) => claimPayout(tx, { tenantId, payoutId, again: null, now: NOON }));
      await within(tenantId, (tx) => movePayoutBy(tx, { tenantId, payoutId, now: NOON }, () => ({ action: draw(2) === 0 ? 'pay' : 'fail', reason: null })));
    }
  }
  type Place = { member: string; place: string; left: number };
  const wrong = await superuser<Place[]>`
    with due as (
      select member_id as owner, case when state = 'held' then 'member_held' else 'member_owed' end as kind, granted_minor - taken_back_minor as minor from rewards
      where tenant_id = ${tenantId} and state in ('held', 'released') and paused_by is null
      union all select '', 'disputes', granted_minor - taken_back_minor from rewards where tenant_id = ${tenantId} and state in ('held', 'released') and paused_by is not null
      union all select '', 'cash_out', rewards_minor - netted_minor from payouts where tenant_id = ${tenantId} and state = 'completed'
    )
    select coalesce(d.owner, a.owner_id) as member, coalesce(d.kind, a.kind) as place, coalesce(a.balance_minor, 0)::int - coalesce(d.minor, 0)::int as left
    from (select owner, kind, sum(minor) as minor from due group by 1, 2) d
    full join (select * from accounts where tenant_id = ${tenantId} and kind in ('member_held', 'member_owed', 'disputes', 'cash_out', 'in_transit', 'member_unsettled')) a on a.kind = d.kind and a.owner_id = d.owner
    where coalesce(a.balance_minor, 0) <> coalesce(d.minor, 0)`;
  expect([...wrong]).toEqual([]);
  const [budget] = await superuser<{ reserved: number; confirmed: number; account: number; held: number; given: number }[]>`
    select b.reserved_minor::int as reserved, b.confirmed_minor::int as confirmed, -a.balance_minor::int as account,
      (select coalesce(sum(granted_minor - taken_back_minor), 0)::int from rewards where tenant_id = ${tenantId} and state = 'held') as held,
      (select coalesce(sum(granted_minor - taken_back_minor), 0)::int from rewards where tenant_id = ${tenantId} and state <> 'held') as given
    from reward_budgets b join accounts a on a.tenant_id = b.tenant_id and a.kind = 'program_budget' where b.tenant_id = ${tenantId}`;
  expect(budget).toMatchObject({ reserved: budget?.held, confirmed: budget?.given, account: (budget?.held ?? 0) + (budget?.given ?? 0) });
  expect(budget?.account).toBeLessThanOrEqual(6_000);
  const caps = await superuser<{ used: number; member: string }[]>`select used::int as used, split_part(key, '/', 1) as member from reward_caps where tenant_id = ${tenantId} and used > 0`;
  const given = await superuser<{ member: string; left: number }[]>`select member_id as member, sum(granted_minor - taken_back_minor)::int as left from rewards where tenant_id = ${tenantId} group by 1 having sum(granted_minor - taken_back_minor) > 0`;
  expect(new Map(caps.map(({ member, used }) => [member, used]))).toEqual(new Map(given.map(({ member, left }) => [member, left])));
  const [gaps] = await superuser`select count(*)::int as n, max(sequence)::int as last from transfers where tenant_id = ${tenantId}`;
  expect(gaps?.['n']).toBe(gaps?.['last']);
  expect(gaps?.['n']).toBeGreaterThan(10);
}, 120_000);
