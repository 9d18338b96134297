import { chooseWords } from '../../src/domain/message/choose-words.ts';
import { copyOverrideProblems } from '../../src/domain/message/copy-override.ts';
import type { CopyOverride, CopySet } from '../../src/domain/message/copy-override.ts';
import { canonicalTag, directionOf, fallbackTags } from '../../src/domain/message/locale-tags.ts';
import { renderInvite } from '../../src/domain/message/render-invite.ts';
import { inviteCopy } from '../../workflows/invite/copy.ts';
import { sampleContext } from './message-sample.ts';

const choose = (locale: string | null, override?: CopyOverride, step = 0) =>
  chooseWords({ book: inviteCopy, override, locale, by: 'tenant', relationship: null, step });

describe('a tag', () => {
  test.each([
    ['de', 'de'], ['DE_at', 'de-AT'], ['zh-hant-tw', 'zh-Hant-TW'], ['iw', 'he'], ['', null], [null, null], ['not a locale', null], ['constructor', null], ['__proto__', null],
  ])('%j is read as %j', (raw, tag) => {
    expect(canonicalTag(raw)).toBe(tag);
  });

  test.each([
    ['de-AT', ['de-AT', 'de']], ['zh-Hant-TW', ['zh-Hant-TW', 'zh-Hant', 'zh']], ['de-DE-u-co-phonebk', ['de-DE-u-co-phonebk', 'de-DE-u-co', 'de-DE', 'de']],
  ])('%s falls back part by part (RFC 4647, 3.4)', (tag, tags) => {
    expect(fallbackTags(tag)).toEqual(tags);
  });

  test.each([['ar', 'rtl'], ['he-IL', 'rtl'], ['ur', 'rtl'], ['az-Arab', 'rtl'], ['az', 'ltr'], ['pt-BR', 'ltr']])('%s is written %s', (tag, direction) => {
    expect(directionOf(tag)).toBe(direction);
  });
});

describe('words fall back field by field: the very locale, its language, every language, ours', () => {
  const override: CopyOverride = {
    subject: 'all', heading: 'all', preheader: 'all', reminder: { subject: 'all again' },
    locales: { de: { subject: 'de', heading: 'de' }, 'de-AT': { subject: 'de-AT' }, 'pt-BR': { subject: 'pt-BR', reminder: { heading: 'pt-BR again' } } },
  };

  test.each([
    ['de-AT', { subject: 'de-AT', heading: 'de', preheader: 'all' }],
    ['de_at', { subject: 'de-AT', heading: 'de', preheader: 'all' }],
    ['de-CH', { subject: 'de', heading: 'de', preheader: 'all' }],
    ['pt-BR', { subject: 'pt-BR', heading: 'all', preheader: 'all' }],
    ['pt-PT', { subject: 'all', heading: 'all', preheader: 'all' }],
    ['pt', { subject: 'all', heading: 'all', preheader: 'all' }],
    [null, { subject: 'all', heading: 'all', preheader: 'all' }],
  ])('for %s', (locale, words) => {
    expect(choose(locale, override).words).toMatchObject(words);
  });

  test('what the program leaves out everywhere is ours in the recipient\'s language, and each field says where it is from', () => {
    const { words, sources } = choose('de-AT', override);
    expect(words.callToAction).toBe(inviteCopy['de']?.byTenant.invite.callToAction);
    expect(sources).toEqual({
      subject: { by: 'program', locale: 'de-AT' }, heading: { by: 'program', locale: 'de' }, preheader: { by: 'program', locale: null },
      paragraphs: { by: 'flywheel', locale: 'de' }, callToAction: { by: 'flywheel', locale: 'de' },
    });
  });

  test('reminders fall back among the words for reminders alone', () => {
    expect(choose('pt-BR', override, 1).words).toMatchObject({ subject: 'all again', heading: 'pt-BR again' });
    expect(choose('de-AT', override, 1).words).toMatchObject({ subject: 'all again', heading: inviteCopy['de']?.byTenant.reminders[0].heading });
  });

  test('a program without words for locales is as it always was', () => {
    expect(choose('es-MX', { subject: 'all' }).words).toEqual({ ...inviteCopy['es']?.byTenant.invite, subject: 'all' });
    expect(choose('es-MX').words).toEqual(inviteCopy['es']?.byTenant.invite);
  });
});

describe('the sentences around', () => {
  const rendered = (locale: string | null, locales?: Record<string, CopySet>) => renderInvite(sampleContext({ locale, ...(locales === undefined ? {} : { override: { locales } }) }));

  test.each([
    ['de-AT', 'Diese Einladung ist bis zum 24. Juni 2026 offen.'], ['es-MX', 'Esta invitación está abierta hasta el 24 de junio de 2026.'],
    ['fr-CA', 'Cette invitation est ouverte jusqu’au 24 juin 2026.'], ['en-GB', 'This invitation is open until 24 June 2026.'], ['sv', 'This invitation is open until June 24, 2026.'], [null, 'This invitation is open until June 24, 2026.'],
  ])('are for %s in the closest language we ship, its dates in the recipient\'s manner', (locale, sentence) => {
    expect(rendered(locale).text).toContain(`\n${sentence}\n`);
  });

  test('French writes the first of a month as an ordinal', () => {
    expect(renderInvite(sampleContext({ locale: 'fr', expiresAt: Date.UTC(2026, 6, 1, 9) })).text).toContain('jusqu’au 1er juillet 2026.');
    expect(renderInvite(sampleContext({ locale: 'fr', expiresAt: Date.UTC(2026, 6, 11, 9) })).text).toContain('jusqu’au 11 juillet 2026.');
  });

  test('a program with words in a language we do not ship: its words in that language and its dates too, ours around them in English', () => {
    const { subject, text, html, locale } = rendered('it-CH', { it: { subject: 'Aperto fino al {{expiryDate}}', paragraphs: ['{{inviterName}} ti invita, fino al {{expiryDate}}.'] } });
    expect(subject).toBe('Aperto fino al 24 giugno 2026');
    expect(text).toContain('Ana ti invita, fino al 24 giugno 2026.');
    expect(text).toContain('This invitation is open until June 24, 2026.');
    expect(html).toContain('<html lang="it" dir="ltr">');
    expect(html).toContain('<p class="fw-text" lang="en" dir="ltr"');
    expect(locale).toMatchObject({ wanted: 'it-CH', furniture: 'en', dates: 'en', words: { subject: { by: 'program', locale: 'it' }, heading: { by: 'flywheel', locale: 'en' } } });
  });

  test('a language written from right to left turns the mail, and what is ours in it back', () => {
    const { html } = rendered('ar-EG', { ar: { heading: 'دعوة' } });
    expect(html).toContain('<html lang="ar" dir="rtl">');
    expect(html.match(/lang="en" dir="ltr"/g)).toHaveLength(4);
  });

  test('where the languages are the same, nothing says so twice', () => {
    const { html } = rendered('de-AT', { 'de-AT': { heading: 'Servus' } });
    expect(html).toContain('<html lang="de" dir="ltr">');
    expect(html.match(/ lang="/g)).toHaveLength(2);
  });
});

describe('words for locales are checked before they are saved', () => {
  const manyLocales = Object.fromEntries(Array.from({ length: 31 }, (_, n) => [`${String.fromCharCode(97 + Math.floor(n / 26))}${String.fromCharCode(97 + (n % 26))}`, { subject: 'x' }]));
  test.each<[string, CopyOverride, RegExp[]]>([
    ['good ones', { locales: { de: { subject: 'Komm, {{inviteeName}}' }, 'zh-Hant': { reminder: { heading: 'x' } }, 'es-419': { heading: 'x' } } }, []],
    ['none', { locales: {} }, []],
    ['another spelling', { locales: { pt_br: { subject: 'x' } } }, [/^locales\.pt_br: is to be written pt-BR$/]],
    ['an old tag', { locales: { iw: { subject: 'x' } } }, [/^locales\.iw: is to be written he$/]],
    ['no tag', { locales: { 'a b': { subject: 'x' } } }, [/^locales: "a b" is no language tag such as de/]],
    ['a tag that says more than a language', { locales: { 'de-DE-u-co-phonebk': { subject: 'x' } } }, [/is no language tag/]],
    ['no words', { locales: { de: {}, fr: { reminder: {} } } }, [/^locales\.de: holds no words/, /^locales\.fr: holds no words/]],
    ['an unknown placeholder', { locales: { 'pt-BR': { subject: 'Oi {{nome}}', reminder: { paragraphs: ['a', '{{x}}'] } } } }, [/^locales\.pt-BR\.subject: the placeholder \{\{nome\}\}/, /^locales\.pt-BR\.reminder\.paragraphs\[1\]: /]],
    ['words too long', { locales: { de: { callToAction: 'x'.repeat(41) } } }, [/^locales\.de\.callToAction: is 41/]],
    ['too many', { locales: manyLocales }, [/^locales: has 31; at most 30/]],
  ])('%s', (_what, override, problems) => {
    const found = copyOverrideProblems(override);
    expect(found).toHaveLength(problems.length);
    problems.forEach((problem, place) => expect(found[place]).toMatch(problem));
  });
});
