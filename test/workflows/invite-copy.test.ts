import { copyOverrideProblems } from '../../src/domain/message/copy-override.ts';
import type { MessageCopy, StepsCopy } from '../../src/domain/message/copy.ts';
import { RELATIONSHIPS } from '../../src/domain/message/copy.ts';
import { PLACEHOLDERS, placeholderProblems } from '../../src/domain/message/placeholders.ts';
import { renderInvite } from '../../src/domain/message/render-invite.ts';
import { inviteCopy } from '../../workflows/invite/copy.ts';
import { sampleContext } from '../domain/message-sample.ts';

const locales = Object.entries(inviteCopy);
const steps = locales.flatMap(([language, copy]) =>
  [...Object.entries(copy.byMember), ['byTenant', copy.byTenant] as const].flatMap(([who, words]: readonly [string, StepsCopy]) =>
    [words.invite, ...words.reminders].map((message, step): [string, MessageCopy] => [`${language}, ${who}, step ${String(step)}`, message]),
  ),
);

test('every relationship has words of its own in English', () => {
  expect(Object.keys(inviteCopy.en.byMember).sort()).toEqual(['default', ...RELATIONSHIPS].sort());
});

test.each(steps)('%s keeps the limits that a program\'s own copy must keep', (_name, message) => {
  expect(copyOverrideProblems(message)).toEqual([]);
});

test.each(steps)('%s makes no promise of a prize, a price or a duration that a program might not keep', (_name, message) => {
  expect(JSON.stringify(message)).not.toMatch(/\b(?:free|gift|reward|bonus|minutes?|hours?|days?|discount|win)\b|!|\$|%/i);
});

test.each(locales)('%s: the sentences around a message hold known placeholders only', (_language, { furniture }) => {
  const { reasons, ...others } = furniture;
  for (const sentence of [...Object.values(others), ...Object.values(reasons)]) expect(placeholderProblems(sentence)).toEqual([]);
  expect(reasons.byMember).toContain('{{inviterName}}');
});

test('with names at their longest a subject still fits an inbox line', () => {
  for (const relationship of [...RELATIONSHIPS, null]) {
    for (const step of [0, 1, 2]) {
      const { subject } = renderInvite(sampleContext({ relationship, step, inviter: { kind: 'member', name: 'Maximiliane Aleksandra' }, tenantName: 'The Lumen School of Music' }));
      expect(subject.length).toBeLessThanOrEqual(90);
    }
  }
});

test('the placeholders are a closed set', () => {
  expect(PLACEHOLDERS).toEqual(['inviterName', 'inviteeName', 'tenantName', 'programTitle', 'expiryDate']);
});
