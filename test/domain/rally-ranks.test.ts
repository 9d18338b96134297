import fc from 'fast-check';
import { movementOf, ranksOf, type ScoreGroup } from '../../src/domain/rally/ranks.ts';
import { isOvertaken, whomToNudge } from '../../src/domain/rally/overtaken.ts';

const scores = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 60 });

function groupsOf(all: readonly number[]): ScoreGroup[] {
  return [...new Set(all)].toSorted((a, b) => b - a).map((score) => ({ score, people: all.filter((other) => other === score).length }));
}

test('who ties shares the better rank, and the next one is left out: 1, 2, 2, 4', () => {
  const { rankOf, players } = ranksOf(groupsOf([90, 80, 80, 70]));
  expect([players, ...[90, 80, 70].map(rankOf)]).toEqual([4, { rank: 1, sharedWith: 0 }, { rank: 2, sharedWith: 1 }, { rank: 4, sharedWith: 0 }]);
});

test('a rank is one more than how many are better, whatever the scores, also of a score that nobody has', () => {
  fc.assert(fc.property(scores, fc.integer({ min: -1, max: 31 }), (all, mine) => {
    const { rank, sharedWith } = ranksOf(groupsOf(all)).rankOf(mine);
    expect(rank).toBe(all.filter((score) => score > mine).length + 1);
    expect(sharedWith).toBe(Math.max(0, all.filter((score) => score === mine).length - 1));
  }));
});

test('a better score never means a worse rank', () => {
  fc.assert(fc.property(scores, (all) => {
    const { rankOf } = ranksOf(groupsOf(all));
    for (const a of all) for (const b of all) expect(a > b ? rankOf(a).rank < rankOf(b).rank : true).toBe(true);
  }));
});

test('movement is said from the reader\'s side: a smaller rank is up', () => {
  expect([movementOf(null, 3), movementOf(3, 3), movementOf(5, 3), movementOf(1, 3)]).toEqual([{ kind: 'new' }, { kind: 'same' }, { kind: 'up', places: 2 }, { kind: 'down', places: 2 }]);
});

test('overtaken is who fell behind a noted rank and has a score: who was not noted before or has none was not passed', () => {
  expect(isOvertaken({ notedRank: 1, rank: 2, score: 5 })).toBe(true);
  for (const one of [{ notedRank: null, rank: 2, score: 5 }, { notedRank: 2, rank: 2, score: 5 }, { notedRank: 3, rank: 2, score: 5 }, { notedRank: 1, rank: 2, score: 0 }]) expect(isOvertaken(one)).toBe(false);
});

test('nobody is nudged beyond the cap of a day, no more than so many a look, and the best placed first', () => {
  const looked = fc.record({ personId: fc.string(), notedRank: fc.option(fc.integer({ min: 1, max: 20 })), rank: fc.integer({ min: 1, max: 20 }), score: fc.integer({ min: 0, max: 9 }), nudges: fc.integer({ min: 0, max: 5 }) });
  fc.assert(fc.property(fc.array(looked), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 5 }), (all, aDay, most) => {
    const nudged = whomToNudge(all, { aDay, most });
    expect(nudged.length).toBeLessThanOrEqual(most);
    for (const one of nudged) expect([isOvertaken(one), one.nudges < aDay]).toEqual([true, true]);
    expect(nudged.map(({ rank }) => rank)).toEqual(nudged.map(({ rank }) => rank).toSorted((a, b) => a - b));
    expect(nudged.length).toBe(Math.min(most, all.filter((one) => isOvertaken(one) && one.nudges < aDay).length));
  }));
});
