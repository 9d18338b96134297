import { handOverPayout } from '../../activities/payouts/hand-over-payout.ts';
import { reconcilePayout } from '../../activities/payouts/reconcile-payout.ts';
import type { RailFault } from '../../src/dev/payout-rail/rail-fault.ts';
import { PAYOUT_PATIENCE } from '../../src/domain/payout/patience.ts';
import { LATER_MS } from '../support/payout-scene.ts';
import { usePayoutScene } from '../support/use-payout-scene.ts';

const { api, scene, goWrong, approvedPayout, live } = usePayoutScene();

const PAID_ONCE: readonly (readonly [string, readonly RailFault[], number])[] = [
  ['pays and answers', [], 1],
  ['pays and loses its answer', [{ kind: 'loses_answer' }], 1],
  ['pays and answers with a failure', [{ kind: 'fails_after' }], 1],
  ['pays and never answers', [{ kind: 'silent_after' }], 1],
  ['pays and answers nonsense', [{ kind: 'garbled' }], 1],
  ['is told twice by the network', [{ kind: 'repeats' }], 1],
  ['hangs up before it has read', [{ kind: 'hangs_up_before' }], 2],
  ['fails before it pays', [{ kind: 'fails_before' }], 2],
  ['fails again and again before it pays', [{ kind: 'fails_before' }, { kind: 'hangs_up_before' }, { kind: 'fails_before' }], 4],
  ['says "later" twice', [{ kind: 'busy', retryAfterSeconds: 5 }, { kind: 'busy' }], 3],
  ['fails, then pays and loses its answer', [{ kind: 'fails_before' }, { kind: 'loses_answer' }], 2],
  ['fails, then refuses: what is unsettled is not given up for that', [{ kind: 'fails_before' }, { kind: 'refuses', status: 400, code: 'account_closed' }], 3],
];

test.each(PAID_ONCE)('a provider that %s pays each payout once, by its own file', async (_what, faults, handOvers) => {
  const { id, reward } = await approvedPayout();
  goWrong(...faults);
  expect(await live(id)).toEqual({ kind: 'over', outcome: 'completed' });
  expect(scene.bench.paid()).toEqual({ [id]: 1 });
  expect(await scene.stand.payout(id)).toMatchObject({ state: 'completed', handOvers, reference: expect.stringMatching(/^tr_/) });
  expect((await scene.stand.reward(reward)).state).toBe('paid');
  expect(await scene.stand.balances()).toEqual({ cash_out: 5_000, program_budget: -5_000 });
});

test('a request that arrives late is found, and not paid beside', async () => {
  const { id, which } = await approvedPayout();
  goWrong({ kind: 'arrives_late', afterMs: LATER_MS });
  expect(await handOverPayout(scene.bench.deps, { ...which, again: false })).toMatchObject({ stage: 'unknown', next: 'reconcile' });
  scene.bench.vendor.workOff();
  expect(await live(id)).toEqual({ kind: 'over', outcome: 'completed' });
  expect([scene.bench.paid(), (await scene.stand.payout(id))['handOvers']]).toEqual([{ [id]: 1 }, 1]);
});

test('a request that arrives after it was handed over again is the same request: one payment', async () => {
  const { id } = await approvedPayout();
  goWrong({ kind: 'arrives_late', afterMs: LATER_MS });
  expect(await live(id)).toEqual({ kind: 'over', outcome: 'completed' });
  expect((await scene.stand.payout(id))['handOvers']).toBe(2);
  scene.bench.vendor.workOff();
  expect(scene.bench.paid()).toEqual({ [id]: 1 });
});

test('a payout whose answer was lost and whose key has expired is found by listing: a second request would have paid again', async () => {
  const { id } = await approvedPayout();
  goWrong({ kind: 'loses_answer' });
  expect(await handOverPayout(scene.bench.deps, { tenantId: scene.stand.tenantId, payoutId: id, again: false })).toMatchObject({ stage: 'unknown' });
  scene.bench.vendor.expireKeys();
  api.clock.advance(PAYOUT_PATIENCE.goneMs);
  expect(await live(id)).toEqual({ kind: 'over', outcome: 'completed' });
  expect([scene.bench.paid(), (await scene.stand.payout(id))['handOvers']]).toEqual([{ [id]: 1 }, 1]);
});

test('a payout that never arrived and whose key is over is not created again: it fails, and a later batch pays the reward once', async () => {
  const { id, reward } = await approvedPayout();
  goWrong({ kind: 'hangs_up_before' });
  await handOverPayout(scene.bench.deps, { tenantId: scene.stand.tenantId, payoutId: id, again: false });
  api.clock.advance(PAYOUT_PATIENCE.keyLifeMs);
  expect(await live(id)).toEqual({ kind: 'over', outcome: 'failed' });
  expect(await scene.stand.payout(id)).toMatchObject({ reason: 'not_at_rail', handOvers: 1 });
  expect([scene.bench.paid(), (await scene.stand.reward(reward)).payoutId]).toEqual([{}, null]);
  const second = (await scene.stand.approved()).payouts.get('ana');
  expect(second === undefined ? null : await live(second)).toEqual({ kind: 'over', outcome: 'completed' });
  expect(scene.bench.paid()).toEqual({ [String(second)]: 1 });
});

test('a refusal ends the payout, frees its rewards and says the provider\'s code', async () => {
  const { id, reward } = await approvedPayout();
  goWrong({ kind: 'refuses', status: 400, code: 'account_closed' });
  expect(await live(id)).toEqual({ kind: 'over', outcome: 'failed' });
  expect(await scene.stand.payout(id)).toMatchObject({ state: 'failed', reason: 'rail_refused', detail: 'HTTP 400 invalid_request_error account_closed' });
  expect([await scene.stand.reward(reward), await scene.stand.balances(), scene.bench.paid()]).toEqual([{ state: 'released', payoutId: null }, { 'member_owed ana': 5_000, program_budget: -5_000 }, {}]);
});

test.each([['pays_later', 'completed'], ['breaks_later', 'failed']] as const)('what the provider has taken and %s is followed until it is %s', async (kind, outcome) => {
  const { id, which } = await approvedPayout();
  goWrong({ kind, afterMs: LATER_MS });
  expect(await handOverPayout(scene.bench.deps, { ...which, again: false })).toMatchObject({ kind: 'goes_on', stage: 'sent', next: 'reconcile' });
  expect(await reconcilePayout(scene.bench.deps, which)).toMatchObject({ stage: 'sent' });
  scene.bench.vendor.workOff();
  expect(await live(id)).toEqual({ kind: 'over', outcome });
  expect(scene.bench.paid()).toEqual(outcome === 'completed' ? { [id]: 1 } : {});
});

test('what stands at the provider under a payout and is not this payout settles nothing and is noted', async () => {
  const { id, which } = await approvedPayout();
  goWrong({ kind: 'hangs_up_before' });
  await handOverPayout(scene.bench.deps, { ...which, again: false });
  scene.bench.vendor.store.create({ payoutId: id, amount: 1, currency: 'eur', destination: 'acct_other' }, null, 'paid');
  api.clock.advance(PAYOUT_PATIENCE.goneMs);
  expect(await reconcilePayout(scene.bench.deps, which)).toMatchObject({ kind: 'goes_on', stage: 'unknown' });
  expect(await scene.stand.payout(id)).toMatchObject({ state: 'unknown', reason: 'mismatch_at_rail', handOvers: 1 });
  expect(api.logged.filter(({ level, msg }) => level === 50 || msg === 'a rail shows something else under a payout: look there').length).toBeGreaterThan(0);
});

test('the payee a payout was approved for is the one that is paid, whatever is said later', async () => {
  const { id } = await approvedPayout();
  await scene.stand.send('PUT', '/v1/members/ana/payee', { details: 'acct_somebody_else' });
  await live(id);
  expect(scene.bench.vendor.store.list(id).map(({ destination }) => destination)).toEqual(['acct_ana_0042']);
});
