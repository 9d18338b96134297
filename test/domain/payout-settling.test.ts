import { nextLookAt, PAYOUT_PATIENCE } from '../../src/domain/payout/patience.ts';
import { afterHandOver, afterListing, afterPoll, type HandOver, type Listing } from '../../src/domain/payout/settle-payout.ts';

const HOUR_MS = 3_600_000;
const CLAIMED_AT = Date.parse('2026-06-10T12:00:00Z');
const { settleMs, keyLifeMs, goneMs } = PAYOUT_PATIENCE;
const at = (afterMs: number, listing: Listing, keyAgeMs = afterMs, handOvers = 1) => afterListing(listing, { claimedAt: CLAIMED_AT, keyAt: CLAIMED_AT + afterMs - keyAgeMs, handOvers }, CLAIMED_AT + afterMs, PAYOUT_PATIENCE);
const found = (state: 'pending' | 'paid' | 'failed'): Listing => ({ outcome: 'found', state, reference: 'tr_1' });
const absent: Listing = { outcome: 'absent' };

const ANSWERS: Record<string, HandOver> = {
  pending: { outcome: 'accepted', state: 'pending', reference: 'tr_1' },
  paid: { outcome: 'accepted', state: 'paid', reference: 'tr_1' },
  failed: { outcome: 'accepted', state: 'failed', reference: 'tr_1' },
  refused: { outcome: 'refused', detail: 'no_such_account' },
  retry: { outcome: 'retry', because: 'rail_unavailable', detail: 'HTTP 429', retryAfterMs: 60_000 },
  unknown: { outcome: 'unknown', detail: 'timeout' },
};
test.each([
  ['pending', false, 'accept'],
  ['paid', false, 'pay'],
  ['failed', false, 'fail'],
  ['refused', false, 'fail'],
  ['retry', false, 'put_back'],
  ['unknown', false, 'lose'],
  // An earlier hand-over was never settled: only finding it tells what became of that one.
  ['pending', true, 'accept'],
  ['paid', true, 'pay'],
  ['refused', true, 'lose'],
  ['retry', true, 'lose'],
  ['unknown', true, 'lose'],
] as const)('a rail that answers %s (an earlier hand-over unsettled: %s) does: %s', (answer, unsure, action) => {
  expect(afterHandOver(ANSWERS[answer] ?? { outcome: 'unknown', detail: '' }, unsure)?.action).toBe(action);
});

describe('an unknown payout is settled by the rail\'s list', () => {
  test.each([['pending', 'accept'], ['paid', 'pay'], ['failed', 'fail']] as const)('found as %s at any time: %s', (state, action) => {
    for (const afterMs of [0, settleMs, keyLifeMs, goneMs, 100 * goneMs]) expect(at(afterMs, found(state))?.action).toBe(action);
  });

  test('not found is not believed while a request may still be under way', () => {
    expect([0, 1, settleMs - 1].map((afterMs) => at(afterMs, absent))).toEqual([null, null, null]);
  });

  test('not found is handed over again, under its own key, only while the rail is sure to know that key', () => {
    expect(at(settleMs, absent)).toEqual({ action: 'claim', reason: null });
    expect(at(keyLifeMs - 1, absent)).toEqual({ action: 'claim', reason: null });
    // The key is older than the last hand-over: its age counts.
    expect(at(settleMs, absent, keyLifeMs)).toBeNull();
  });

  test('each hand-over waits longer than the one before', () => {
    expect([2, 3].map((handOvers) => [at(handOvers * settleMs - 1, absent, 0, handOvers), at(handOvers * settleMs, absent, 0, handOvers)?.action])).toEqual([[null, 'claim'], [null, 'claim']]);
  });

  test('once the key is over nothing is handed over any more: what the list never shows was not paid', () => {
    expect(at(keyLifeMs, absent)).toBeNull();
    expect(at(goneMs - 1, absent)).toBeNull();
    expect(at(goneMs, absent)).toEqual({ action: 'fail', reason: 'not_at_rail' });
  });

  test.each<Listing>([{ outcome: 'mismatch', detail: '2 transfers' }, { outcome: 'unavailable', detail: 'timeout' }, { outcome: 'cannot_tell' }])('$outcome settles nothing, however long it takes', (listing) => {
    expect([0, settleMs, keyLifeMs, goneMs, 1000 * goneMs].map((afterMs) => at(afterMs, listing))).toEqual([null, null, null, null, null]);
  });
});

test('what the rail has taken is not lost because its list does not show it', () => {
  expect([absent, found('pending'), { outcome: 'unavailable', detail: '' } as const].map(afterPoll)).toEqual([null, null, null]);
  expect([found('paid'), found('failed')].map((listing) => afterPoll(listing)?.action)).toEqual(['pay', 'fail']);
});

test('a key is surely over before a payout that was never found is given up', () => {
  expect(settleMs).toBeLessThan(keyLifeMs);
  expect(keyLifeMs).toBeLessThan(24 * HOUR_MS);
  expect(goneMs).toBeGreaterThan(24 * HOUR_MS);
});

test('what stands is looked at ever less often, from half a minute to six hours', () => {
  const waits = [0, 60_000, HOUR_MS, 10 * HOUR_MS, 100 * HOUR_MS].map((ageMs) => nextLookAt(0, ageMs) - ageMs);
  expect(waits).toEqual([30_000, 30_000, HOUR_MS / 2, 5 * HOUR_MS, 6 * HOUR_MS]);
});
