import { chooseWords } from '../../src/domain/message/choose-words.ts';
import { copyOverrideProblems } from '../../src/domain/message/copy-override.ts';
import type { CopyOverride } from '../../src/domain/message/copy-override.ts';
import { pickMessage, readRelationship } from '../../src/domain/message/copy.ts';
import { renderInvite } from '../../src/domain/message/render-invite.ts';
import { inviteCopy } from '../../workflows/invite/copy.ts';
import { sampleContext } from './message-sample.ts';

describe('a program\'s own copy', () => {
  test.each([
    [{}, []],
    [{ subject: 'Come, {{ inviteeName }}: {{inviterName}} is there' }, []],
    [{ subject: 'Hi {{inviterNmae}}' }, [/^subject: the placeholder \{\{inviterNmae\}\} is not known; known are \{\{inviterName\}\}/]],
    [{ subject: 'Hi {{constructor}}' }, [/\{\{constructor\}\} is not known/]],
    [{ subject: 'Hi {{}}' }, [/\{\{\}\} is not known/]],
    [{ subject: 'Hi {{inviterName}' }, [/do not match/]],
    [{ subject: '' }, [/^subject: is empty/]],
    [{ subject: 'x'.repeat(121) }, [/^subject: is 121 characters long; at most 120/]],
    [{ subject: 'a\r\nBcc: x@y.example' }, [/^subject: holds a line break/]],
    [{ callToAction: 'x'.repeat(41) }, [/^callToAction: is 41/]],
    [{ paragraphs: [] }, [/^paragraphs: has 0; 1 to 8/]],
    [{ paragraphs: Array.from({ length: 9 }, () => 'x') }, [/^paragraphs: has 9; 1 to 8/]],
    [{ paragraphs: ['fine', 'y'.repeat(1001)] }, [/^paragraphs\[1\]: is 1001/]],
    [{ reminder: { heading: '{{who}}', preheader: '' } }, [/^reminder\.preheader: is empty/, /^reminder\.heading: the placeholder \{\{who\}\}/]],
  ])('%j', (override, problems) => {
    const found = copyOverrideProblems(override);
    expect(found).toHaveLength(problems.length);
    problems.forEach((problem, index) => expect(found[index]).toMatch(problem));
  });

  test('replaces what it names, step by step, and keeps the rest', () => {
    const ours = inviteCopy.en.byTenant.invite;
    const override = { subject: 'Ours', reminder: { heading: 'Again' } };
    const reminder = inviteCopy.en.byTenant.reminders[0];
    const words = (own: CopyOverride | undefined, step: number) => chooseWords({ book: inviteCopy, override: own, locale: 'en', by: 'tenant', relationship: null, step }).words;
    expect(words(override, 0)).toEqual({ ...ours, subject: 'Ours' });
    expect(words(override, 1)).toEqual({ ...reminder, heading: 'Again' });
    expect(words(override, 2)).toEqual({ ...reminder, heading: 'Again' });
    expect(words(undefined, 0)).toEqual(ours);
  });

  test('is filled from the context', () => {
    const { subject, text } = renderInvite(
      sampleContext({ override: { subject: '{{inviteeName}}, {{ inviterName }} saved you a seat', paragraphs: ['{{programTitle}} at {{tenantName}} until {{expiryDate}}.'] } }),
    );
    expect(subject).toBe('Ben, Ana saved you a seat');
    expect(text).toContain('A month of piano lessons at Lumen until 24 June 2026.');
    expect(renderInvite(sampleContext({ inviteeName: null, override: { subject: 'Hi {{inviteeName}}' } })).subject).toBe('Hi there');
  });
});

describe('our words fit the relationship and the step', () => {
  test.each([
    ['friend', 'friend'], ['Friend ', 'friend'], ['FAMILY', 'family'], ['colleague', 'colleague'], ['classmate', 'classmate'],
    ['vendor', 'vendor'], ['business', 'vendor'], ['supplier', 'vendor'], ['neighbour', null], ['__proto__', null], ['', null], [null, null],
  ])('%j is read as %j', (raw, relationship) => {
    expect(readRelationship(raw)).toBe(relationship);
  });

  test('an unknown relationship gets the words for anybody, a tenant\'s own invitation its own', () => {
    expect(pickMessage(inviteCopy.en, 'member', 'neighbour', 0)).toBe(inviteCopy.en.byMember.default.invite);
    expect(pickMessage(inviteCopy.en, 'tenant', 'friend', 0)).toBe(inviteCopy.en.byTenant.invite);
  });

  test('a reminder beyond the last one written uses the last one\'s words', () => {
    const { reminders } = inviteCopy.en.byMember.default;
    expect(pickMessage(inviteCopy.en, 'member', null, 1)).toBe(reminders[0]);
    expect(pickMessage(inviteCopy.en, 'member', null, 2)).toBe(reminders[1]);
    expect(pickMessage(inviteCopy.en, 'member', null, 7)).toBe(reminders.at(-1));
  });
});
