import { peakInForce, peakTimesProblems, type PeakTimes } from '../../src/domain/program/peak-times.ts';
import { capBucket } from '../../src/domain/invite/cap-bucket.ts';
import { takeCap } from '../../src/domain/invite/take-cap.ts';
import { termsProblems } from '../../src/domain/program/terms.ts';
import { planAtPeak } from '../../src/domain/send-time/prefer-peak.ts';
import { inviteDefinition } from '../../workflows/invite/definition.ts';

const afternoons = { windows: [{ start: '14:00', end: '16:00' }], waitHours: 24 };
const quiet = { layers: [{ quiet: [{ start: '22:00', end: '08:00' }] }] };

test.each<[string, PeakTimes]>([
  ['windows', afternoons], ['windows of some months', { ...afternoons, months: [6, 7] }], ['learnt ones', { learnt: true, waitHours: 72 }], ['windows partly in the night', { windows: [{ start: '21:00', end: '23:00' }], waitHours: 1 }],
])('%s can be asked for', (_what, peak) => {
  expect(peakTimesProblems(peak, quiet)).toEqual([]);
});

test.each<[string, PeakTimes, RegExp]>([
  ['no wait', { ...afternoons, waitHours: 0 }, /^waitHours: is 0; 1 to 72/],
  ['a wait of four days', { learnt: true, waitHours: 96 }, /^waitHours: is 96; 1 to 72/],
  ['a wait that is no number', { learnt: true, waitHours: Number.NaN }, /^waitHours: is NaN/],
  ['no window', { windows: [], waitHours: 24 }, /^windows: is empty; name at least one/],
  ['no month', { ...afternoons, months: [] }, /^months: is empty/],
  ['a 13th month', { ...afternoons, months: [13] }, /^months\[0\]: 13 is not a month/],
  ['a broken time', { windows: [{ start: '2pm', end: '16:00' }], waitHours: 24 }, /^windows\[0\]\.start: "2pm" is not a time/],
  ['an eighth day', { windows: [{ days: [8], start: '14:00', end: '16:00' }], waitHours: 24 }, /^windows\[0\]\.days\[0\]: 8 is not a weekday/],
  ['a window on no day', { windows: [{ days: [], start: '14:00', end: '16:00' }], waitHours: 24 }, /^windows\[0\]\.days: is empty/],
  ['a window in the program\'s own quiet hours', { windows: [{ start: '23:00', end: '05:00' }], waitHours: 24 }, /^windows: the program's own send rules never permit a time inside them/],
])('%s is refused before it is saved, with its path', (_what, peak, problem) => {
  expect(peakTimesProblems(peak, quiet)).toEqual([expect.stringMatching(problem)]);
  expect(termsProblems({ ...inviteDefinition.defaultTerms, sendRules: quiet, peakTimes: peak })).toEqual([expect.stringMatching(new RegExp(`^peakTimes\\.${problem.source.slice(1)}`))]);
});

test('what is in force says whose it is', () => {
  const learnt = { windows: [{ days: [2], start: '14:00', end: '16:00' }], from: 'program' } as const;
  expect(peakInForce(undefined, learnt)).toBeNull();
  expect(peakInForce(afternoons, learnt)).toEqual({ ...afternoons, source: 'terms' });
  expect(peakInForce({ learnt: true, waitHours: 6 }, learnt)).toEqual({ windows: learnt.windows, waitHours: 6, source: 'learnt_of_program' });
  expect(peakInForce({ learnt: true, waitHours: 6 }, { ...learnt, from: 'tenant' })?.source).toBe('learnt_of_tenant');
  expect(peakInForce({ learnt: true, waitHours: 6 }, { windows: [], from: 'tenant' })).toBeNull();
  expect(peakInForce({ learnt: true, waitHours: 6 }, null)).toBeNull();
});

test('a cap that is full at the peak refuses nobody: the others leave in the first hours with room, as without a peak', () => {
  const now = Date.parse('2026-06-15T08:00:00Z');
  const planned = (notBefore: number | null) => ({
    law: [], ...planAtPeak({ now, zone: 'UTC', peak: notBefore === null ? afternoons : null, rules: { ...quiet, expiresAt: '2026-06-15T15:30:00Z', ...(notBefore === null ? {} : { notBefore: new Date(notBefore).toISOString() }) } }),
  });
  const take = takeCap({ rule: { invites: 2, per: 'hour', excess: 'defer' }, zone: 'UTC', used: new Map() }, now, (_key, notBefore) => planned(notBefore));
  const taken = Array.from({ length: 16 }, () => take('key'));
  expect(taken.map((one) => (one.outcome === 'planned' ? capBucket(one.plan.sendAt, 'hour', 'UTC').slice(-2) : one.reason)))
    .toEqual(['14', '14', '08', '08', '09', '09', '10', '10', '11', '11', '12', '12', '13', '13', '15', '15']);
  expect(taken[2]).toMatchObject({ plan: { why: expect.stringMatching(/^The member's cap of 2 an hour has no room at the peak\. /) } });
  expect(take('key')).toMatchObject({ outcome: 'refused', reason: 'cap_reached' });
});
