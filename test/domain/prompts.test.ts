import fc from 'fast-check';
import { makeId } from '../../src/domain/ids.ts';
import { decidePrompt, type PromptCandidate, type PromptQuestion } from '../../src/domain/prompt/decide-prompt.ts';
import { judgeMoment, type LoopPrompt } from '../../src/domain/prompt/loop-prompt.ts';
import { DEFAULT_PROMPT_LIMITS, promptHold, type PastPrompt } from '../../src/domain/prompt/prompt-limits.ts';
import { sayPrompt } from '../../src/domain/prompt/prompt-said.ts';

const NOW = Date.parse('2026-06-10T12:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const programOf = (n: number) => makeId('prg', NOW, new Uint8Array(10).fill(n));

const prompt: LoopPrompt = {
  moments: { practice_completed: { needs: { score: { atLeast: 0.5 } } }, results_viewed: {} },
  whenDataIsMissing: 'skip', minors: 'parent_allows', value: 1, goodForMinutes: 30, says: ['score'],
};
const candidate = (n = 1, more: Partial<PromptCandidate> = {}): PromptCandidate => ({ programId: programOf(n), programVersion: 1, loop: 'buddy-challenge', prompt, terms: {}, shown: 0, accepted: 0, ...more });
const ask = (more: Partial<PromptQuestion> = {}): PromptQuestion => ({
  moment: 'practice_completed', data: { score: 0.8 }, personId: 'mbr_1', isMinor: false, parentAllows: false, candidates: [candidate()], history: [], limits: DEFAULT_PROMPT_LIMITS, now: NOW, ...more,
});
const past = (minutesAgo: number, more: Partial<PastPrompt> = {}): PastPrompt => {
  const decidedAt = NOW - minutesAgo * MINUTE_MS;
  return { decidedAt, expiresAt: decidedAt + 30 * MINUTE_MS, shownAt: decidedAt, acceptedAt: null, dismissedAt: null, ...more };
};
const reasonOf = (question: PromptQuestion): string => {
  const decision = decidePrompt(question);
  return decision.kind === 'none' ? decision.reason : 'prompt';
};

test.each<[string, Partial<PromptQuestion>, string]>([
  ['a moment that fits is offered', {}, 'prompt'],
  ['a moment of which no loop speaks', { moment: 'badge_earned' }, 'no_loop'],
  ['no program at all', { candidates: [] }, 'no_loop'],
  ['a score that is too low', { data: { score: 0.2 } }, 'not_eligible'],
  ['a score that was not sent', { data: {} }, 'data_missing'],
  ['a score that is no number', { data: { score: 'high' } }, 'data_missing'],
  ['the same where the loop has a default for it', { data: {}, candidates: [candidate(1, { prompt: { ...prompt, whenDataIsMissing: 'offer' } })] }, 'prompt'],
  ['a minor', { isMinor: true }, 'minor'],
  ['a minor whose parent allowed it', { isMinor: true, parentAllows: true }, 'prompt'],
  ['a minor and a loop that is for none', { isMinor: true, parentAllows: true, candidates: [candidate(1, { prompt: { ...prompt, minors: 'never' } })] }, 'minor'],
  ['the holdout of an experiment', { candidates: [candidate(1, { terms: { experiment: { key: 'e', variants: [{ key: 'default', weight: 1 }], coverage: 0 } } })] }, 'holdout'],
  ['a second within the hour', { history: [past(59)] }, 'cap_hour'],
  ['an hour later', { history: [past(60)] }, 'prompt'],
  ['a fourth within the day', { history: [past(61), past(200), past(1_439)] }, 'cap_day'],
  ['a day after the first of three', { history: [past(61), past(200), past(1_440)] }, 'prompt'],
  ['what was never shown and is over counts for nothing', { history: [past(40, { shownAt: null })] }, 'prompt'],
  ['what was not shown yet, but may be, counts', { history: [past(10, { shownAt: null })] }, 'cap_hour'],
  ['after a dismissal', { history: [past(23 * 60, { dismissedAt: NOW - 23 * HOUR_MS })] }, 'dismissed'],
  ['a day after a dismissal', { history: [past(25 * 60, { dismissedAt: NOW - 24 * HOUR_MS })] }, 'prompt'],
  ['five ignored in a row', { history: [2, 3, 4, 5, 6].map((days) => past(days * 24 * 60)) }, 'ignored'],
  ['four ignored, and one accepted before', { history: [...[2, 3, 4, 5].map((days) => past(days * 24 * 60)), past(6 * 24 * 60, { acceptedAt: NOW - 6 * DAY_MS })] }, 'prompt'],
  ['thirty days after the last of five', { history: [30, 31, 32, 33, 34].map((days) => past(days * 24 * 60)) }, 'prompt'],
])('%s', (_name, more, expected) => {
  expect(reasonOf(ask(more))).toBe(expected);
});

test('of loops that fit, the one that is accepted most for its worth is offered; a new one is neither best nor worst', () => {
  const winner = (...candidates: PromptCandidate[]): unknown => {
    const decision = decidePrompt(ask({ candidates }));
    return decision.kind === 'prompt' ? decision.candidate.programId : decision.reason;
  };
  expect(winner(candidate(1, { shown: 100, accepted: 10 }), candidate(2, { shown: 100, accepted: 40 }))).toBe(programOf(2));
  expect(winner(candidate(1, { shown: 100, accepted: 10, terms: { value: 10 } }), candidate(2, { shown: 100, accepted: 40 }))).toBe(programOf(1));
  expect(winner(candidate(1, { shown: 100, accepted: 5 }), candidate(2))).toBe(programOf(2));
  expect(winner(candidate(1, { shown: 100, accepted: 60 }), candidate(2))).toBe(programOf(1));
  expect(winner(candidate(2), candidate(1))).toBe(programOf(1));
});

test('who is told to wait may ask again at the instant that was named, and not before', () => {
  fc.assert(fc.property(fc.array(fc.record({ minutesAgo: fc.integer({ min: 0, max: 60 * 24 * 40 }), what: fc.constantFrom('ignored', 'accepted', 'dismissed', 'unseen') }), { maxLength: 20 }), (rows) => {
    const history = rows.map(({ minutesAgo, what }) => past(minutesAgo, {
      shownAt: what === 'unseen' ? null : NOW - minutesAgo * MINUTE_MS,
      acceptedAt: what === 'accepted' ? NOW - minutesAgo * MINUTE_MS : null,
      dismissedAt: what === 'dismissed' ? NOW - minutesAgo * MINUTE_MS : null,
    })).toSorted((a, b) => b.decidedAt - a.decidedAt);
    let now = NOW;
    for (let n = 0; n < 20; n += 1) {
      const hold = promptHold(history, DEFAULT_PROMPT_LIMITS, now);
      if (hold === null) return;
      expect(hold.until).toBeGreaterThan(now);
      expect(promptHold(history, DEFAULT_PROMPT_LIMITS, hold.until - 1)).not.toBeNull();
      now = hold.until;
    }
    throw new Error('it never ends');
  }));
});

test('a field of the moment is judged by all that is needed of it', () => {
  const needs = (need: object): LoopPrompt => ({ ...prompt, moments: { m: { needs: { x: need } } } });
  expect(judgeMoment(needs({ is: true }), 'm', { x: true })).toBe('fits');
  expect(judgeMoment(needs({ is: true }), 'm', { x: false })).toBe('not_eligible');
  expect(judgeMoment(needs({ atLeast: 1, atMost: 2 }), 'm', { x: 2 })).toBe('fits');
  expect(judgeMoment(needs({ atLeast: 1, atMost: 2 }), 'm', { x: 2.1 })).toBe('not_eligible');
  expect(judgeMoment(needs({ is: 'a' }), 'm', { x: null })).toBe('missing');
  expect(judgeMoment(prompt, 'toString', {})).toBe('not_eligible');
});

test('words say the moment; without what they would say the default ones are said, and a value is never read as a placeholder', () => {
  const words = (text: string) => ({ title: text, body: text, accept: 'Yes', dismiss: 'No' });
  const copy = { default: words('Challenge a friend'), bold: words('You have {{score}} points') };
  expect(sayPrompt(copy, 'bold', prompt, { score: 8 }).title).toBe('You have 8 points');
  expect(sayPrompt(copy, 'bold', prompt, {}).title).toBe('Challenge a friend');
  expect(sayPrompt(copy, 'gone', prompt, { score: 8 }).title).toBe('Challenge a friend');
  expect(sayPrompt(copy, 'bold', prompt, { score: '{{score}}' }).title).toBe('You have {{score}} points');
  // A long value is cut between its characters: half of one can be stored by nobody.
  expect(sayPrompt(copy, 'bold', prompt, { score: `${'8'.repeat(79)}🏅🏅` }).title).not.toMatch(/\p{Surrogate}/u);
  expect(sayPrompt({ ...copy, bold: words('{{secret}}') }, 'bold', prompt, { secret: 'x' }).title).toBe('Challenge a friend');
});
