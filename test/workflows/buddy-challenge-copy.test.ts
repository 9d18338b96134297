import { sayPage, slotsOf } from '../../src/domain/landing/say-page.ts';
import { placeholderProblems } from '../../src/domain/message/placeholders.ts';
import { measureSms } from '../../src/domain/message/sms-segments.ts';
import { buddyChallengeCopy } from '../../workflows/buddy-challenge/copy.ts';
import { buddyChallengeDefinition } from '../../workflows/buddy-challenge/definition.ts';

const LANGUAGES = Object.entries(buddyChallengeCopy);
const { life } = buddyChallengeDefinition;

/** Every text in a book, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

test('it is written in the languages that landing pages are', () => {
  expect(LANGUAGES.map(([language]) => language).toSorted()).toEqual(['de', 'en', 'es']);
});

test.each(LANGUAGES)('%s: the words to friends leave open what is known, and nothing else', (_language, { invite }) => {
  expect(textsIn(invite).flatMap(placeholderProblems)).toEqual([]);
});

test.each(LANGUAGES)('%s: each message has words, which leave open its values alone', (_language, { messages }) => {
  expect(Object.keys(messages).toSorted()).toEqual(Object.keys(life.messages).toSorted());
  const known = ['tenantName', 'programTitle', 'recipientName', ...Object.keys(life.messages.friend_finished)];
  expect(textsIn(messages['friend_finished']).flatMap(slotsOf).filter((slot) => !known.includes(slot))).toEqual([]);
});

test.each(LANGUAGES)('%s: its page can be said with and without a name and a score', (_language, { page }) => {
  if (page === undefined) throw new Error('it has no page');
  for (const inviterFirstName of ['Ana', null]) {
    for (const figures of [{ score: '3' }, {}]) {
      const said = sayPage(page, { tenantName: 'Lumen', inviterFirstName, figures });
      expect(said.about).toHaveLength('score' in figures ? 1 : 0);
      expect(textsIn(said).join(' ')).not.toMatch(/\{\{|undefined/);
    }
  }
});

test.each(LANGUAGES)('%s: its texts fit the cheap alphabet', (_language, { invite }) => {
  const { sms } = invite ?? {};
  for (const text of textsIn(sms)) expect(measureSms(text.replaceAll(/\{\{\w+\}\}/g, 'Lumen')).forcedBy).toEqual([]);
});
