import { handOverPayout } from '../../activities/payouts/hand-over-payout.ts';
import { reconcilePayout } from '../../activities/payouts/reconcile-payout.ts';
import { claimPayout } from '../../db/write/payouts/claim-payout.ts';
import type { RailFault } from '../../src/dev/payout-rail/rail-fault.ts';
import type { PayoutId } from '../../src/domain/ids.ts';
import { livePayout, type PayoutBench } from '../support/payout-life.ts';
import { LATER_MS } from '../support/payout-scene.ts';
import { usePayoutScene } from '../support/use-payout-scene.ts';

const { api, scene, goWrong, approvedPayout, live } = usePayoutScene();

async function untilPaid(id: PayoutId): Promise<void> {
  for (let tries = 0; scene.bench.paid()[id] === undefined; tries += 1) {
    if (tries === 400) throw new Error('the provider has not paid');
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
}

test('whoever claimed a payout and stopped before the call leaves it unknown; it is paid once', async () => {
  const { id, which } = await approvedPayout();
  await api.database.app.asTenant(which.tenantId, (tx) => claimPayout(tx, { ...which, again: null, now: api.clock.now() }));
  expect((await scene.stand.payout(id))['state']).toBe('sending');
  expect(await handOverPayout(scene.bench.deps, { ...which, again: false })).toMatchObject({ stage: 'unknown' });
  expect(await live(id)).toEqual({ kind: 'over', outcome: 'completed' });
  expect(scene.bench.paid()).toEqual({ [id]: 1 });
});

test('whoever stopped after the call, before its record, has it found; a late record changes nothing', async () => {
  const { id, which } = await approvedPayout();
  let record = (): void => {};
  const recorded = new Promise<void>((resolve) => { record = resolve; });
  const { openRail } = scene.bench.deps;
  const slow = handOverPayout({ ...scene.bench.deps, openRail: (settings) => ({ ...openRail(settings), async handOver(order, now) {
    const answer = await openRail(settings).handOver(order, now);
    await recorded;
    return answer;
  } }) }, { ...which, again: false });
  await untilPaid(id);
  expect(await live(id)).toEqual({ kind: 'over', outcome: 'completed' });
  record();
  expect(await slow).toEqual({ kind: 'over', outcome: 'completed' });
  expect([scene.bench.paid(), await scene.stand.balances()]).toEqual([{ [id]: 1 }, { cash_out: 5_000, program_budget: -5_000 }]);
});

test('handed over and looked for by ten at once, a payout is paid once', async () => {
  const { id, which } = await approvedPayout();
  await Promise.all(Array.from({ length: 10 }, (_, n) => (n % 2 === 0 ? handOverPayout(scene.bench.deps, { ...which, again: false }) : reconcilePayout(scene.bench.deps, which))));
  expect(await live(id)).toEqual({ kind: 'over', outcome: 'completed' });
  expect([scene.bench.paid(), await scene.stand.balances()]).toEqual([{ [id]: 1 }, { cash_out: 5_000, program_budget: -5_000 }]);
});

test('the key is stored before the call, and is the same each time', async () => {
  const { id } = await approvedPayout();
  goWrong({ kind: 'fails_before' }, { kind: 'fails_before' });
  const keys: (string | null)[] = [];
  const { openRail } = scene.bench.deps;
  const watched: PayoutBench = { ...scene.bench, deps: { ...scene.bench.deps, openRail: (settings) => {
    const rail = openRail(settings);
    return { ...rail, async handOver(order, now) {
      const [row] = await api.database.superuser<{ key: string | null }[]>`select idempotency_key as key from payouts where id = ${id}`;
      keys.push(row?.key ?? null, order.idempotencyKey);
      return rail.handOver(order, now);
    } };
  } } };
  expect(await livePayout(watched, api.clock, { tenantId: scene.stand.tenantId, payoutId: id })).toEqual({ kind: 'over', outcome: 'completed' });
  expect(keys).toEqual(Array.from({ length: 6 }, () => `flywheel-${id}`));
});

test('forty payouts, a random fault in each and every fifth left by who claimed it: each ends, and is paid once or not at all', async () => {
  const faults: readonly (RailFault | undefined)[] = [
    undefined, { kind: 'loses_answer' }, { kind: 'fails_after' }, { kind: 'garbled' }, { kind: 'repeats' }, { kind: 'hangs_up_before' }, { kind: 'fails_before' }, { kind: 'busy' },
    { kind: 'refuses', status: 402, code: 'balance_insufficient' }, { kind: 'pays_later', afterMs: LATER_MS }, { kind: 'breaks_later', afterMs: LATER_MS }, { kind: 'arrives_late', afterMs: LATER_MS },
  ];
  for (let n = 0; n < 40; n += 1) await scene.stand.release(await scene.stand.member(`m${String(n)}`, `acct_${String(n)}_000000`), 1_000 + n);
  const { payouts } = await scene.stand.approved();
  let random = 7;
  scene.bench.vendor.setFaults(() => {
    random = (random * 48_271) % 2_147_483_647;
    return faults[random % faults.length];
  });
  const outcomes = new Map<PayoutId, string>();
  for (const [n, payoutId] of [...payouts.values()].entries()) {
    if (n % 5 === 0) await api.database.app.asTenant(scene.stand.tenantId, (tx) => claimPayout(tx, { tenantId: scene.stand.tenantId, payoutId, again: null, now: api.clock.now() }));
    const look = await livePayout(scene.bench, api.clock, { tenantId: scene.stand.tenantId, payoutId }, () => {
      scene.bench.vendor.workOff();
      return Promise.resolve();
    });
    outcomes.set(payoutId, look.kind === 'over' ? look.outcome : look.stage);
  }
  const completed = [...outcomes].filter(([, outcome]) => outcome === 'completed').map(([id]) => id);
  expect(new Set(outcomes.values())).toEqual(new Set(['completed', 'failed']));
  expect(scene.bench.paid()).toEqual(Object.fromEntries(completed.map((id) => [id, 1])));
  const paidMinor = [...payouts].reduce((sum, [name, id]) => sum + (completed.includes(id) ? 1_000 + Number(name.slice(1)) : 0), 0);
  expect(await scene.stand.balances()).toMatchObject({ cash_out: paidMinor });
  expect(await scene.stand.balances()).not.toHaveProperty('in_transit');
});
