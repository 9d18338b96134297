import fc from 'fast-check';
import { makeId } from '../../src/domain/ids.ts';
import { amountValue, readAmounts } from '../../src/domain/notice/notice-values.ts';
import { noticesOfRewards, type RewardNews } from '../../src/domain/notice/notices-of-rewards.ts';

const NOW = Date.parse('2026-06-10T12:00:00Z');
const UNTIL = NOW + 30 * 86_400_000;
const bytes = (n: number): Uint8Array => new Uint8Array(10).fill(n);
const programId = makeId('prg', NOW, bytes(1));
const memberId = makeId('mbr', NOW, bytes(2));
const referralId = makeId('ref', NOW, bytes(3));

function news(kind: RewardNews['kind'], more: Partial<RewardNews['reward']> = {}, amountMinor = 1000): RewardNews {
  return { kind, amountMinor, reward: { id: makeId('rew', NOW, bytes(4)), programId, memberId, referralId, runId: null, side: 'referrer', unit: 'EUR', takenBackMinor: 0, holdUntil: UNTIL, reason: null, ...more } };
}

test.each<[string, RewardNews, string | null]>([
  ['a held reward', news('grant'), 'reward_held'],
  ['one that is free at once is told when it is released', news('grant', { holdUntil: NOW }), null],
  ['the newcomer\'s own', news('grant', { side: 'referee' }), 'welcome_held'],
  ['a milestone\'s', news('grant', { referralId: null }), 'milestone_reached'],
  ['what a run grants with a hold is no milestone', news('grant', { referralId: null, runId: makeId('run', NOW, bytes(7)) }), 'reward_held'],
  ['a released one', news('release'), 'reward_released'],
  ['the newcomer\'s own, released', news('release', { side: 'referee' }), 'welcome_released'],
  ['one taken back while held', news('void', { reason: 'not_eligible' }), 'reward_taken_back'],
  ['one taken back after its release', news('reverse', { reason: 'operator' }), 'reward_taken_back'],
  ['a part taken back', news('reduce', { reason: 'not_eligible', takenBackMinor: 500 }, 500), 'reward_taken_back'],
  ['a pause', news('pause'), null],
  ['a resume', news('resume'), null],
  ['one that was used', news('redeem'), null],
  ['one that expired', news('expire'), null],
  ['one that was paid', news('pay'), null],
])('%s', (_name, one, kind) => {
  expect(noticesOfRewards([one], NOW).map((notice) => notice.kind)).toEqual(kind === null ? [] : [kind]);
});

test('what moved at one instant is one notice a kind, member and program, with its sums and the last of its holds', () => {
  const other = makeId('mbr', NOW, bytes(9));
  const [first, second] = [makeId('rew', NOW, bytes(5)), makeId('rew', NOW, bytes(6))];
  const told = noticesOfRewards([
    news('grant', { id: first }), news('grant', { id: second, holdUntil: UNTIL + 1 }, 500), news('grant', { unit: 'points' }, 7), news('grant', { memberId: other }), news('release'),
  ], NOW);
  expect(told).toEqual([
    { key: `${first}:grant:0`, kind: 'reward_held', programId, memberId, expiresAt: UNTIL + 1, values: { amount: '1500 EUR + 7 points', until: new Date(UNTIL + 1).toISOString() } },
    expect.objectContaining({ memberId: other, values: { amount: '1000 EUR', until: new Date(UNTIL).toISOString() } }),
    expect.objectContaining({ kind: 'reward_released', values: { amount: '1000 EUR' } }),
  ]);
});

test('two parts taken back of one reward are two facts; rewards taken back for different reasons are told apart', () => {
  const keys = [500, 700].flatMap((takenBackMinor) => noticesOfRewards([news('reduce', { takenBackMinor, reason: 'not_eligible' }, 200)], NOW)).map(({ key }) => key);
  expect(new Set(keys).size).toBe(2);
  expect(noticesOfRewards([news('void', { reason: 'operator' }), news('void', { reason: 'self_referral' })], NOW).map(({ values }) => values.reason)).toEqual(['operator', 'self_referral']);
});

test('amounts come back as they were written, summed by unit', () => {
  const unit = fc.constantFrom('EUR', 'JPY', 'points', 'xp_2');
  fc.assert(fc.property(fc.array(fc.record({ unit, amountMinor: fc.integer({ min: 1, max: 2 ** 40 }) }), { minLength: 1, maxLength: 8 }), (quantities) => {
    const read = readAmounts(amountValue(quantities));
    expect(new Set(read.map((one) => one.unit)).size).toBe(read.length);
    for (const one of read) expect(one.amountMinor).toBe(quantities.filter((each) => each.unit === one.unit).reduce((sum, { amountMinor }) => sum + amountMinor, 0));
  }));
  expect(() => readAmounts('12.5 EUR')).toThrow('cannot be read');
});
