import { judgeMoment, type LoopPrompt } from '../../src/domain/prompt/loop-prompt.ts';
import { sayPrompt } from '../../src/domain/prompt/prompt-said.ts';
import { buddyChallengeCopy } from '../../workflows/buddy-challenge/copy.ts';
import { buddyChallengeDefinition } from '../../workflows/buddy-challenge/definition.ts';

const prompt: LoopPrompt = buddyChallengeDefinition.life.prompt;

test.each([
  [{ right: 3, of: 4 }, 'fits'],
  [{ right: 0, of: 4 }, 'not_eligible'],
  [{}, 'missing'],
])('a challenge is for a member who scored: %j %s', (data, verdict) => {
  expect(judgeMoment(prompt, 'practice_completed', data)).toBe(verdict);
});

test.each(Object.entries(buddyChallengeCopy))('the words that say the score are there in %s, and without a score the ones that say none', (_language, { prompt: copy }) => {
  if (copy === undefined) throw new Error('a language without words for the offer');
  expect(sayPrompt(copy, 'score', prompt, { right: 3, of: 4 }).title).toMatch(/^3 \p{L}+ 4 /u);
  expect(sayPrompt(copy, 'score', prompt, {})).toEqual(copy.default);
});
