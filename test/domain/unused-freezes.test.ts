import fc from 'fast-check';
import { unusedFreezes } from '../../src/domain/streak/unused-freezes.ts';

const given = [{ source: 'b', at: 2, count: 1 }, { source: 'a', at: 1, count: 2 }, { source: 'c', at: 3, count: 3 }];
const left = (used: number) => ['a', 'b', 'c'].map((source) => unusedFreezes(given, { source, used }));

test('what was given first was used first, in whatever order it is told', () => {
  expect([0, 1, 2, 3, 4, 6, 9].map(left)).toEqual([[2, 1, 3], [1, 1, 3], [0, 1, 3], [0, 0, 3], [0, 0, 2], [0, 0, 0], [0, 0, 0]]);
});

test('a source that has been taken back whole has none, and what it gave is charged to the next', () => {
  expect(unusedFreezes([{ source: 'a', at: 1, count: 0 }, { source: 'b', at: 2, count: 1 }], { source: 'b', used: 1 })).toBe(0);
  expect(unusedFreezes([], { source: 'a', used: 0 })).toBe(0);
});

test('what is unused of all sources is what was given less what was used', () => {
  fc.assert(fc.property(fc.array(fc.record({ at: fc.nat(9), count: fc.nat(5) })), fc.nat(30), (counts, used) => {
    const all = counts.map((each, place) => ({ ...each, source: String(place) }));
    const sum = all.reduce((total, { count }) => total + count, 0);
    expect(all.reduce((total, { source }) => total + unusedFreezes(all, { source, used }), 0)).toBe(Math.max(0, sum - used));
  }));
});
