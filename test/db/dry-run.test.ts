import fc from 'fast-check';
import { verifyLedger } from '../../db/read/verify-ledger.ts';
import type { EventFact } from '../../db/write/store-events.ts';
import { evaluateCourse } from '../../src/api/evaluate-course.ts';
import { evaluateIn } from '../../src/api/program-evaluate-body.ts';
import type { RewardTerms } from '../../src/domain/reward/reward-terms.ts';
import { DAY_MS, fact, NOON, openTestReferrals, type TestReferrals } from '../support/referrals.ts';

/** What the dry run says would happen is held against what happens when the same events are told. */
const rewards: RewardTerms = {
  holdDays: 30,
  rules: [
    { key: 'first_payment', to: 'referrer', on: { kind: 'nth_conversion', n: 1 }, give: { kind: 'percent', basisPoints: 1_500 } },
    { key: 'every', to: 'both', on: { kind: 'conversion' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 500 }, when: { amount: { currency: 'EUR', minMinor: 2_000 } } },
    { key: 'welcome', to: 'referee', on: { kind: 'sign_up' }, give: { kind: 'fixed', unit: 'JPY', amountMinor: 300 } },
  ],
  milestones: [{ key: 'friends', counts: 'converted', tiers: [{ reached: 1, unit: 'EUR', amountMinor: 1_000 }] }],
  caps: [{ per: 'total', most: { rewards: 2 }, rule: 'every' }],
};

let world: TestReferrals;
beforeAll(async () => { world = await openTestReferrals(); });
afterAll(() => world.close());

type Step = { readonly type: 'converted' | 'refunded' | 'dispute_opened' | 'dispute_won' | 'dispute_lost'; readonly order: 'A' | 'B' | 'C'; readonly amountMinor: number };
const PAID = { A: 10_000, B: 3_001, C: 1_999 } as const;
const anyCourse: fc.Arbitrary<Step[]> = fc.array(fc.record({
  type: fc.constantFrom('refunded' as const, 'dispute_opened' as const, 'dispute_won' as const, 'dispute_lost' as const),
  order: fc.constantFrom('A' as const, 'B' as const, 'C' as const),
  amountMinor: fc.integer({ min: 1, max: 1_999 }),
}), { maxLength: 8 }).map((changes) => [...(['A', 'B', 'C'] as const).map((order): Step => ({ type: 'converted', order, amountMinor: PAID[order] })), ...changes]);

/** One event a step, an hour apart, as the app tells it. */
function eventsOf(steps: readonly Step[]): Record<string, unknown>[] {
  const at = (place: number): string => new Date(NOON - 10 * DAY_MS + place * 3_600_000).toISOString();
  return [{ type: 'signed_up', occurredAt: at(0) }, ...steps.map(({ type, order, amountMinor }, place) => ({
    type, occurredAt: at(place + 1), orderId: order,
    ...(type === 'converted' ? { amountMinor, currency: 'EUR' } : {}),
    ...(type === 'refunded' ? { refundedMinor: amountMinor } : {}),
    ...(type.startsWith('dispute') ? { disputeId: `d-${order}` } : {}),
  }))];
}

function factsOf(steps: readonly Step[], code: string): EventFact[] {
  const at = (place: number): number => NOON - 10 * DAY_MS + place * 3_600_000;
  return [fact('signed_up', 'ben', { code, occurredAt: at(0) }), ...steps.map(({ type, order, amountMinor }, place) => fact(type, type === 'converted' ? 'ben' : null, {
    occurredAt: at(place + 1),
    detail: {
      paymentNames: [order],
      ...(type === 'converted' ? { amountMinor, currency: 'EUR' } : {}),
      ...(type === 'refunded' ? { refundedMinor: amountMinor } : {}),
      ...(type.startsWith('dispute') ? { disputeId: `d-${order}` } : {}),
    },
  }))];
}

const sorted = (rows: readonly (readonly unknown[])[]): string[] => rows.map((row) => row.map(String).join(' ')).toSorted();

test('what it says would be earned, refused, taken back and booked is what happens when the events are told', async () => {
  await fc.assert(fc.asyncProperty(anyCourse, async (steps) => {
    const one = await world.another();
    const programId = await one.program({ rewards });
    const code = await one.codeOf('ana');
    const body = evaluateIn.parse({ events: eventsOf(steps), referrer: 'ana' });
    const tried = await one.database.app.asTenant(one.tenantId, (tx) => evaluateCourse({ tx, tenantId: one.tenantId, now: NOON }, programId, body));
    if (tried.kind === 'problem') throw new Error(JSON.stringify(tried));
    for (const each of factsOf(steps, code)) await one.tell(each);

    const { superuser } = one.database;
    const real = await superuser<{ rule: string; side: string; unit: string; granted: number; taken: number; state: string; paused: string | null }[]>`
      select rule_key as rule, side, unit, granted_minor as granted, taken_back_minor as taken, state, paused_by as paused from rewards where tenant_id = ${one.tenantId}`;
    expect(sorted(tried.body.rewards.map((reward) => [reward.ruleKey, reward.side, reward.unit, reward.grantedMinor, reward.takenBackMinor, reward.state, reward.pausedBy])))
      .toEqual(sorted(real.map((reward) => [reward.rule, reward.side, reward.unit, reward.granted, reward.taken, reward.state, reward.paused])));

    const refused = await superuser<{ rule: string; side: string; reason: string }[]>`select rule_key as rule, side, reason from reward_refusals where tenant_id = ${one.tenantId}`;
    expect(sorted(tried.body.refusals.map(({ ruleKey, side, reason }) => [ruleKey, side, reason]))).toEqual(sorted(refused.map(({ rule, side, reason }) => [rule, side, reason])));

    const booked = await superuser<{ rows: number; sum: number }[]>`select count(*)::int as rows, coalesce(sum(amount_minor), 0)::int as sum from transfers where tenant_id = ${one.tenantId}`;
    const said = tried.body.course.flatMap(({ bookings }) => bookings);
    const minorOf = (sentence: string): number => Number((/^([\d.]+)/.exec(sentence)?.[1] ?? '').replace('.', ''));
    expect({ rows: said.length, sum: said.reduce((sum, sentence) => sum + minorOf(sentence), 0) }).toEqual(booked[0]);
    expect(await one.database.app.asTenant(one.tenantId, (tx) => verifyLedger(tx, one.tenantId))).toMatchObject({ outcome: 'sound', fault: null });
  }), { numRuns: 12 });
}, 120_000);
