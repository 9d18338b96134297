import { handOverPayout } from '../../activities/payouts/hand-over-payout.ts';
import { usePayoutScene } from '../support/use-payout-scene.ts';

const { scene, goWrong, approvedPayout, live } = usePayoutScene();

describe('what is taken back of a payout that is under way is settled when it ends', () => {
  test('paid: it becomes a claim on the member, kept back from the next payout', async () => {
    const { id, ana, reward, which } = await approvedPayout();
    goWrong({ kind: 'loses_answer' });
    await handOverPayout(scene.bench.deps, { ...which, again: false });
    await scene.stand.takeBack(reward, 2_000);
    expect(await scene.stand.balances()).toEqual({ in_transit: 5_000, 'member_unsettled ana': -2_000, program_budget: -3_000 });
    expect(await live(id)).toEqual({ kind: 'over', outcome: 'completed' });
    expect(await scene.stand.balances()).toEqual({ cash_out: 5_000, 'member_clawback ana': -2_000, program_budget: -3_000 });
    expect(await scene.stand.payout(id)).toMatchObject({ takenBackMinor: 2_000, paidMinor: 5_000 });
    await scene.stand.release(ana, 3_000);
    const next = (await scene.stand.approved()).payouts.get('ana');
    expect(next === undefined ? null : await live(next)).toEqual({ kind: 'over', outcome: 'completed' });
    expect(await scene.stand.balances()).toEqual({ cash_out: 6_000, program_budget: -6_000 });
  });

  test('taken back whole: the reward stays reversed, the payout is still paid and owed back', async () => {
    const { id, reward, which } = await approvedPayout();
    goWrong({ kind: 'loses_answer' });
    await handOverPayout(scene.bench.deps, { ...which, again: false });
    await scene.stand.takeBack(reward, 5_000);
    expect(await live(id)).toEqual({ kind: 'over', outcome: 'completed' });
    expect(await scene.stand.reward(reward)).toEqual({ state: 'reversed', payoutId: null });
    expect(await scene.stand.balances()).toEqual({ cash_out: 5_000, 'member_clawback ana': -5_000 });
  });

  test('not paid: it leaves what the member is owed again', async () => {
    const { id, reward, which } = await approvedPayout();
    await scene.stand.takeBack(reward, 2_000);
    goWrong({ kind: 'refuses', status: 402, code: 'balance_insufficient' });
    await handOverPayout(scene.bench.deps, { ...which, again: false });
    expect((await scene.stand.payout(id))['state']).toBe('failed');
    expect(await scene.stand.balances()).toEqual({ 'member_owed ana': 3_000, program_budget: -3_000 });
  });
});
