import { NOTICE_PLACEHOLDERS } from '../../src/domain/message/notice-copy.ts';
import { renderNotice, type NoticeContext } from '../../src/domain/message/render-notice.ts';
import { NOTICE_KINDS, type NoticeKind } from '../../src/domain/notice/notice-kinds.ts';
import type { NoticeValues } from '../../src/domain/notice/notice-values.ts';
import { REWARD_REASONS } from '../../src/domain/reward/reward-reasons.ts';
import { referralNotices } from '../../workflows/referral/copy.ts';

const LANGUAGES = ['en', 'de', 'es', 'fr'] as const;
/** What each kind is queued with: its words may name no more. */
const VALUES: Readonly<Record<NoticeKind, NoticeValues>> = {
  friend_signed_up: {}, friend_activated: {},
  reward_held: { amount: '1250 EUR', until: '2026-07-10T12:00:00.000Z' }, welcome_held: { amount: '1250 EUR', until: '2026-07-10T12:00:00.000Z' },
  milestone_reached: { amount: '1250 EUR + 3 points', until: '2026-07-10T12:00:00.000Z' },
  reward_released: { amount: '1250 EUR' }, welcome_released: { amount: '1250 EUR' },
  reward_taken_back: { amount: '1250 EUR', reason: 'not_eligible' },
};
const EVERY = LANGUAGES.flatMap((language) => NOTICE_KINDS.map((kind) => ({ language, kind })));

function render(kind: NoticeKind, more: Partial<NoticeContext> = {}) {
  return renderNotice({
    book: referralNotices, kind, values: VALUES[kind], unitTitles: new Map([['points', 'Kite points']]), locale: 'en', zone: 'Europe/Paris', recipientName: 'Clara',
    programTitle: 'Bring a friend', tenantName: 'Lumen', fromName: null, postalAddress: 'Lumen\n1 Rue Neuve\n75001 Paris',
    linkUrl: 'https://go.lumen.example/l/abc', unsubscribeUrl: 'https://go.lumen.example/u/abc', preferenceUrl: 'https://go.lumen.example/p/abc', ...more,
  });
}

test.each(EVERY)('$kind in $language is whole: no gap, no words of another language, all ways out, no line of an invitation', ({ language, kind }) => {
  const { text, html, subject, locale } = render(kind, { locale: language });
  expect(locale.furniture).toBe(language);
  expect(`${subject}${text}${html}`).not.toMatch(/\{\{|undefined|NaN|Invalid/);
  for (const url of ['/l/abc', '/u/abc', '/p/abc']) expect([text.includes(url), html.includes(url)]).toEqual([true, true]);
  expect(text).toContain('1 Rue Neuve');
  expect(text).toContain('Bring a friend');
  expect(subject.length).toBeLessThan(100);
  if (language !== 'en') expect(text.split('\n\n').filter((block) => render(kind).text.split('\n\n').includes(block) && !/^-+$|^https|Bring|Rue|Lumen\b/.test(block))).toEqual([]);
});

test.each(EVERY)('$kind in $language says all it carries, and shows amounts and dates as that language does', ({ language, kind }) => {
  const { subject, text } = render(kind, { locale: language });
  const { amount, until, reason } = VALUES[kind];
  const said = `${subject} ${text}`.replaceAll('\n', ' ');
  const expected = [
    amount === undefined ? [] : { en: '€12.50', de: '12,50 €', es: '12,50 €', fr: '12,50 €' }[language],
    until === undefined ? [] : { en: 'July 10, 2026', de: '10. Juli 2026', es: '10 de julio de 2026', fr: '10 juillet 2026' }[language],
    reason === undefined ? [] : referralNotices[language]?.reasons.not_eligible ?? [],
    amount?.includes('points') === true ? '3 Kite points' : [],
  ].flat();
  expect(expected.filter((words) => words === undefined || !said.includes(words))).toEqual([]);
});

test.each(LANGUAGES)('%s has its own words for every reason, and leaves open only what a notice knows', (language) => {
  const copy = referralNotices[language];
  expect(Object.keys(copy?.reasons ?? {}).toSorted()).toEqual(Object.keys(REWARD_REASONS).toSorted());
  const open = [...JSON.stringify(copy).matchAll(/\{\{(\w*)\}\}/g)].map(([, name]) => name);
  expect(open.filter((name) => !NOTICE_PLACEHOLDERS.some((known) => known === name))).toEqual([]);
});

test.each(EVERY)('a hostile title, name or unit in $kind ($language) stays text', ({ language, kind }) => {
  const evil = '<script>alert(1)</script>{{amount}}"\u202e\r\nBcc: x@y.example';
  const { subject, senderName, text, html } = render(kind, { locale: language, programTitle: evil, tenantName: evil, fromName: evil, recipientName: '<b>www.evil.example</b>', unitTitles: new Map([['points', evil]]) });
  expect(html).not.toContain('<script>alert');
  expect(html).not.toContain('<b>');
  for (const line of [subject, senderName]) expect(line).not.toMatch(/[\r\n\u202e]/);
  expect(`${text}${html}`).not.toContain('\u202e');
  expect(text).not.toContain('evil.example');
  // Filled once: what a title holds is not filled again.
  expect(text).toContain('{{amount}}');
});

test('a language that is not there is answered in English, a regional one in its language', () => {
  expect(render('friend_activated', { locale: 'ja' }).locale.furniture).toBe('en');
  expect(render('friend_activated', { locale: 'de-AT' }).locale).toMatchObject({ furniture: 'de', dates: 'de-AT' });
  expect(render('friend_activated', { locale: null }).locale.furniture).toBe('en');
});

test('nothing leaves without what it must not leave without', () => {
  expect(() => render('reward_held', { values: {} })).toThrow('amount');
  expect(() => render('reward_held', { postalAddress: ' ' })).toThrow('postal address');
  expect(() => render('reward_held', { tenantName: '\u200b' })).toThrow('name');
  expect(() => render('reward_held', { linkUrl: 'javascript:alert(1)' })).toThrow('web address');
});

test('money without decimals, with three, and of a unit nobody named is said as it is', () => {
  const said = (amount: string): string => render('reward_released', { values: { amount }, locale: 'en' }).subject;
  expect(said('1500 JPY')).toContain('¥1,500');
  expect(said('1500 KWD')).toMatch(/1\.500/);
  expect(said('12000 xp')).toContain('12,000 xp');
});
