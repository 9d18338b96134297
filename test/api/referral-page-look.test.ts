import qrcode from 'qrcode-generator';
import { SHARE_CHANNELS } from '../../src/domain/share/share-links.ts';
import { textOf } from '../../src/api/pages/html.ts';
import { renderPage } from '../../src/api/pages/page.ts';
import { sayer } from '../../src/api/pages/referral-figures.ts';
import { closedReferralPage, openReferralPage, referralPage } from '../../src/api/pages/referral-page.ts';
import { qrCode } from '../../src/api/pages/referral-qr.ts';
import { renderReferralPage } from '../../src/api/pages/referral-shell.ts';
import { REFERRAL_WORDS } from '../../src/api/pages/referral-words.ts';
import { PAGE_LANGUAGES } from '../../src/domain/preference/page-language.ts';
import { sampleOwner, sampleReward, sampleView } from '../support/referral-page-sample.ts';

const LIMIT_BYTES = 30_000;
const wholePage = (lang: (typeof PAGE_LANGUAGES)[number], view = sampleView(lang), owner = sampleOwner()): string => renderReferralPage(referralPage({ owner, view, lang }));

describe.each(PAGE_LANGUAGES)('in %s', (lang) => {
  test('every sentence is there, no place in one is left open, and the page says its language', () => {
    const text = wholePage(lang);
    expect(text).toContain(`<html lang="${lang}">`);
    expect(text.replace(/<style>[\s\S]*<\/style>|<script>[\s\S]*<\/script>/g, '')).not.toMatch(/\{\w+\}|undefined|null|NaN|\[object/);
    for (const page of [openReferralPage(lang, '/r/x'), closedReferralPage(lang, 'used'), closedReferralPage(lang, 'over')]) expect(renderPage(page)).not.toMatch(/<body>[\s\S]*\{\w+\}/);
  });

  test('the places of its sentences are those of the English ones', () => {
    const places = (words: unknown): string[] => (typeof words === 'string' ? [...words.matchAll(/\{\w+\}/g)].map(([place]) => place).toSorted()
      : Object.entries(words ?? {}).flatMap(([key, value]) => places(value).map((place) => `${key} ${place}`)).toSorted());
    expect(places(REFERRAL_WORDS[lang])).toEqual(places(REFERRAL_WORDS.en));
  });

  test('with as much on it as fits, and the longest titles, it stays under 30 KB', () => {
    const view = sampleView(lang);
    const title = 'Ein langer Titel '.repeat(7).slice(0, 120);
    const full = {
      ...view,
      rewards: Array.from({ length: 20 }, () => sampleReward({ programTitle: title, state: 'released', takenBackMinor: 500, waitsFor: { kind: 'use', until: 1_790_000_000_000 } })),
      refusals: Array.from({ length: 10 }, () => ({ programTitle: title, side: 'referrer' as const, reason: 'not_eligible' as const, earnedAt: 1_790_000_000_000 })),
      milestones: Array.from({ length: 5 }, (_all, n) => ({ programTitle: title, key: String(n), counts: 'converted' as const, have: 1, reached: 5, unit: 'EUR', amountMinor: 5_000, unitTitle: null })),
    };
    expect(Buffer.byteLength(wholePage(lang, full))).toBeLessThan(LIMIT_BYTES);
    expect(Buffer.byteLength(wholePage(lang))).toBeLessThan(LIMIT_BYTES);
  });
});

test('hostile names, titles and units stay text, in the page, its links and what its buttons copy', () => {
  const nasty = `"><script>alert(1)</script>'</ul></button><u a="`;
  const view = sampleView('en', nasty);
  const [reward] = view.rewards;
  const text = wholePage('en', {
    ...view,
    rewards: reward === undefined ? [] : [{ ...reward, programTitle: nasty, unit: 'passes', unitTitle: nasty }],
    refusals: view.refusals.map((refusal) => ({ ...refusal, programTitle: nasty })),
    milestones: view.milestones.map((milestone) => ({ ...milestone, programTitle: nasty, unit: 'passes', unitTitle: nasty })),
  }, sampleOwner({ tenantName: nasty, fromName: nasty, postalAddress: nasty }));
  expect(text.match(/<script/g)).toHaveLength(1);
  expect(text).not.toContain('<u a=');
  expect(text.match(/<button/g)?.length).toBe(wholePage('en').match(/<button/g)?.length);
  expect(text).toContain('&quot;&gt;&lt;script&gt;');
});

test('what needs the script is hidden until it has run; all else works without it', () => {
  const text = wholePage('en');
  for (const [button] of text.matchAll(/<button [^>]*>/g)) expect(button).toContain(' hidden>');
  expect(text.match(/<a href="(mailto|sms|https):/g)).toHaveLength(SHARE_CHANNELS.length);
  expect(text).toContain('<label for="link">');
});

test('each field, picture, bar and part of the page has a name that is read out', () => {
  const text = wholePage('en');
  const ids = new Set([...text.matchAll(/ id="([\w-]+)"/g)].map(([, id]) => id));
  for (const [, id] of text.matchAll(/ (?:aria-labelledby|for)="([\w-]+)"/g)) expect(ids).toContain(id);
  expect(text.match(/<section /g)?.length).toBe(text.match(/<section [^>]*aria-labelledby=/g)?.length);
  expect(text.match(/<progress /g)?.length).toBe(text.match(/<progress [^>]*aria-labelledby=/g)?.length);
  expect(text).toContain('<p id="said" role="status"');
  expect(text.match(/<h1>/g)).toHaveLength(1);
});

test('the QR code draws every module of the address and a white edge of four', () => {
  const url = 'https://flywheel.example/l/5xk2p9vmr7c2t4hd';
  const code = qrcode(0, 'M');
  code.addData(url, 'Byte');
  code.make();
  const svg = textOf(qrCode(url, 'QR'));
  const dark = new Set<string>();
  for (const [, x, y, width] of svg.matchAll(/M(\d+) (\d+)\.5h(\d+)/g)) for (let n = 0; n < Number(width); n += 1) dark.add(`${String(Number(y) - 4)} ${String(Number(x) + n - 4)}`);
  const count = code.getModuleCount();
  expect(svg).toContain(`viewBox="0 0 ${String(count + 8)} ${String(count + 8)}"`);
  for (let row = 0; row < count; row += 1) for (let column = 0; column < count; column += 1) expect([row, column, dark.has(`${String(row)} ${String(column)}`)]).toEqual([row, column, code.isDark(row, column)]);
});

test.each<[number, string, string | null, string]>([
  [123_456, 'EUR', null, '€1,234.56'], [1_234, 'JPY', null, '¥1,234'], [1_234, 'KWD', null, 'KWD 1.234'], [50_000, 'MGA', null, 'MGA 500.00'], [12_000, 'points', 'points', '12,000 points'], [3, 'passes', null, '3 passes'],
])('%d %s is shown by its own decimals', (amountMinor, unit, title, shown) => {
  expect(sayer('en', 'Europe/Paris').amount(amountMinor, unit, title).replaceAll('\u{a0}', ' ')).toBe(shown);
});

test('a day is the member\'s own', () => {
  const at = Date.parse('2026-06-10T22:30:00Z');
  expect([sayer('en', 'Europe/Paris').date(at), sayer('en', 'America/New_York').date(at), sayer('de', 'Europe/Paris').date(at)]).toEqual(['June 11, 2026', 'June 10, 2026', '11. Juni 2026']);
});
