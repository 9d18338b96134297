import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { asId } from '../../src/domain/ids.ts';
import type { SignedPurpose, Signer } from '../../src/domain/link/signer.ts';
import { isPlayForm, playFormToken, type PlayForm } from '../../src/domain/play/form-token.ts';
import { readGuestToken, writeGuestToken } from '../../src/domain/play/guest-token.ts';
import { compareScores, finalScore, judgeAnswer, rightIn, type Play } from '../../src/domain/play/judge-answer.ts';
import { playTerms, scoreProblem } from '../../src/domain/play/play-terms.ts';
import { signUpUrl } from '../../src/domain/play/sign-up-url.ts';
import { readWaitingToken, waitingToken } from '../../src/domain/play/waiting-token.ts';

const TENANT = asId('tnt', 'tnt_01ksr49200081040g2081040g2');
const RUN = asId('run', 'run_01ksr49200081040g2081040g2');
const signerOf = (secret: string) => (purpose: SignedPurpose, text: string) => createHmac('sha256', `${secret} ${purpose}`).update(text).digest();
const SIGNER: Signer = { sign: signerOf('one') };
const LATER: Signer = { sign: signerOf('two'), keyId: '3', earlier: [{ keyId: '2', untilAt: 1, sign: signerOf('one') }] };
const ANSWERS = [0, 1, 2, 0];
const TABLE = { answers: ANSWERS, choices: [3, 3, 3, 2], rounds: 2, isOver: false };

/** Plays a list of posted answers as the server does: each judged by what was kept so far. */
function playAll(posted: readonly { round: number; n: number; choice: number }[], isOver = false): Play[] {
  return posted.reduce<Play[]>((plays, given) => {
    const judged = judgeAnswer(given, { ...TABLE, plays, isOver });
    return judged.outcome === 'taken' ? [...plays, { ...given, isRight: judged.isRight, at: 0 }] : plays;
  }, []);
}

describe('answers', () => {
  const given = fc.record({ round: fc.integer({ min: -1, max: 3 }), n: fc.integer({ min: -1, max: 5 }), choice: fc.integer({ min: -1, max: 4 }) });

  test('whatever is posted, each question has one answer, in order, in range, and the score is that of the first answers', () => {
    fc.assert(fc.property(fc.array(given, { maxLength: 60 }), (posted) => {
      const plays = playAll(posted);
      expect(new Set(plays.map(({ round, n }) => `${String(round)}/${String(n)}`)).size).toBe(plays.length);
      for (const round of [1, 2]) {
        const own = plays.filter((play) => play.round === round);
        expect(own.map(({ n }) => n)).toEqual(own.map((_play, n) => n));
        expect(rightIn(plays, round)).toBe(own.filter(({ n, choice }) => ANSWERS[n] === choice).length);
      }
      expect(plays.every(({ round, n, choice }) => round >= 1 && round <= 2 && choice >= 0 && choice < (TABLE.choices[n] ?? 0))).toBe(true);
      if (plays.some(({ round }) => round === 2)) expect(plays.filter(({ round }) => round === 1)).toHaveLength(ANSWERS.length);
    }));
  });

  test('posting everything again changes nothing', () => {
    fc.assert(fc.property(fc.array(given, { maxLength: 40 }), (posted) => { expect(playAll([...posted, ...posted.filter((_one, i) => i % 2 === 0)]).slice(0, playAll(posted).length)).toEqual(playAll(posted)); }));
  });

  test('after the end nothing is taken, and what was answered before is still known', () => {
    fc.assert(fc.property(fc.array(given), (posted) => { expect(playAll(posted, true)).toEqual([]); }));
    const plays: Play[] = [{ round: 1, n: 0, choice: 0, isRight: true, at: 0 }];
    const judge = (n: number, choice: number) => judgeAnswer({ round: 1, n, choice }, { ...TABLE, plays, isOver: true }).outcome;
    expect([judge(0, 0), judge(0, 1), judge(1, 0), judge(9, 0), judge(1, Number.NaN)]).toEqual(['again', 'already_answered', 'too_late', 'out_of_range', 'out_of_range']);
  });

  test('a rematch that is not finished leaves the score of the first game', () => {
    const first = ANSWERS.map((choice, n) => ({ round: 1, n, choice, isRight: n > 0, at: 0 }));
    expect(finalScore(first.slice(0, 3), 4)).toBeNull();
    expect(finalScore([...first, { round: 2, n: 0, choice: 0, isRight: true, at: 0 }], 4)).toBe(3);
    expect(finalScore([...first, ...first.map((play) => ({ ...play, round: 2, isRight: false }))], 4)).toBe(0);
    expect([compareScores(3, 2), compareScores(2, 3), compareScores(2, 2)]).toEqual(['won', 'lost', 'tied']);
  });
});

describe('tokens', () => {
  test('a waiting token opens its run alone, survives a new secret, and altered in any place opens nothing', () => {
    const token = waitingToken(SIGNER, { tenantId: TENANT, runId: RUN });
    expect(token).toHaveLength(81);
    for (const signer of [SIGNER, LATER]) expect(readWaitingToken(signer, token)).toEqual({ tenantId: TENANT, runId: RUN });
    for (let place = 0; place < token.length; place += 1) {
      const altered = `${token.slice(0, place)}${token.charAt(place) === '7' ? '8' : '7'}${token.slice(place + 1)}`;
      expect(readWaitingToken(SIGNER, altered)).toBeNull();
    }
    expect([token.slice(0, -1), `${token}0`, ''].map((text) => readWaitingToken(SIGNER, text))).toEqual([null, null, null]);
  });

  test('a form\'s token is good for one guest, link, round and question', () => {
    const form: PlayForm = { guest: 'aa', code: 'c', round: 1, n: 2 };
    const token = playFormToken(SIGNER, form);
    expect([isPlayForm(SIGNER, form, token), isPlayForm(LATER, form, token)]).toEqual([true, true]);
    for (const other of [{ guest: 'ab' }, { code: 'd' }, { round: 2 }, { n: 3 }, { n: Number.NaN }]) expect(isPlayForm(SIGNER, { ...form, ...other }, token)).toBe(false);
    for (const text of ['', token.slice(1), `${token}0`, `9${token.slice(1)}`]) expect(isPlayForm(SIGNER, form, text)).toBe(false);
  });

  test('a guest\'s token names its tenant; what is none reads as none', () => {
    const secret = 'A'.repeat(43);
    expect(readGuestToken(writeGuestToken(TENANT, secret))).toEqual({ tenantId: TENANT, secret });
    for (const text of ['', secret, `.${secret}`, `${TENANT}.${secret}`, `${'u'.repeat(26)}.${secret}`, `${writeGuestToken(TENANT, secret)} `]) expect(readGuestToken(text)).toBeNull();
  });
});

test('the way on keeps what stands in the destination, and has one guest token and the visit', () => {
  const clickId = asId('tch', 'tch_01ksr49200081040g2081040g2');
  const to = (destination: string, click: typeof clickId | null = clickId) => signUpUrl(destination, { clickId: click, utm: { source: 'flywheel' }, guestToken: 'g.t' });
  expect(to('https://a.example/join?x=1&guestToken=old#top')).toBe(`https://a.example/join?x=1&utm_source=flywheel&clickId=${clickId}&guestToken=g.t#top`);
  expect(to('https://a.example/', null)).toBe('https://a.example/?guestToken=g.t');
});

test('what a deck is played by comes from the loop\'s numbers; a score is a whole number of its questions', () => {
  expect(playTerms({ windowHours: 2, places: 3, rematches: 0 }, { score: 4 }, 1_000)).toEqual({ places: 3, rounds: 1, scoreToBeat: 4, endsAt: 7_201_000 });
  expect(playTerms({ windowMinutes: 120, places: 1 }, { streakEndsAt: 3_600_000 }, 1_000, 'streakEndsAt')).toEqual({ places: 1, rounds: 1, scoreToBeat: null, endsAt: 3_600_000 });
  expect(playTerms({ windowMinutes: 10 }, { streakEndsAt: 3_600_000 }, 1_000, 'streakEndsAt').endsAt).toBe(601_000);
  expect(playTerms({}, {}, 0)).toEqual({ places: 100, rounds: 1, scoreToBeat: null, endsAt: 7 * 86_400_000 });
  const problem = (score: number | null) => scoreProblem({ places: 1, rounds: 1, scoreToBeat: score, endsAt: 0 }, 5);
  expect([null, 0, 5].map(problem)).toEqual([null, null, null]);
  for (const wrong of [-1, 6, 2.5, Number.NaN]) expect(problem(wrong)).toContain('of 5 questions 0 to 5 can be right');
});
