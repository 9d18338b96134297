import { openTestApi, listIn, NOON, textIn, type TestApi } from '../support/api.ts';
import { openPayoutStand, type PayoutStand } from '../support/payouts.ts';

let api: TestApi;
let stand: PayoutStand;
beforeAll(async () => { api = await openTestApi(); });
beforeEach(async () => {
  stand = await openPayoutStand(api);
  await stand.send('PUT', '/v1/payout-rail', { kind: 'manual' });
});
afterAll(() => api.close());

async function makeBatch(body: Record<string, unknown> = {}): Promise<string> {
  const made = await stand.send('POST', '/v1/payout-batches', { unit: 'EUR', ...body });
  expect([made.status, made.body['code']]).toEqual([201, undefined]);
  return textIn(made.body, 'id');
}

test('a preview tells who gets what, who is left out and why, what is not ready, and writes nothing', async () => {
  const [ana, bo, cy, di] = [await stand.member('ana'), await stand.member('bo'), await stand.member('cy'), await stand.member('di')];
  await stand.release(ana, 3_000);
  await stand.release(ana, 2_000);
  await stand.owe(ana, 700);
  await stand.release(bo, 900);
  await stand.release(cy, 5_000);
  await stand.release(di, 4_000, { state: 'held', holdUntil: NOON + 86_400_000 });
  await stand.release(di, 300, { pausedBy: 'dispute' });
  await stand.release(di, 200, { unit: 'USD' });
  const { status, body } = await stand.send('POST', '/v1/payout-batches/preview', { unit: 'eur', minimumMinor: 1_000, exclude: ['cy'] });
  expect(status).toBe(200);
  expect(body['payouts']).toEqual([{ memberId: ana, externalId: 'ana', rewards: 2, rewardsMinor: 5_000, nettedMinor: 700, paidMinor: 4_300 }]);
  expect(listIn(body, 'leftOut').map(({ externalId, reason }) => [externalId, reason]).toSorted()).toEqual([['bo', 'below_minimum'], ['cy', 'excluded']]);
  expect(body['totals']).toEqual({ payouts: 1, leftOut: 2, rewardsMinor: 5_000, nettedMinor: 700, paidMinor: 4_300 });
  expect(body['notYet']).toEqual([{ why: 'held', rewards: 1, rewardsMinor: 4_000 }, { why: 'paused', rewards: 1, rewardsMinor: 300 }]);
  expect(listIn((await stand.send('GET', '/v1/payout-batches')).body, 'data')).toEqual([]);
});

test('a batch collects, is approved, and what is paid by hand is marked: rewards are paid and the books close', async () => {
  const ana = await stand.member('ana');
  const [first, second] = [await stand.release(ana, 3_000), await stand.release(ana, 2_000)];
  const batchId = await makeBatch();
  expect(await stand.reward(first)).toMatchObject({ state: 'released', payoutId: expect.stringMatching(/^pyt_/) });
  expect(await stand.balances()).toMatchObject({ 'member_owed ana': 5_000 });
  const approved = await stand.send('POST', `/v1/payout-batches/${batchId}/approve`);
  expect(approved.body).toMatchObject({ state: 'approved', payouts: [{ state: 'approved', payouts: 1, paidMinor: 5_000 }] });
  expect(await stand.balances()).toEqual({ in_transit: 5_000, program_budget: -5_000 });
  const [id] = (await stand.payouts(batchId)).values();
  if (id === undefined) throw new Error('no payout');
  expect((await stand.send('POST', `/v1/payouts/${id}/mark`, { as: 'paid' })).body).toMatchObject({ code: 'payout_state', detail: expect.stringContaining('has not left') });
  await api.database.superuser`update payouts set state = 'sending', idempotency_key = 'k', key_at = approved_at, claimed_at = approved_at where id = ${id}`;
  const marked = await stand.send('POST', `/v1/payouts/${id}/mark`, { as: 'paid', reference: 'SEPA-1' });
  expect(marked.body).toMatchObject({ state: 'completed', reference: 'SEPA-1', paidMinor: 5_000, takenBackMinor: 0, reason: 'marked' });
  expect((await stand.send('POST', `/v1/payouts/${id}/mark`, { as: 'paid' })).status).toBe(200);
  expect((await stand.send('POST', `/v1/payouts/${id}/mark`, { as: 'failed' })).body).toMatchObject({ status: 409, code: 'payout_state' });
  expect([await stand.reward(first), await stand.reward(second)].map(({ state }) => state)).toEqual(['paid', 'paid']);
  expect(await stand.balances()).toEqual({ cash_out: 5_000, program_budget: -5_000 });
  expect((await stand.payout(id))['rewards']).toHaveLength(2);
  const { body: audit } = await stand.send('GET', `/v1/audit?subjectId=${batchId}`);
  expect(new Set(listIn(audit, 'data').map(({ kind }) => kind))).toEqual(new Set(['payout_batch_approved', 'payout_batch_created']));
});

test('a payout that failed frees its rewards, and a later batch pays them', async () => {
  const reward = await stand.release(await stand.member('ana'), 3_000);
  const { payouts } = await stand.approved();
  const [id] = payouts.values();
  if (id === undefined) throw new Error('no payout');
  await api.database.superuser`update payouts set state = 'sending', idempotency_key = 'k2', key_at = approved_at, claimed_at = approved_at where id = ${id}`;
  expect((await stand.send('POST', `/v1/payouts/${id}/mark`, { as: 'failed', detail: 'account closed' })).body).toMatchObject({ state: 'failed', detail: 'account closed' });
  expect(await stand.reward(reward)).toEqual({ state: 'released', payoutId: null });
  expect(await stand.balances()).toEqual({ 'member_owed ana': 3_000, program_budget: -3_000 });
  expect((await stand.approved()).payouts.size).toBe(1);
});

test('what a member owes is kept back once, and a debt that takes all is settled without a payment', async () => {
  const [ana, bo] = [await stand.member('ana'), await stand.member('bo')];
  await stand.owe(ana, 700);
  await stand.owe(bo, 9_000);
  const [, ofBo] = [await stand.release(ana, 3_000), await stand.release(bo, 1_000)];
  const { payouts } = await stand.approved({ minimumMinor: 100 });
  const [anas, bos] = [payouts.get('ana'), payouts.get('bo')];
  if (anas === undefined || bos === undefined) throw new Error('no payouts');
  expect(await stand.payout(anas)).toMatchObject({ state: 'approved', rewardsMinor: 3_000, nettedMinor: 700, paidMinor: 2_300 });
  expect(await stand.payout(bos)).toMatchObject({ state: 'completed', rewardsMinor: 1_000, nettedMinor: 1_000, paidMinor: 0, handOvers: 0 });
  expect((await stand.reward(ofBo)).state).toBe('paid');
  expect(await stand.balances()).toMatchObject({ in_transit: 2_300, 'member_clawback bo': -8_000 });
  await stand.release(ana, 500);
  const later = await stand.approved();
  expect(await stand.payout(later.payouts.get('ana') ?? anas)).toMatchObject({ nettedMinor: 0, paidMinor: 500 });
});

test('approved at the same moment, one debt is kept back once', async () => {
  const ana = await stand.member('ana');
  await stand.owe(ana, 700);
  await stand.release(ana, 1_000);
  const one = await makeBatch();
  await stand.release(ana, 2_000);
  const two = await makeBatch();
  await Promise.all([one, two].map((id) => stand.send('POST', `/v1/payout-batches/${id}/approve`)));
  const all = listIn((await stand.send('GET', '/v1/payouts')).body, 'data').map(({ nettedMinor }) => nettedMinor);
  expect(all.toSorted()).toEqual([0, 700]);
  expect(await stand.balances()).toMatchObject({ in_transit: 2_300 });
});

test('a batch that is approved by ten at once is approved once', async () => {
  await stand.release(await stand.member('ana'), 1_000);
  const id = await makeBatch();
  const answers = await Promise.all(Array.from({ length: 10 }, () => stand.send('POST', `/v1/payout-batches/${id}/approve`)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
  expect(await stand.balances()).toEqual({ in_transit: 1_000, program_budget: -1_000 });
});

test('batches that are made at the same moment take each reward once', async () => {
  const rewards = [];
  for (const name of ['ana', 'bo', 'cy', 'di']) rewards.push(await stand.release(await stand.member(name), 1_000));
  const answers = await Promise.all(Array.from({ length: 6 }, () => stand.send('POST', '/v1/payout-batches', { unit: 'EUR' })));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409, 409]);
  const [row] = await api.database.superuser<{ places: number; rewards: number }[]>`
    select count(*)::int as places, count(distinct reward_id)::int as rewards from payout_rewards where tenant_id = ${stand.tenantId}`;
  expect(row).toEqual({ places: rewards.length, rewards: rewards.length });
});

test('who is excluded, and what falls below the minimum before the approval, stays for a later batch', async () => {
  const [ana, bo, cy] = [await stand.member('ana'), await stand.member('bo'), await stand.member('cy')];
  const [ofAna, ofBo, ofCy] = [await stand.release(ana, 3_000), await stand.release(bo, 2_000), await stand.release(cy, 1_500)];
  const id = await makeBatch({ minimumMinor: 1_000 });
  const excluded = await stand.send('POST', `/v1/payout-batches/${id}/exclude`, { externalId: 'bo', reason: 'asked to wait' });
  expect(excluded.body['excluded']).toEqual([{ memberId: bo, externalId: 'bo', reason: 'asked to wait' }]);
  await stand.takeBack(ofCy, 600);
  await stand.takeBack(ofAna, 500);
  await stand.send('POST', `/v1/payout-batches/${id}/approve`);
  const states = listIn((await stand.send('GET', `/v1/payouts?batchId=${id}`)).body, 'data').map(({ externalId, state, reason, paidMinor }) => [externalId, state, reason, paidMinor]);
  expect(states.toSorted()).toEqual([['ana', 'approved', null, 2_500], ['bo', 'canceled', 'excluded', 2_000], ['cy', 'canceled', 'below_minimum', 1_500]]);
  expect([await stand.reward(ofBo), await stand.reward(ofCy)].map(({ payoutId }) => payoutId)).toEqual([null, null]);
  expect(await stand.balances()).toEqual({ in_transit: 2_500, 'member_owed bo': 2_000, 'member_owed cy': 900, program_budget: -5_400 });
  expect((await stand.send('POST', `/v1/payout-batches/${id}/exclude`, { externalId: 'ana' })).body).toMatchObject({ status: 409, code: 'payout_state' });
});

test('a canceled batch frees everything that has not left, and books it back', async () => {
  const reward = await stand.release(await stand.member('ana'), 3_000);
  const gone = await stand.release(await stand.member('bo'), 1_000);
  const { batchId, payouts } = await stand.approved();
  const bos = payouts.get('bo');
  await api.database.superuser`update payouts set state = 'sending', idempotency_key = 'k3', key_at = approved_at, claimed_at = approved_at where id = ${bos ?? ''}`;
  const canceled = await stand.send('POST', `/v1/payout-batches/${batchId}/cancel`);
  expect(canceled.body).toMatchObject({ state: 'approved', payouts: [{ state: 'canceled', payouts: 1 }, { state: 'sending', payouts: 1 }] });
  expect(await stand.reward(reward)).toEqual({ state: 'released', payoutId: null });
  expect((await stand.reward(gone)).payoutId).toBe(bos);
  expect(await stand.balances()).toEqual({ in_transit: 1_000, 'member_owed ana': 3_000, program_budget: -4_000 });
  expect((await stand.send('POST', `/v1/payouts/${bos ?? ''}/cancel`)).body).toMatchObject({ status: 409, code: 'payout_state' });
  const unapproved = await makeBatch();
  expect((await stand.send('POST', `/v1/payout-batches/${unapproved}/cancel`)).body).toMatchObject({ state: 'canceled' });
  expect((await stand.send('POST', `/v1/payout-batches/${unapproved}/approve`)).body).toMatchObject({ status: 409, code: 'payout_state' });
});

test('a batch as CSV is a row a payout, and no cell is a formula', async () => {
  await stand.release(await stand.member('%3DSUM(A1)', 'DE89370400440532013000'), 123_456);
  const { batchId } = await stand.approved();
  const { text, headers } = await stand.send('GET', `/v1/payout-batches/${batchId}/export`);
  expect(headers.get('content-type')).toContain('text/csv');
  const [, row = ''] = text.split('\r\n');
  expect(row).toContain('"\'=SUM(A1)"');
  expect(row).toContain('"1234.56","EUR","approved","manual","…3000"');
  expect(text).not.toContain('DE8937');
});

test.each([
  ['an own unit', { unit: 'points' }, 400, 'currency_not_supported'],
  ['a currency that is none', { unit: 'XXX' }, 400, 'currency_not_supported'],
  ['a cut-off to come', { unit: 'EUR', cutOff: '2027-01-01T00:00:00Z' }, 400, 'invalid_request'],
  ['a fraction of a cent', { unit: 'EUR', minimumMinor: 0.5 }, 400, 'invalid_request'],
  ['less than nothing', { unit: 'EUR', minimumMinor: -1 }, 400, 'invalid_request'],
  ['somebody who is not there', { unit: 'EUR', exclude: ['nobody'] }, 400, 'invalid_request'],
  ['nothing to pay', { unit: 'EUR' }, 409, 'nothing_to_pay_out'],
] as const)('a batch of %s is refused', async (_what, body, status, code) => {
  expect((await stand.send('POST', '/v1/payout-batches', body)).body).toMatchObject({ status, code });
});

test('without a rail nothing is approved', async () => {
  const other = await openPayoutStand(api);
  await other.release(await other.member('ana'), 1_000);
  const made = await other.send('POST', '/v1/payout-batches', { unit: 'EUR' });
  expect((await other.send('POST', `/v1/payout-batches/${textIn(made.body, 'id')}/approve`)).body).toMatchObject({ status: 409, code: 'payout_rail_missing' });
});
