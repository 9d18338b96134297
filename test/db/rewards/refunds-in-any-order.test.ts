import fc from 'fast-check';
import type { EventFact } from '../../../db/write/store-events.ts';
import type { RewardTerms } from '../../../src/domain/reward/reward-terms.ts';
import { DAY_MS, fact, NOON, openTestReferrals, paid, type TestReferrals } from '../../support/referrals.ts';

/** What is given back of payments, by the real way in: in any order, in requests of any size, some told twice. */
let world: TestReferrals;
beforeAll(async () => { world = await openTestReferrals(); });
afterAll(() => world.close());

const rewards: RewardTerms = { holdDays: 30, rules: [{ key: 'part', to: 'referrer', on: { kind: 'conversion' }, give: { kind: 'percent', basisPoints: 10_000 } }] };
const PAID_MINOR = 5_000;

type Said = { readonly type: string; readonly minute: number; readonly names: readonly string[]; readonly minor: number; readonly from: number | null; readonly which: string };
const said: fc.Arbitrary<Said> = fc.record({
  type: fc.constantFrom('refunded', 'refunded', 'refund_failed', 'refund_failed', 'dispute_opened', 'dispute_won', 'dispute_lost'),
  minute: fc.integer({ min: 0, max: 5 }),
  // `x` is nobody's until a fact ties it to a payment.
  names: fc.constantFrom(['a'], ['b'], ['x'], ['x', 'a']),
  minor: fc.integer({ min: 0, max: PAID_MINOR }),
  from: fc.option(fc.integer({ min: 0, max: PAID_MINOR }), { nil: null }),
  which: fc.constantFrom('1', '2'),
});

function factOf({ type, minute, names, minor, from, which }: Said, place: number): EventFact {
  const detail = type === 'refunded' ? { paymentNames: names, refundedMinor: minor, ...(from === null ? {} : { refundedBeforeMinor: from }) }
    : type === 'refund_failed' ? { paymentNames: names, failedMinor: minor, refundId: `re_${which}` }
      : { paymentNames: names, disputeId: `d_${which}`, amountMinor: minor };
  return fact(type, null, { eventId: `c${String(place)}`, occurredAt: NOON - DAY_MS + minute * 60_000, detail });
}

async function standing(one: TestReferrals): Promise<unknown> {
  const { superuser } = one.database;
  const left = await superuser`
    select p.amount_minor::int as paid, sum(r.granted_minor - r.taken_back_minor)::int as left, bool_or(r.paused_by is not null) as paused
    from payments p left join rewards r on r.tenant_id = p.tenant_id and r.key like '%conversion:' || p.id and r.granted_minor > r.taken_back_minor
    where p.tenant_id = ${one.tenantId} and p.merged_into is null and p.paid_at is not null group by p.id order by 1`;
  const books = await superuser`select kind, sum(balance_minor)::int as balance from accounts where tenant_id = ${one.tenantId} group by 1 having sum(balance_minor) <> 0 order by 1`;
  return JSON.parse(JSON.stringify({ left, books }));
}

test('refunds, refunds that failed and disputes leave the same, in whatever order and how often they are told', async () => {
  const histories = fc.array(said, { minLength: 1, maxLength: 6 }).chain((changes) => {
    const count = changes.length + 2;
    return fc.record({ changes: fc.constant(changes), order: fc.shuffledSubarray(Array.from({ length: count }, (_, n) => n), { minLength: count }), size: fc.integer({ min: 1, max: 4 }) });
  });
  await fc.assert(fc.asyncProperty(histories, async ({ changes, order, size }) => {
    const tell = async (places: readonly number[] | null, each: number): Promise<unknown> => {
      const one = await world.another();
      await one.program({ rewards });
      await one.tell(fact('signed_up', 'ben', { eventId: 's', code: await one.codeOf('ana'), occurredAt: NOON - 2 * DAY_MS }));
      const facts = [
        paid('ben', ['a'], PAID_MINOR, { eventId: 'pa', occurredAt: NOON - DAY_MS }), paid('ben', ['b'], PAID_MINOR + 1, { eventId: 'pb', occurredAt: NOON - DAY_MS }), ...changes.map(factOf),
      ];
      const told = places === null ? facts : places.flatMap((place) => facts[place] ?? []);
      for (let from = 0; from < told.length; from += each) {
        const group = told.slice(from, from + each);
        await one.tell(...group, ...group.slice(0, 1));
      }
      await one.tell(...told.slice(0, 1));
      return standing(one);
    };
    expect(await tell(order, size)).toEqual(await tell(null, 1));
  }), { numRuns: 10 });
}, 120_000);
