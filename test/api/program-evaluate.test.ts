import { asId } from '../../src/domain/ids.ts';
import { listIn, NOON, openTestApi, textIn, type TestApi, type TestTenant } from '../support/api.ts';

let api: TestApi;
let tenant: TestTenant;
let path: string;
let programId: string;
beforeAll(async () => { api = await openTestApi(); });
beforeEach(async () => {
  tenant = await api.makeTenant();
  programId = textIn((await api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'Bring a friend' })).body, 'id');
  path = `/v1/programs/${programId}/evaluate`;
});
afterAll(() => api.close());

const FIFTEEN = { key: 'first_payment', to: 'referrer', on: { kind: 'nth_conversion', n: 1 }, give: { kind: 'percent', basisPoints: 1500 } };
const WELCOME = { key: 'welcome', to: 'both', on: { kind: 'sign_up' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 200 } };
const signedUp = { type: 'signed_up', occurredAt: '2026-06-01T10:00:00Z' };
const paid = { type: 'converted', occurredAt: '2026-06-02T10:00:00Z', orderId: 'o1', amountMinor: 10_000, currency: 'EUR' };

/** Rows of every table, by its name. */
async function countRows(): Promise<Record<string, number>> {
  const tables = await api.database.superuser<{ name: string }[]>`
    select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`;
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await api.database.superuser<{ rows: number }[]>`select count(*)::int as rows from ${api.database.superuser(name)}`;
    counts[name] = row?.rows ?? -1;
  }
  return counts;
}

test('it says what would be earned, held until when, taken back and booked, and writes nothing', async () => {
  const before = await countRows();
  const { status, body } = await api.send(tenant, 'POST', path, {
    events: [signedUp, paid, { type: 'refunded', occurredAt: '2026-06-05T10:00:00Z', orderId: 'o1', refundedMinor: 2_500 }],
    rewards: { rules: [FIFTEEN], holdDays: 30 },
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({ termsFrom: 'request', from: '2026-06-01T10:00:00.000Z', until: '2026-06-10T12:00:00.000Z', refusals: [], budgets: [], notes: [] });
  expect(body['rewards']).toEqual([{
    ruleKey: 'first_payment', side: 'referrer', state: 'held', unit: 'EUR', grantedMinor: 1_500, takenBackMinor: 375, left: '11.25',
    pausedBy: null, reason: 'not_eligible', earnedAt: '2026-06-02T10:00:00.000Z', holdUntil: '2026-07-02T10:00:00.000Z', expiresAt: null,
  }]);
  expect(body['course']).toEqual([
    {
      at: '2026-06-02T10:00:00.000Z', what: 'first_payment: 15.00 EUR earned by the referrer, held until 2026-07-02T10:00:00.000Z.',
      bookings: ["15.00 EUR from the program's budget to what is held for the referrer: Earned; held until the end of its hold."],
    },
    {
      at: '2026-06-05T10:00:00.000Z', what: 'first_payment: 3.75 EUR taken back from the referrer (not_eligible).',
      bookings: ["3.75 EUR from what is held for the referrer to the program's budget: Taken back while it was held."],
    },
  ]);
  expect(await countRows()).toEqual(before);
});

test('the program\'s own terms are tried where none are sent, and it needs some', async () => {
  expect((await api.send(tenant, 'POST', path, { events: [signedUp] })).body).toMatchObject({ code: 'invalid_terms' });
  await api.send(tenant, 'PATCH', `/v1/programs/${programId}`, { terms: { rewards: { rules: [WELCOME], holdDays: 0 } } });
  const { body } = await api.send(tenant, 'POST', path, { events: [signedUp] });
  expect(body).toMatchObject({ termsFrom: 'program' });
  expect(listIn(body, 'rewards').map(({ side, state }) => [side, state])).toEqual([['referrer', 'released'], ['referee', 'released']]);
});

test('what a referrer has used of the caps, and what is left of the budget, count as they stand', async () => {
  const memberId = asId('mbr', textIn((await api.send(tenant, 'PUT', '/v1/members/ana', {})).body, 'id'));
  const rewards = { rules: [WELCOME], holdDays: 0, caps: [{ per: 'total', most: { rewards: 3 } }], budgets: [{ unit: 'EUR', totalMinor: 1_000 }] };
  await api.database.superuser`insert into reward_caps (tenant_id, program_id, key, used) values (${tenant.tenantId}, ${programId}, ${`${memberId}/*/total/#`}, 3)`;
  await api.database.superuser`insert into reward_budgets (tenant_id, program_id, unit, reserved_minor, confirmed_minor) values (${tenant.tenantId}, ${programId}, 'EUR', 300, 400)
    on conflict (program_id, unit) do update set reserved_minor = 300, confirmed_minor = 400`;
  const known = await api.send(tenant, 'POST', path, { events: [signedUp], rewards, referrer: 'ana' });
  expect(listIn(known.body, 'refusals')).toMatchObject([{ ruleKey: 'welcome', side: 'referrer', reason: 'cap_reached', detail: 'The program gives one person 3 rewards in all; 3 are given.' }]);
  expect(known.body['budgets']).toEqual([{ unit: 'EUR', totalMinor: 1_000, leftBeforeMinor: 300, leftAfterMinor: 100 }]);
  const stranger = await api.send(tenant, 'POST', path, { events: [signedUp], rewards });
  expect(listIn(stranger.body, 'refusals')).toMatchObject([{ side: 'referee', reason: 'budget_spent' }]);
});

test('milestones count the friends who came before', async () => {
  const rewards = { rules: [], holdDays: 30, milestones: [{ key: 'friends', counts: 'converted', tiers: [{ reached: 1, unit: 'EUR', amountMinor: 100 }, { reached: 5, unit: 'EUR', amountMinor: 500 }] }] };
  const granted = async (more: Record<string, unknown>) => {
    const { body } = await api.send(tenant, 'POST', path, { events: [signedUp, paid], rewards, ...more });
    return { granted: listIn(body, 'rewards').map(({ grantedMinor }) => grantedMinor), notes: body['notes'] };
  };
  expect(await granted({ friendsBefore: { signedUp: 9, converted: 4 } })).toEqual({ granted: [500], notes: [] });
  expect(await granted({ friendsBefore: { signedUp: 9, converted: 2 } })).toEqual({ granted: [], notes: [] });
  expect(await granted({})).toEqual({ granted: [100], notes: [expect.stringContaining('friendsBefore')] });
});

test.each([
  ['one person on both sides', { selfReferral: true }, { refusals: [{ reason: 'self_referral' }, { reason: 'self_referral' }], rewards: [] }],
  ['a review', { underReview: true }, { refusals: [], rewards: [{ pausedBy: 'review' }, { pausedBy: 'review' }] }],
])('%s is told of', async (_what, more, expected) => {
  expect((await api.send(tenant, 'POST', path, { events: [signedUp], rewards: { rules: [WELCOME], holdDays: 30 }, ...more })).body).toMatchObject(expected);
});

test.each([
  ['a refund above its payment', { events: [signedUp, paid, { ...paid, type: 'refunded', amountMinor: undefined, refundedMinor: 10_001 }] }, 'invalid_request', '/events/2/refundedMinor'],
  ['a negative amount', { events: [{ ...paid, amountMinor: -5 }] }, 'invalid_request', '/events/0/amountMinor'],
  ['an event of no kind we know', { events: [{ ...paid, type: 'bought' }] }, 'invalid_request', '/events/0/type'],
  ['no events', { events: [] }, 'invalid_request', '/events'],
  ['a referrer nobody knows', { events: [signedUp], referrer: 'nobody' }, 'invalid_request', '/referrer'],
  ['terms of a unit that is not defined', { events: [signedUp], rewards: { rules: [{ ...WELCOME, give: { kind: 'fixed', unit: 'stars', amountMinor: 1 } }], holdDays: 30 } }, 'invalid_terms', '/rewards/rules/0/give/unit'],
])('%s is refused, with its place', async (_what, body, code, place) => {
  const reply = await api.send(tenant, 'POST', path, { rewards: { rules: [WELCOME], holdDays: 30 }, ...body });
  expect({ code: reply.body['code'], paths: listIn(reply.body, 'errors').map((error) => error['path']) }).toEqual({ code, paths: [place] });
});

test('a program of another tenant is not found', async () => {
  expect((await api.send(await api.makeTenant(), 'POST', path, { events: [signedUp], rewards: { rules: [WELCOME], holdDays: 30 } })).status).toBe(404);
});

test('the clock of the machine plays no part', async () => {
  api.clock.set('2026-08-01T00:00:00Z');
  const { body } = await api.send(tenant, 'POST', path, { events: [signedUp, paid], rewards: { rules: [FIFTEEN], holdDays: 30 } });
  api.clock.set(NOON);
  expect(listIn(body, 'rewards')).toMatchObject([{ state: 'released' }]);
});
