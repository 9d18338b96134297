import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { settleRewards } from '../../db/write/rewards/settle-rewards.ts';
import { makeId } from '../../src/domain/ids.ts';
import { listIn, NOON, openTestApi, readPages, textIn, type TestApi, type TestTenant } from '../support/api.ts';

const DAY_MS = 86_400_000;
let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());
beforeEach(() => { api.clock.set(NOON); });

const termsIn = (body: Record<string, unknown>): Record<string, unknown> => z.record(z.string(), z.unknown()).parse(body['terms']);

const rewards = {
  rules: [
    { key: 'first', to: 'referrer', on: { kind: 'nth_conversion', n: 1 }, give: { kind: 'percent', basisPoints: 1500 }, validFrom: '2026-01-01T00:00:00+01:00' },
    { key: 'welcome', to: 'referee', on: { kind: 'sign_up' }, give: { kind: 'fixed', unit: 'points', amountMinor: 50 }, when: { countries: ['DE'] } },
  ],
  budgets: [{ unit: 'EUR', totalMinor: 100_000 }],
};

async function withUnits(): Promise<TestTenant> {
  const tenant = await api.makeTenant();
  await api.send(tenant, 'PUT', '/v1/units', { units: [{ unit: 'points', title: 'Points' }] });
  return tenant;
}

/** A friend who signed up and paid 100.00 EUR: one reward held, one refused. */
async function withReferral(tenant: TestTenant): Promise<{ programId: string; referralId: string; rewardId: string; memberId: string }> {
  const { tenantId } = tenant;
  const { body: program } = await api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'Friends', terms: { rewards } });
  const programId = textIn(program, 'id');
  const [referrer, referee, referral, payment] = [makeId('mbr', NOON, randomBytes(10)), makeId('mbr', NOON, randomBytes(10)), makeId('ref', NOON, randomBytes(10)), makeId('pay', NOON, randomBytes(10))];
  await api.database.app.asTenant(tenantId, async (tx) => {
    for (const id of [referrer, referee]) await tx.sql`insert into members (id, tenant_id, external_id, created_at, updated_at) values (${id}, ${tenantId}, ${id}, ${NOON}, ${NOON})`;
    await tx.sql`insert into events (tenant_id, event_id, type, member_id, occurred_at, received_at) values (${tenantId}, ${referral}, 'signed_up', ${referee}, ${NOON}, ${NOON})`;
    await tx.sql`
      insert into referrals (id, tenant_id, program_id, program_version, referrer_id, referee_id, claim_id, confidence, acquisition, signed_up_at, created_at, moved_at)
      values (${referral}, ${tenantId}, ${programId}, 1, ${referrer}, ${referee}, 'c', 'high', true, ${NOON}, ${NOON}, ${NOON})`;
    await tx.sql`insert into payments (id, tenant_id, member_id, amount_minor, currency, event_id, paid_at, created_at) values (${payment}, ${tenantId}, ${referee}, 10000, 'EUR', ${payment}, ${NOON}, ${NOON})`;
    await settleRewards(tx, { tenantId, referralIds: [referral], now: NOON });
  });
  const { body } = await api.send(tenant, 'GET', `/v1/rewards?referralId=${referral}`);
  const [reward] = listIn(body, 'data');
  return { programId, referralId: referral, rewardId: textIn(reward ?? {}, 'id'), memberId: referrer };
}

test('reward terms go in and come out the same, with instants as texts', async () => {
  const tenant = await withUnits();
  const { status, body } = await api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'Friends', terms: { rewards, credit: { windowMs: 86_400_000, prefers: 'first', stackable: true } } });
  expect(status).toBe(201);
  const { rewards: kept, credit } = termsIn(body);
  expect(kept).toEqual({ ...rewards, holdDays: 30, rules: [{ ...rewards.rules[0], validFrom: '2025-12-31T23:00:00.000Z' }, rewards.rules[1]] });
  expect(credit).toEqual({ windowMs: 86_400_000, prefers: 'first', stackable: true });
  const read = await api.send(tenant, 'GET', `/v1/programs/${textIn(body, 'id')}/versions/1`);
  expect(termsIn(read.body)['rewards']).toEqual(kept);
  const cleared = await api.send(tenant, 'PATCH', `/v1/programs/${textIn(body, 'id')}`, { terms: { rewards: null } });
  expect(termsIn(cleared.body)['rewards']).toBeUndefined();
});

test.each([
  ['a unit nobody defined', { rules: [{ key: 'a', to: 'both', on: { kind: 'sign_up' }, give: { kind: 'fixed', unit: 'gems', amountMinor: 1 } }] }, '/terms/rewards/rules/0/give/unit'],
  ['a currency we keep no books in', { rules: [{ key: 'a', to: 'both', on: { kind: 'sign_up' }, give: { kind: 'fixed', unit: 'XTS', amountMinor: 1 } }] }, '/terms/rewards/rules/0/give/unit'],
  ['half a cent', { rules: [{ key: 'a', to: 'both', on: { kind: 'sign_up' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 0.5 } }] }, '/terms/rewards/rules/0/give/amountMinor'],
  ['less than nothing', { rules: [], budgets: [{ unit: 'EUR', totalMinor: -1 }] }, '/terms/rewards/budgets/0/totalMinor'],
  ['more than can be counted', { rules: [], budgets: [{ unit: 'EUR', totalMinor: 2 ** 53 }] }, '/terms/rewards/budgets/0/totalMinor'],
  ['one key twice', { rules: ['a', 'a'].map((key) => ({ key, to: 'both', on: { kind: 'sign_up' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 1 } })) }, '/terms/rewards/rules/1/key'],
])('terms with %s are refused, with the place', async (_what, wrong, path) => {
  const tenant = await withUnits();
  const { status, body } = await api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'Friends', terms: { rewards: wrong } });
  expect([status, body['code']]).toEqual([400, 'invalid_terms']);
  expect(listIn(body, 'errors').map((error) => error['path'])).toContain(path);
});

test('a credit window of no time, and one of two years, are refused', async () => {
  const tenant = await withUnits();
  for (const windowMs of [0, 2 * 365 * DAY_MS, 60_000.5]) {
    const { body } = await api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'Friends', terms: { credit: { windowMs, prefers: 'last', stackable: false } } });
    expect(listIn(body, 'errors').map((error) => error['path'])).toEqual(['/terms/credit/windowMs']);
  }
});

test('units are defined once, and can get another title', async () => {
  const tenant = await withUnits();
  await api.send(tenant, 'PUT', '/v1/units', { units: [{ unit: 'points', title: 'Stars' }, { unit: 'xp', title: 'XP' }] });
  const { body } = await api.send(tenant, 'GET', '/v1/units');
  expect(listIn(body, 'data').map(({ unit, title }) => [unit, title])).toEqual([['points', 'Stars'], ['xp', 'XP']]);
  expect((await api.send(tenant, 'PUT', '/v1/units', { units: [{ unit: 'EUR', title: 'Euro' }] })).status).toBe(400);
});

test('a reward tells why it is there, what happened to it and what was booked; what was not given says why', async () => {
  const tenant = await withUnits();
  const { rewardId, referralId, memberId } = await withReferral(tenant);
  const { body } = await api.send(tenant, 'GET', `/v1/rewards/${rewardId}`);
  expect(body).toMatchObject({ state: 'held', grantedMinor: 1_500, leftMinor: 1_500, unit: 'EUR', rule: 'first', side: 'referrer', memberId, referralId, holdUntil: '2026-07-10T12:00:00.000Z', moves: [{ move: 'grant', amountMinor: 1_500 }] });
  expect(listIn(body, 'transfers')).toMatchObject([{ id: `${rewardId}:grant:0`, debit: 'program_budget', credit: 'member_held', amountMinor: 1_500, sequence: 1 }]);
  expect(body['why']).toContain('It is held until 2026-07-10T12:00:00.000Z.');
  const refusals = await api.send(tenant, 'GET', `/v1/reward-refusals?referralId=${referralId}&reason=not_eligible`);
  expect(listIn(refusals.body, 'data')).toMatchObject([{ rule: 'welcome', side: 'referee', reason: 'not_eligible', detail: 'The country (not known) is not one of DE.' }]);
});

test('approve, redeem and void move a reward, each once, and stand in the audit log with who did it', async () => {
  const tenant = await withUnits();
  const { rewardId } = await withReferral(tenant);
  const early = await api.send(tenant, 'POST', `/v1/rewards/${rewardId}/redeem`);
  expect([early.status, early.body['code']]).toEqual([409, 'reward_conflict']);
  expect((await api.send(tenant, 'POST', `/v1/rewards/${rewardId}/approve`)).body).toMatchObject({ state: 'released', holdUntil: '2026-06-10T12:00:00.000Z' });
  expect((await api.send(tenant, 'POST', `/v1/rewards/${rewardId}/redeem`)).body).toMatchObject({ state: 'redeemed' });
  expect((await api.send(tenant, 'POST', `/v1/rewards/${rewardId}/void`, { reason: 'fraud' })).body).toMatchObject({ state: 'reversed', reason: 'operator', leftMinor: 0 });
  const again = await api.send(tenant, 'POST', `/v1/rewards/${rewardId}/void`, { reason: 'fraud' });
  expect([again.status, again.body['code']]).toEqual([409, 'reward_conflict']);
  const { body } = await api.send(tenant, 'GET', `/v1/audit?subjectId=${rewardId}`);
  expect(listIn(body, 'data').filter(({ actor }) => actor === tenant.keyId).map(({ kind }) => kind).toSorted()).toEqual(['reward_approved', 'reward_redeemed', 'reward_voided']);
});

test('a hold moves to an instant or by days; the past and two years are refused', async () => {
  const tenant = await withUnits();
  const { rewardId } = await withReferral(tenant);
  const hold = (body: unknown) => api.send(tenant, 'POST', `/v1/rewards/${rewardId}/hold`, body);
  expect((await hold({ extendDays: 2 })).body).toMatchObject({ holdUntil: '2026-07-12T12:00:00.000Z' });
  expect((await hold({ until: '2026-06-20T00:00:00Z' })).body).toMatchObject({ holdUntil: '2026-06-20T00:00:00.000Z' });
  for (const wrong of [{ until: '2026-06-01T00:00:00Z' }, { until: '2028-06-01T00:00:00Z' }, { extendDays: 0 }, { extendDays: 1.5 }, {}, { until: '2026-06-20T00:00:00Z', extendDays: 1 }]) {
    expect([wrong, (await hold(wrong)).status]).toEqual([wrong, 400]);
  }
});

test('a voided referral gives all back and answers the same again', async () => {
  const tenant = await withUnits();
  const { referralId } = await withReferral(tenant);
  for (let times = 0; times < 2; times += 1) {
    const { body } = await api.send(tenant, 'POST', `/v1/referrals/${referralId}/void`, { reason: 'bought traffic' });
    expect(body).toMatchObject({ referralId, state: 'voided', rewards: [{ state: 'voided', reason: 'operator' }] });
  }
  const { body } = await api.send(tenant, 'GET', `/v1/reward-refusals?referralId=${referralId}`);
  expect(new Set(listIn(body, 'data').map(({ reason, detail }) => `${String(reason)}: ${String(detail)}`))).toEqual(new Set(['operator: bought traffic']));
});

test('lists go page by page; another tenant sees and moves nothing', async () => {
  const tenant = await withUnits();
  const made = [await withReferral(tenant), await withReferral(tenant), await withReferral(tenant)];
  const pages = await readPages(api, tenant, '/v1/rewards', 2);
  expect(pages.map((page) => page.length)).toEqual([2, 1]);
  expect(new Set(pages.flat().map(({ id }) => id))).toEqual(new Set(made.map(({ rewardId }) => rewardId)));
  expect((await readPages(api, tenant, '/v1/reward-refusals', 2)).map((page) => page.length)).toEqual([2, 1]);
  const other = await api.makeTenant();
  const { rewardId, referralId } = made[0] ?? { rewardId: '', referralId: '' };
  expect((await api.send(other, 'GET', `/v1/rewards/${rewardId}`)).status).toBe(404);
  for (const [path, body] of [[`/v1/rewards/${rewardId}/approve`], [`/v1/rewards/${rewardId}/redeem`], [`/v1/rewards/${rewardId}/void`, { reason: 'x' }], [`/v1/rewards/${rewardId}/hold`, { extendDays: 1 }], [`/v1/referrals/${referralId}/void`, { reason: 'x' }]] as const) {
    expect([path, (await api.send(other, 'POST', path, body)).status]).toEqual([path, 404]);
  }
  expect((await api.send(tenant, 'GET', '/v1/rewards?state=nonsense')).status).toBe(400);
  expect((await api.send(tenant, 'GET', '/v1/rewards?cursor=nonsense')).status).toBe(400);
});
