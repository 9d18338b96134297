import { correctReferral } from '../../db/write/correct-referral.ts';
import { asId, type ReferralId } from '../../src/domain/ids.ts';
import type { RewardTerms } from '../../src/domain/reward/reward-terms.ts';
import { fact, NOON, openTestReferrals, paid, refund, type TestReferrals } from '../support/referrals.ts';

/** What facts about referrals do to what is earned: told, corrected, found out, in one transaction each. */
const rewards: RewardTerms = {
  holdDays: 30,
  rules: [
    { key: 'first_payment', to: 'referrer', on: { kind: 'nth_conversion', n: 1 }, give: { kind: 'percent', basisPoints: 1_500 } },
    { key: 'welcome', to: 'referee', on: { kind: 'sign_up' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 500 } },
  ],
};

let world: TestReferrals;
let one: TestReferrals;
beforeAll(async () => {
  world = await openTestReferrals();
});
beforeEach(async () => {
  one = await world.another();
  await one.program({ rewards });
});
afterAll(() => world.close());

type Reward = { member: string; rule: string; left: number; state: string };
const earned = async () => one.database.superuser<Reward[]>`
  select m.external_id as member, r.rule_key as rule, (r.granted_minor - r.taken_back_minor)::int as left, r.state
  from rewards r join members m on m.id = r.member_id where r.tenant_id = ${one.tenantId} order by r.created_at, r.rule_key, r.generation`;
const joins = async (referee: string, referrer: string) => one.tell(fact('signed_up', referee, { code: await one.codeOf(referrer) }));
const referralOf = async (referee: string): Promise<ReferralId> => {
  const [row] = await one.database.superuser<{ id: string }[]>`select r.id from referrals r join members m on m.id = r.referee_id where r.tenant_id = ${one.tenantId} and m.external_id = ${referee}`;
  return asId('ref', row?.id ?? '');
};
const correct = async (referee: string, referrerExternalId: string) => {
  const referralId = await referralOf(referee);
  return one.database.app.asTenant(one.tenantId, (tx) => correctReferral(tx, { tenantId: one.tenantId, referralId, referrerExternalId, reason: 'a mistake', actor: 'test', now: NOON }));
};

test('a conversion that is told a hundred times at once earns once, and a refund takes exactly its part', async () => {
  await joins('ben', 'ana');
  const same = paid('ben', ['o-1', 'pi_1'], 4_900, { eventId: 'paid' });
  await Promise.all(Array.from({ length: 100 }, () => one.tell(same)));
  expect(await earned()).toMatchObject([{ member: 'ana', left: 735, state: 'held' }, { member: 'ben', left: 500, state: 'held' }].toSorted(byMember));
  await one.tell(refund(['pi_1'], 2_450));
  expect((await earned()).find(({ member }) => member === 'ana')).toMatchObject({ left: 367, state: 'held' });
});

test('a conversion and a refund that came before the sign-up earn what they would have earned after it', async () => {
  await one.tell(refund(['o-1'], 2_450));
  await one.tell(paid('ben', ['o-1'], 4_900));
  expect(await earned()).toEqual([]);
  await joins('ben', 'ana');
  expect((await earned()).find(({ member }) => member === 'ana')).toMatchObject({ left: 367, state: 'held' });
});

test('two payments that turn out to be one earn once', async () => {
  await joins('ben', 'ana');
  await one.tell(paid('ben', ['cs_1'], 4_900, { eventId: 'a' }), paid('ben', ['in_1'], 4_900, { eventId: 'b', occurredAt: NOON + 1 }));
  await one.tell(paid('ben', ['in_1', 'cs_1'], 4_900, { eventId: 'c', occurredAt: NOON + 2 }));
  const left = (await earned()).filter(({ rule }) => rule === 'first_payment').map((reward) => reward.left);
  expect(left.reduce((sum, part) => sum + part, 0)).toBe(735);
});

test('a referral found to be one person\'s own loses everything', async () => {
  await one.tell(paid('ana', ['own'], 100, { means: 'card' }));
  await joins('ana-2', 'ana');
  await one.tell(paid('ana-2', ['o-1'], 4_900, { means: 'another' }));
  expect((await earned()).map(({ state }) => state)).toEqual(['held', 'held']);
  await one.tell(paid('ana-2', ['o-2'], 100, { means: 'card' }));
  expect((await earned()).map(({ left, state }) => [left, state])).toEqual([[0, 'voided'], [0, 'voided']]);
});

test('a corrected credit takes the reward from one and gives it to the other', async () => {
  await joins('ben', 'ana');
  await one.tell(paid('ben', ['o-1'], 4_900));
  await one.upsert({ externalId: 'zoe' });
  expect(await correct('ben', 'zoe')).toEqual({ outcome: 'corrected' });
  const shares = (await earned()).filter(({ rule }) => rule === 'first_payment');
  expect(shares).toMatchObject([{ member: 'ana', left: 0, state: 'voided' }, { member: 'zoe', left: 735, state: 'held' }]);
});

test.each(['paid', 'in a payout'])('once a reward is %s the credit stays', async (how) => {
  await joins('ben', 'ana');
  await one.tell(paid('ben', ['o-1'], 4_900));
  await one.upsert({ externalId: 'zoe' });
  const referralId = await referralOf('ben');
  await one.database.superuser.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    if (how === 'paid') await sql`update rewards set state = 'paid' where referral_id = ${referralId} and rule_key = 'first_payment'`;
    else await sql`update rewards set state = 'released', payout_id = 'pyt_x' where referral_id = ${referralId} and rule_key = 'first_payment'`;
  });
  expect(await correct('ben', 'zoe')).toEqual({ outcome: 'refused', reason: 'too_late' });
});

test('everything told at once, in triplicate, in requests of one and of many, earns what it earns one by one', async () => {
  const code = async (tenant: TestReferrals) => tenant.codeOf('ana');
  const factsFor = (anas: string) => Array.from({ length: 8 }, (_, n) => `m${String(n)}`).flatMap((name) => [
    fact('signed_up', name, { eventId: `s-${name}`, code: anas }), paid(name, [`o-${name}`], 1_000, { eventId: `p1-${name}` }), paid(name, [`o-${name}`, `i-${name}`], 1_000, { eventId: `p2-${name}`, occurredAt: NOON + 1 }),
    refund([`i-${name}`], 400, { eventId: `r-${name}`, occurredAt: NOON + 2 }), paid(name, [`x-${name}`], 700, { eventId: `p3-${name}`, occurredAt: NOON + 3, means: name }),
  ]);
  const left = async (tenant: TestReferrals) => tenant.database.superuser<{ member: string; rule: string; left: number }[]>`
    select m.external_id as member, r.rule_key as rule, sum(r.granted_minor - r.taken_back_minor)::int as left
    from rewards r join members m on m.id = r.member_id where r.tenant_id = ${tenant.tenantId} group by 1, 2 order by 1, 2`;
  const calm = await world.another();
  await calm.program({ rewards });
  for (const told of factsFor(await code(calm))) await calm.tell(told);
  const all = factsFor(await code(one));
  await Promise.all([...all.map((told) => one.tell(told)), one.tell(...all), one.tell(...all.toReversed())]);
  expect(await left(one)).toEqual(await left(calm));
  expect((await left(one)).reduce((sum, reward) => sum + reward.left, 0)).toBe(8 * (500 + 90));
});

function byMember(a: { member: string }, b: { member: string }): number {
  return a.member < b.member ? -1 : 1;
}
