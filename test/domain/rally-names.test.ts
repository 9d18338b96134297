import { openKeyring } from '../../src/config/keyring.ts';
import { makeId } from '../../src/domain/ids.ts';
import { LANDING_LANGUAGES } from '../../src/domain/landing/page-words.ts';
import { drawName, NAMES, sayName } from '../../src/domain/rally/anonymous-name.ts';
import { boardPath, readBoardToken, type BoardLink } from '../../src/domain/rally/board-token.ts';
import { MOST_POINTS, pointsIn } from '../../src/domain/rally/score-fact.ts';

const id = <P extends 'tnt' | 'run' | 'mbr' | 'gst'>(prefix: P, n: number) => makeId(prefix, 1_780_000_000_000, new Uint8Array(10).fill(n));

test('a name is the same again for the same run and person, and another on another board', () => {
  const [run, other] = [id('run', 1), id('run', 2)];
  const people = Array.from({ length: 200 }, (_, n) => id('mbr', n));
  expect(people.map((person) => drawName(run, person))).toEqual(people.map((person) => drawName(run, person)));
  expect(people.filter((person) => drawName(run, person) === drawName(other, person)).length).toBeLessThan(5);
  expect(new Set(people.map((person) => drawName(run, person))).size).toBeGreaterThan(190);
});

test('every name can be said in every language, and no two of a language are the same', () => {
  for (const lang of LANDING_LANGUAGES) {
    const said = Array.from({ length: NAMES }, (_, drawn) => sayName(drawn, lang));
    expect(new Set(said).size).toBe(NAMES);
    expect(said.every((name) => /^\p{L}+ \p{L}+( \p{L}+)? \d{1,3}$/u.test(name))).toBe(true);
  }
});

test('a board\'s address opens that board for that person, and an altered one nothing', () => {
  const keyring = openKeyring(new Uint8Array(32).fill(7));
  for (const personId of [null, id('mbr', 3), id('gst', 4)]) {
    const link: BoardLink = { tenantId: id('tnt', 1), runId: id('run', 2), personId };
    const token = boardPath(keyring, link).slice('/b/'.length);
    expect(readBoardToken(keyring, token)).toEqual(link);
    expect(readBoardToken(keyring, token.toUpperCase())).toEqual(link);
    for (let place = 0; place < token.length; place += 1) {
      const altered = `${token.slice(0, place)}${token.charAt(place) === '0' ? '1' : '0'}${token.slice(place + 1)}`;
      expect(readBoardToken(keyring, altered)).toBeNull();
    }
  }
  for (const nothing of ['', 'x', '1'.repeat(500)]) expect(readBoardToken(keyring, nothing)).toBeNull();
});

test('points are a number from 0 up to the most that one fact may add; all else is none', () => {
  expect([pointsIn({ score: 12 }), pointsIn({ score: 0 }), pointsIn({ score: 12.5 }), pointsIn({ score: MOST_POINTS })]).toEqual([12, 0, 13, MOST_POINTS]);
  for (const score of [-1, MOST_POINTS + 1, Number.NaN, Number.POSITIVE_INFINITY, '12', true, null, undefined]) expect(pointsIn({ score })).toBeNull();
});
