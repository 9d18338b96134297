import fc from 'fast-check';
import type { EventFact } from '../../../db/write/store-events.ts';
import type { RewardTerms } from '../../../src/domain/reward/reward-terms.ts';
import { DAY_MS, fact, NOON, openTestReferrals, paid, refund, type TestReferrals } from '../../support/referrals.ts';

/** The same facts by the real way in: in any order, in requests of any size, some told twice, all at once. */
let world: TestReferrals;
beforeAll(async () => { world = await openTestReferrals(); });
afterAll(() => world.close());

const rewards: RewardTerms = {
  holdDays: 30,
  rules: [
    { key: 'first', to: 'referrer', on: { kind: 'nth_conversion', n: 1 }, give: { kind: 'percent', basisPoints: 1_500 } },
    { key: 'second', to: 'both', on: { kind: 'nth_conversion', n: 2 }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 70 }, when: { amount: { currency: 'EUR', minMinor: 800 } } },
    { key: 'every', to: 'referee', on: { kind: 'conversion' }, give: { kind: 'percent', basisPoints: 333 } },
    { key: 'monthly', to: 'referrer', on: { kind: 'recurring', months: 3 }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 5 } },
    { key: 'value', to: 'both', on: { kind: 'first_value' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 11 } },
    { key: 'joined', to: 'referee', on: { kind: 'sign_up' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 3 } },
  ],
  milestones: [{ key: 'friends', counts: 'converted', tiers: [{ reached: 1, unit: 'EUR', amountMinor: 1_000 }, { reached: 2, unit: 'EUR', amountMinor: 2_000 }] }],
};

const dispute = (kind: string, names: readonly string[], disputeId: string, eventId: string, occurredAt: number): EventFact =>
  fact(kind, null, { eventId, occurredAt, detail: { paymentNames: names, disputeId } });

function factsOf(code: string): EventFact[] {
  const at = (hours: number): number => NOON - DAY_MS + hours * 60_000;
  return [
    fact('signed_up', 'ben', { eventId: 's1', code, occurredAt: at(0) }),
    fact('signed_up', 'cleo', { eventId: 's2', code, occurredAt: at(1) }),
    fact('first_value', 'ben', { eventId: 'v1', occurredAt: at(2) }),
    fact('first_value', 'ben', { eventId: 'v2', occurredAt: at(1) }),
    paid('ben', ['pi_1', 'o_1'], 4_900, { eventId: 'p1', occurredAt: at(5) }),
    paid('ben', ['in_1'], 4_900, { eventId: 'p2', occurredAt: at(4) }),
    paid('ben', ['in_1', 'pi_1'], 4_900, { eventId: 'p3', occurredAt: at(6) }),
    paid('ben', ['o_2'], 1_000, { eventId: 'p4', occurredAt: at(3) }),
    paid('cleo', ['o_3'], 2_000, { eventId: 'p5', occurredAt: at(7) }),
    refund(['o_1'], 1_000, { eventId: 'r1', occurredAt: at(8) }),
    refund(['in_1'], 2_500, { eventId: 'r2', occurredAt: at(9) }),
    refund(['ch_2', 'o_2'], 300, { eventId: 'r3', occurredAt: at(9) }),
    dispute('dispute_opened', ['ch_2'], 'd1', 'd1o', at(10)),
    dispute('dispute_opened', ['o_3'], 'd2', 'd2o', at(10)),
    dispute('dispute_lost', ['o_3'], 'd2', 'd2l', at(11)),
    dispute('dispute_won', ['o_3'], 'd2', 'd2w', at(12)),
    dispute('dispute_opened', ['o_3'], 'd2', 'd2a', at(13)),
  ];
}

async function standing(one: TestReferrals): Promise<unknown> {
  const { superuser } = one.database;
  const left = await superuser`
    select m.external_id as member, r.rule_key as rule, r.side, sum(r.granted_minor - r.taken_back_minor)::int as left, bool_or(r.paused_by is not null) as paused
    from rewards r join members m on m.id = r.member_id where r.tenant_id = ${one.tenantId} and r.granted_minor > r.taken_back_minor group by 1, 2, 3 order by 1, 2, 3`;
  const books = await superuser`
    select a.kind, m.external_id as owner, a.balance_minor::int as balance from accounts a left join members m on m.id = a.owner_id where a.tenant_id = ${one.tenantId} and a.balance_minor <> 0 order by 1, 2`;
  const budget = await superuser`select reserved_minor::int as reserved, confirmed_minor::int as confirmed from reward_budgets where tenant_id = ${one.tenantId}`;
  const states = await superuser`
    select m.external_id as referee, r.state, r.activated_at, r.qualified_at from referrals r join members m on m.id = r.referee_id where r.tenant_id = ${one.tenantId} order by 1`;
  const refused = await superuser`
    select m.external_id as member, f.rule_key as rule, f.side, f.reason from reward_refusals f join members m on m.id = f.member_id where f.tenant_id = ${one.tenantId} order by 1, 2, 3, 4`;
  return JSON.parse(JSON.stringify({ left, books, budget, states, refused }));
}

test('the same facts give the same, in any order, together, apart, twice or at once', async () => {
  const subset = fc.uniqueArray(fc.nat(16), { minLength: 4, maxLength: 17 });
  await fc.assert(fc.asyncProperty(subset, fc.integer({ min: 1, max: 6 }), fc.boolean(), async (places, size, atOnce) => {
    const tell = async (order: readonly number[], each: number, together: boolean): Promise<unknown> => {
      const one = await world.another();
      await one.program({ rewards });
      const facts = factsOf(await one.codeOf('ana'));
      const told = order.flatMap((place) => facts[place] ?? []);
      const groups = Array.from({ length: Math.ceil(told.length / each) }, (_, n) => told.slice(n * each, (n + 1) * each));
      if (together) await Promise.all(groups.map((group) => one.tell(...group)));
      else for (const group of groups) await one.tell(...group, ...group.slice(0, 1));
      return standing(one);
    };
    const plain = await tell(places.toSorted((a, b) => a - b), 1, false);
    expect(await tell(places, size, atOnce)).toEqual(plain);
  }), { numRuns: 12 });
}, 120_000);
