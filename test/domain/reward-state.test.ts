import type { EvaluatedReward, HeldReward } from '../../src/domain/reward/evaluated-reward.ts';
import { movesFor } from '../../src/domain/reward/moves-for.ts';
import { applyMove, grantedReward } from '../../src/domain/reward/reward-move.ts';
import { mayEnterPayout, mayExpire, mayRelease, moveReward, REWARD_ACTIONS, REWARD_MOVES, REWARD_STATES, isOver, type RewardState } from '../../src/domain/reward/reward-state.ts';
import type { StoredReward } from '../../src/domain/reward/stored-reward.ts';
import { ANA, START } from './reward-sample.ts';

const stored = (more: Partial<StoredReward> = {}): StoredReward => ({ key: 'k', generation: 0, memberId: ANA, unit: 'EUR', grantedMinor: 1_000, takenBackMinor: 0, state: 'held', pausedBy: null, inPayout: false, ...more });
const evaluated = (amountMinor: number, pausedBy: HeldReward['pausedBy'] = null): HeldReward =>
  ({ key: 'k', ruleKey: 'rule', side: 'referrer', memberId: ANA, earnedAt: START, state: 'held', unit: 'EUR', amountMinor, reason: null, pausedBy, holdUntil: START, expiresAt: null });
const refused: EvaluatedReward = { key: 'k', ruleKey: 'rule', side: 'referrer', memberId: ANA, earnedAt: START, state: 'refused', reason: 'self_referral', detail: '' };
const say = (rewards: readonly StoredReward[], wanted: EvaluatedReward | null): string[] =>
  movesFor(rewards, wanted).map((move) => [move.kind, String(move.generation), ...('amountMinor' in move ? [String(move.amountMinor)] : []), ...('reason' in move ? [move.reason] : []), ...('by' in move ? [move.by] : [])].join(' '));

test.each<[RewardState, string[]]>([
  ['held', ['release', 'void', 'reduce', 'pause', 'resume']],
  ['released', ['redeem', 'expire', 'pay', 'reverse', 'reduce', 'pause', 'resume']],
  ['redeemed', ['reverse', 'reduce']],
  ['paid', ['reverse', 'reduce']],
  ['voided', []],
  ['expired', []],
  ['reversed', []],
])('from %s only %j is possible', (state, actions) => {
  expect(Object.keys(REWARD_MOVES[state])).toEqual(actions);
  for (const action of REWARD_ACTIONS) {
    const moved = moveReward({ state, paused: action === 'resume', inPayout: action === 'pay' }, action);
    expect(moved.outcome).toBe(actions.includes(action) ? 'moved' : 'refused');
  }
  expect(isOver(state)).toBe(actions.length === 0);
});

test('after the release there is no way but a reversal to take anything back, and nothing leads back to held', () => {
  const states = Object.keys(REWARD_STATES);
  expect(Object.keys(REWARD_MOVES)).toEqual(states);
  for (const [state, moves] of Object.entries(REWARD_MOVES)) {
    if (state !== 'held') expect(Object.values(moves)).not.toContain('held');
    if (state !== 'held') expect(Object.values(moves)).not.toContain('voided');
    for (const next of Object.values(moves)) expect(states).toContain(next);
  }
});

test.each([
  ['released', 'release', { paused: true, inPayout: false }, 'not_from_this_state'],
  ['held', 'release', { paused: true, inPayout: false }, 'paused'],
  ['released', 'pay', { paused: true, inPayout: true }, 'paused'],
  ['released', 'pay', { paused: false, inPayout: false }, 'not_in_payout'],
  ['released', 'redeem', { paused: false, inPayout: true }, 'in_payout'],
  ['released', 'expire', { paused: false, inPayout: true }, 'in_payout'],
  ['held', 'resume', { paused: false, inPayout: false }, 'not_paused'],
] as const)('a %s reward cannot %s when %j: %s', (state, action, standing, reason) => {
  expect(moveReward({ state, ...standing }, action)).toEqual({ outcome: 'refused', reason });
});

test('a hold ends at its instant, not before, and not while paused; an expiry likewise', () => {
  const held = { state: 'held', pausedBy: null, holdUntil: START } as const;
  expect([mayRelease(held, START - 1), mayRelease(held, START), mayRelease({ ...held, pausedBy: 'dispute' }, START), mayRelease({ ...held, state: 'released' }, START)]).toEqual([false, true, false, false]);
  const own = { state: 'released', pausedBy: null, expiresAt: START, inPayout: false } as const;
  expect([mayExpire(own, START - 1), mayExpire(own, START), mayExpire({ ...own, inPayout: true }, START), mayExpire({ ...own, expiresAt: null }, START), mayExpire({ ...own, pausedBy: 'review' }, START)]).toEqual([false, true, false, false, false]);
  expect([mayEnterPayout({ state: 'released', paused: false, inPayout: false }), mayEnterPayout({ state: 'released', paused: true, inPayout: false }), mayEnterPayout({ state: 'held', paused: false, inPayout: false })]).toEqual([true, false, false]);
});

test.each<[string, StoredReward[], EvaluatedReward | null, string[]]>([
  ['a first reward is granted', [], evaluated(1_000), ['grant 0 1000']],
  ['a refused one is not', [], refused, []],
  ['the same twice changes nothing', [stored()], evaluated(1_000), []],
  ['a held one is reduced', [stored()], evaluated(600), ['reduce 0 400 not_eligible']],
  ['a held one no longer earned is voided', [stored()], null, ['void 0 1000 not_eligible']],
  ['its reason is kept', [stored()], refused, ['void 0 1000 self_referral']],
  ['a released one is reversed', [stored({ state: 'released' })], refused, ['reverse 0 1000 self_referral']],
  ['a paid one is reversed', [stored({ state: 'paid' })], null, ['reverse 0 1000 not_eligible']],
  ['a used one is reversed', [stored({ state: 'redeemed' })], null, ['reverse 0 1000 not_eligible']],
  ['a part of a paid one is taken back', [stored({ state: 'paid' })], evaluated(600), ['reduce 0 400 not_eligible']],
  ['what expired was given', [stored({ state: 'expired' })], null, []],
  ['what expired is not given again', [stored({ state: 'expired' })], evaluated(1_000), []],
  ['what was taken back stays so', [stored({ state: 'reversed', takenBackMinor: 1_000 })], null, []],
  ['what is earned again is a new generation', [stored({ state: 'reversed', takenBackMinor: 1_000 })], evaluated(1_000), ['grant 1 1000']],
  ['a part that came back is one too', [stored({ state: 'paid', takenBackMinor: 400 })], evaluated(1_000), ['grant 1 400']],
  ['what is held is taken before what was paid', [stored({ state: 'paid' }), stored({ generation: 1, grantedMinor: 300 })], evaluated(900), ['void 1 300 not_eligible', 'reduce 0 100 not_eligible']],
  ['a dispute pauses', [stored()], evaluated(1_000, 'dispute'), ['pause 0 dispute']],
  ['a dispute pauses what is released', [stored({ state: 'released' })], evaluated(1_000, 'dispute'), ['pause 0 dispute']],
  ['what is paid or on its way is beyond a pause', [stored({ state: 'paid' }), stored({ generation: 1, state: 'released', inPayout: true })], evaluated(2_000, 'dispute'), []],
  ['a pause that is there stays', [stored({ pausedBy: 'review' })], evaluated(1_000, 'dispute'), []],
  ['a won dispute resumes', [stored({ pausedBy: 'dispute' })], evaluated(1_000), ['resume 0']],
  ['a lost one voids at once', [stored({ pausedBy: 'dispute' })], null, ['void 0 1000 not_eligible']],
  ['a part lost is taken, the rest resumes', [stored({ pausedBy: 'dispute' })], evaluated(300), ['reduce 0 700 not_eligible', 'resume 0']],
])('%s', (_name, rewards, wanted, expected) => {
  expect(say(rewards, wanted)).toEqual(expected);
  const after = rewards.map((reward) => movesFor(rewards, wanted).reduce((one, move) => (move.kind !== 'grant' && move.generation === one.generation ? applyMove(one, move) : one), reward));
  const granted = movesFor(rewards, wanted).flatMap((move) => (move.kind === 'grant' ? [grantedReward(move)] : []));
  expect(movesFor([...after, ...granted], wanted)).toEqual([]);
});

test('what a cap or budget refused is not asked for again because something else happened', () => {
  expect(movesFor([], evaluated(1_000), true)).toEqual([]);
  expect(movesFor([stored()], evaluated(400), true)).toHaveLength(1);
});

test('a move that is not allowed, or takes more than there is, is an error', () => {
  const which = { key: 'k', generation: 0 };
  expect(() => applyMove(stored({ state: 'voided' }), { ...which, kind: 'release' })).toThrow('release of voided reward k: not_from_this_state');
  expect(() => applyMove(stored(), { ...which, kind: 'reduce', amountMinor: 1_000, reason: 'not_eligible' })).toThrow(RangeError);
  expect(() => applyMove(stored(), { ...which, kind: 'void', amountMinor: 999, reason: 'not_eligible' })).toThrow(RangeError);
  expect(() => applyMove(stored(), { ...which, kind: 'reduce', amountMinor: 0, reason: 'not_eligible' })).toThrow(RangeError);
});
