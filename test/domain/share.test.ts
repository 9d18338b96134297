import { PAGE_LANGUAGES } from '../../src/domain/preference/page-language.ts';
import { milestonesAhead } from '../../src/domain/share/milestones-ahead.ts';
import { waitsFor } from '../../src/domain/share/reward-shown.ts';
import type { OwnReward, WaitsFor } from '../../src/domain/share/reward-shown.ts';
import { SHARE_CHANNELS, shareLinks, shareText } from '../../src/domain/share/share-links.ts';
import { shareTexts } from '../../src/domain/share/share-texts.ts';

const NOW = Date.parse('2026-06-10T12:00:00Z');
const URL_SHARED = 'https://flywheel.example/l/2345bcdfgh2k2222';

describe('texts to share', () => {
  test('each language has a line, a subject and the link', () => {
    for (const lang of PAGE_LANGUAGES) {
      const shared = shareTexts(lang, { tenantName: 'Kite Club', url: URL_SHARED });
      expect(shared.line).toContain('Kite Club');
      expect(shared.subject).toContain('Kite Club');
      expect(shareText(shared).endsWith(` ${URL_SHARED}`)).toBe(true);
    }
  });

  test('a name with signs that mean something stays text in every link, also half a character', () => {
    const tenantName = `A&B "#?=%$& <x>\u{d83d}`;
    const shared = shareTexts('en', { tenantName, url: URL_SHARED });
    const links = shareLinks(shared);
    for (const channel of SHARE_CHANNELS) {
      expect(URL.canParse(links[channel])).toBe(true);
      expect(links[channel]).not.toMatch(/[\s"<>#]/);
    }
    const name = tenantName.replace('\u{d83d}', '\u{fffd}');
    expect(new URL(links.whatsapp).searchParams.get('text')).toBe(`I use ${name} and think you might like it too. This is my link: ${URL_SHARED}`);
    expect(new URL(links.x).searchParams.get('url')).toBe(URL_SHARED);
    expect(new URL(links.linkedin).searchParams.get('url')).toBe(URL_SHARED);
    expect([...new URL(links.email).searchParams.keys()]).toEqual(['subject', 'body']);
    expect(new URL(links.sms).searchParams.get('body')).toContain(URL_SHARED);
  });
});

test.each<[string, Partial<OwnReward>, WaitsFor]>([
  ['on hold', {}, { kind: 'hold', until: NOW + 1 }],
  ['its hold ends this instant', { holdUntil: NOW }, { kind: 'release' }],
  ['in dispute', { pausedBy: 'dispute' }, { kind: 'review' }],
  ['under review', { pausedBy: 'review', holdUntil: NOW - 1 }, { kind: 'review' }],
  ['free', { state: 'released' }, { kind: 'nothing' }],
  ['to be used', { state: 'released', expiresAt: NOW + 5 }, { kind: 'use', until: NOW + 5 }],
  ['in a payout', { state: 'released', expiresAt: NOW + 5, inPayout: true }, { kind: 'payout' }],
  ['free, and in dispute', { state: 'released', pausedBy: 'dispute', inPayout: true }, { kind: 'review' }],
  ['paid', { state: 'paid', expiresAt: NOW + 5 }, { kind: 'nothing' }],
  ['taken back', { state: 'voided', pausedBy: 'dispute' }, { kind: 'nothing' }],
])('a reward %s', (_what, reward, expected) => {
  expect(waitsFor({ state: 'held', pausedBy: null, holdUntil: NOW + 1, expiresAt: null, inPayout: false, ...reward }, NOW)).toEqual(expected);
});

test('of each milestone the next step is ahead, by what it counts; none after the last', () => {
  const tiers = [{ reached: 5, unit: 'EUR', amountMinor: 500 }, { reached: 1, unit: 'EUR', amountMinor: 100 }, { reached: 10, unit: 'points', amountMinor: 50 }];
  const rules = [{ key: 'a', counts: 'signed_up' as const, tiers }, { key: 'b', counts: 'activated' as const, tiers }, { key: 'c', counts: 'converted' as const, tiers }];
  expect(milestonesAhead(rules, { signedUp: 10, activated: 5, converted: 0 })).toEqual([
    { key: 'b', counts: 'activated', have: 5, reached: 10, unit: 'points', amountMinor: 50 },
    { key: 'c', counts: 'converted', have: 0, reached: 1, unit: 'EUR', amountMinor: 100 },
  ]);
});
