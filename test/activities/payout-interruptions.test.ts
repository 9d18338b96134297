import { handOverPayout } from '../../activities/payouts/hand-over-payout.ts';
import { reconcilePayout } from '../../activities/payouts/reconcile-payout.ts';
import { claimPayout } from '../../db/write/payouts/claim-payout.ts';
import type { RailFault } from '../../src/dev/payout-rail/rail-fault.ts';
import type { PayoutId } from '../../src/domain/ids.ts';
import { openTestApi, type TestApi } from '../support/api.ts';
import { livePayout, type PayoutBench } from '../support/payout-life.ts';
import { LATER_MS, openPayoutScene, type PayoutScene } from '../support/payout-scene.ts';
import type { PayoutStand } from '../support/payouts.ts';

let api: TestApi;
let scene: PayoutScene;
let bench: PayoutBench;
let stand: PayoutStand;
beforeAll(async () => { api = await openTestApi({ webhooksToInternal: true }); });
beforeEach(async () => {
  scene = await openPayoutScene(api);
  ({ bench, stand } = scene);
});
afterEach(() => bench.stop());
afterAll(() => api.close());

const goWrong = (...faults: readonly RailFault[]): void => { scene.goWrong(...faults); };
const approvedPayout = () => scene.approvedPayout();
const live = (payoutId: PayoutId) => scene.live(payoutId);

async function untilPaid(id: PayoutId): Promise<void> {
  for (let tries = 0; bench.paid()[id] === undefined; tries += 1) {
    if (tries === 400) throw new Error('the provider has not paid');
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
}

test('whoever claimed a payout and stopped before the call leaves it unknown; it is paid once', async () => {
  const { id, which } = await approvedPayout();
  await api.database.app.asTenant(which.tenantId, (tx) => claimPayout(tx, { ...which, again: null, now: api.clock.now() }));
  expect((await stand.payout(id))['state']).toBe('sending');
  expect(await handOverPayout(bench.deps, { ...which, again: false })).toMatchObject({ stage: 'unknown' });
  expect(await live(id)).toEqual({ kind: 'over', outcome: 'completed' });
  expect(bench.paid()).toEqual({ [id]: 1 });
});

test('whoever stopped after the call, before its record, has it found; a late record changes nothing', async () => {
  const { id, which } = await approvedPayout();
  let record = (): void => {};
  const recorded = new Promise<void>((resolve) => { record = resolve; });
  const { openRail } = bench.deps;
  const slow = handOverPayout({ ...bench.deps, openRail: (settings) => ({ ...openRail(settings), async handOver(order, now) {
    const answer = await openRail(settings).handOver(order, now);
    await recorded;
    return answer;
  } }) }, { ...which, again: false });
  await untilPaid(id);
  expect(await live(id)).toEqual({ kind: 'over', outcome: 'completed' });
  record();
  expect(await slow).toEqual({ kind: 'over', outcome: 'completed' });
  expect([bench.paid(), await stand.balances()]).toEqual([{ [id]: 1 }, { cash_out: 5_000, program_budget: -5_000 }]);
});

test('handed over and looked for by ten at once, a payout is paid once', async () => {
  const { id, which } = await approvedPayout();
  await Promise.all(Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? handOverPayout(bench.deps, { ...which, again: false }) : reconcilePayout(bench.deps, which))));
  expect(await live(id)).toEqual({ kind: 'over', outcome: 'completed' });
  expect([bench.paid(), await stand.balances()]).toEqual([{ [id]: 1 }, { cash_out: 5_000, program_budget: -5_000 }]);
});

test('the key is stored before the call, and is the same each time', async () => {
  const { id } = await approvedPayout();
  goWrong({ kind: 'fails_before' }, { kind: 'fails_before' });
  const keys: (string | null)[] = [];
  const { openRail } = bench.deps;
  const watched: PayoutBench = { ...bench, deps: { ...bench.deps, openRail: (settings) => {
    const rail = openRail(settings);
    return { ...rail, async handOver(order, now) {
      const [row] = await api.database.superuser<{ key: string | null }[]>`select idempotency_key as key from payouts where id = ${id}`;
      keys.push(row?.key ?? null, order.idempotencyKey);
      return rail.handOver(order, now);
    } };
  } } };
  expect(await livePayout(watched, api.clock, { tenantId: stand.tenantId, payoutId: id })).toEqual({ kind: 'over', outcome: 'completed' });
  expect(keys).toEqual(Array.from({ length: 6 }, () => `flywheel-${id}`));
});

test('forty payouts, a random fault in each and every fifth left by who claimed it: each ends, and is paid once or not at all', async () => {
  const faults: readonly (RailFault | undefined)[] = [
    undefined, { kind: 'loses_answer' }, { kind: 'fails_after' }, { kind: 'garbled' }, { kind: 'repeats' }, { kind: 'hangs_up_before' }, { kind: 'fails_before' }, { kind: 'busy' },
    { kind: 'refuses', status: 402, code: 'balance_insufficient' }, { kind: 'pays_later', afterMs: LATER_MS }, { kind: 'breaks_later', afterMs: LATER_MS }, { kind: 'arrives_late', afterMs: LATER_MS },
  ];
  for (let n = 0; n < 40; n += 1) await stand.release(await stand.member(`m${String(n)}`, `acct_${String(n)}_000000`), 1_000 + n);
  const { payouts } = await stand.approved();
  let random = 7;
  bench.vendor.setFaults(() => {
    random = (random * 48_271) % 2_147_483_647;
    return faults[random % faults.length];
  });
  const outcomes = new Map<PayoutId, string>();
  for (const [n, payoutId] of [...payouts.values()].entries()) {
    if (n % 5 === 0) await api.database.app.asTenant(stand.tenantId, (tx) => claimPayout(tx, { tenantId: stand.tenantId, payoutId, again: null, now: api.clock.now() }));
    const look = await livePayout(bench, api.clock, { tenantId: stand.tenantId, payoutId }, () => {
      bench.vendor.workOff();
      return Promise.resolve();
    });
    outcomes.set(payoutId, look.kind === 'over' ? look.outcome : look.stage);
  }
  const completed = [...outcomes].filter(([, outcome]) => outcome === 'completed').map(([id]) => id);
  expect(new Set(outcomes.values())).toEqual(new Set(['completed', 'failed']));
  expect(bench.paid()).toEqual(Object.fromEntries(completed.map((id) => [id, 1])));
  const paidMinor = [...payouts].reduce((sum, [name, id]) => sum + (completed.includes(id) ? 1_000 + Number(name.slice(1)) : 0), 0);
  expect(await stand.balances()).toMatchObject({ cash_out: paidMinor });
  expect(await stand.balances()).not.toHaveProperty('in_transit');
});
