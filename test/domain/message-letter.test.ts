import fc from 'fast-check';
import type { CopyBook, LocaleCopy } from '../../src/domain/message/copy.ts';
import type { CopyOverride } from '../../src/domain/message/copy-override.ts';
import { PLACEHOLDERS } from '../../src/domain/message/placeholders.ts';
import { inviteLetter } from '../../src/domain/message/render-invite.ts';
import type { InviteContext, InviteeContext } from '../../src/domain/message/render-invite.ts';
import { renderPlainly } from './message-plain.ts';
import { sampleContext } from './message-sample.ts';

const word = fc.oneof(fc.constantFrom(...PLACEHOLDERS).map((name) => `{{${name}}}`), fc.constantFrom('{{ inviteeName }}', 'you', 'and', '<b>', '"', '&', 'ß', 'a\u202eb'), fc.stringMatching(/^[a-z]{1,14}$/));
const template = fc.array(word, { minLength: 1, maxLength: 14 }).map((words) => words.join(' '));
const name = fc.oneof(fc.constantFrom(null, 'Ana', 'Zoë Brandt', 'www.evil.example', 'émile {{tenantName}}', '<i>', `Li ${'x'.repeat(90)}`), fc.string({ unit: 'grapheme', maxLength: 20 }));

/** The shipped words, each sentence as a template that names whom it likes. */
const book: fc.Arbitrary<CopyBook> = fc.array(template, { minLength: 7, maxLength: 7 }).map((given) => {
  const { en } = sampleContext().copy;
  let next = 0;
  const other = (): string => given[(next += 1) % given.length] ?? '';
  const retold = (value: unknown): unknown => {
    if (typeof value === 'string') return other();
    if (Array.isArray(value)) return value.map(retold);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, retold(inner)])) : value;
  };
  const isCopy = (value: unknown): value is LocaleCopy => typeof value === 'object' && value !== null && 'furniture' in value;
  const copy = retold(en);
  if (!isCopy(copy)) throw new Error('a book without furniture');
  return { en: { ...copy, direction: 'ltr' }, de: { ...copy, direction: 'ltr' } };
});
const words = fc.record({ subject: template, paragraphs: fc.array(template, { minLength: 1, maxLength: 3 }), callToAction: template }, { requiredKeys: [] });
const override: fc.Arbitrary<CopyOverride | undefined> = fc.option(fc.tuple(words, words, words).map(([all, reminder, de]) => ({ ...all, reminder, locales: { de, fr: de } })), { nil: undefined });
const shared = fc.record({
  copy: fc.oneof(fc.constant(sampleContext().copy), book), override, step: fc.nat(2), locale: fc.constantFrom(null, 'en', 'de-AT', 'fr', 'ar', 'no tag'),
  inviter: fc.oneof(fc.constant({ kind: 'tenant' as const }), name.map((given) => ({ kind: 'member' as const, name: given }))),
  relationship: fc.constantFrom(null, 'friend', 'colleague'), consentBasis: fc.constantFrom(null, 'opt_in' as const, 'existing_relationship' as const, 'inviter_attested' as const),
  fromName: fc.constantFrom(undefined, '', 'Team Lumen'), programTitle: fc.constantFrom('', 'Study <together>'), zone: fc.constantFrom('UTC', 'Asia/Kathmandu'),
});
const invitee: fc.Arbitrary<InviteeContext> = fc.record({
  inviteeName: fc.option(name, { nil: undefined }), linkUrl: fc.webUrl(), unsubscribeUrl: fc.webUrl(), preferenceUrl: fc.option(fc.webUrl(), { nil: undefined }),
});

test('a letter to many is to the byte what each of them would get if it were written for them alone', () => {
  fc.assert(fc.property(shared, fc.array(invitee, { minLength: 2, maxLength: 4 }), (alike, invitees) => {
    const context: InviteContext = sampleContext(alike);
    const letter = inviteLetter(context);
    for (const own of invitees) expect(letter(own)).toEqual(renderPlainly({ ...context, ...own }));
  }), { seed: 5, numRuns: 400 });
});
