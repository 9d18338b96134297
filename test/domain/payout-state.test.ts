import { isPayoutOver, isPayoutState, movePayout, PAYOUT_ACTIONS, PAYOUT_ENDS, PAYOUT_MOVES, PAYOUT_STATES, type PayoutAction, type PayoutState } from '../../src/domain/payout/payout-state.ts';

const STATES = Object.keys(PAYOUT_STATES).filter(isPayoutState);

/** Every pair there is; what is not here is refused. */
const ALLOWED: readonly (readonly [PayoutState, PayoutAction, PayoutState])[] = [
  ['created', 'approve', 'approved'],
  ['created', 'cancel', 'canceled'],
  ['approved', 'claim', 'sending'],
  ['approved', 'net', 'completed'],
  ['approved', 'cancel', 'canceled'],
  ['sending', 'accept', 'sent'],
  ['sending', 'pay', 'completed'],
  ['sending', 'fail', 'failed'],
  ['sending', 'lose', 'unknown'],
  ['sending', 'put_back', 'approved'],
  ['unknown', 'claim', 'sending'],
  ['unknown', 'accept', 'sent'],
  ['unknown', 'pay', 'completed'],
  ['unknown', 'fail', 'failed'],
  ['sent', 'pay', 'completed'],
  ['sent', 'fail', 'failed'],
];

test.each(STATES.flatMap((state) => PAYOUT_ACTIONS.map((action) => [state, action] as const)))('a payout that is %s and the action %s', (state, action) => {
  const [, , next = null] = ALLOWED.find(([from, by]) => from === state && by === action) ?? [];
  expect(movePayout(state, action)).toBe(next);
});

test('nothing leads out of an end, and every other state has a way to one', () => {
  expect(STATES.filter(isPayoutOver)).toEqual([...PAYOUT_ENDS]);
  const reaches = (from: PayoutState, seen = new Set<PayoutState>()): boolean =>
    isPayoutOver(from) || (!seen.has(from) && Object.values(PAYOUT_MOVES[from]).some((next) => reaches(next, new Set([...seen, from]))));
  expect(STATES.filter((state) => !reaches(state))).toEqual([]);
});

test('what may have arrived is never canceled: only the rail, or who looks after it, can say how it ended', () => {
  expect((['sending', 'unknown', 'sent'] as const).map((state) => movePayout(state, 'cancel'))).toEqual([null, null, null]);
});
