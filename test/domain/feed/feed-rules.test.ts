import { deepLinkProblem } from '../../../src/domain/feed/deep-link.ts';
import { isShown } from '../../../src/domain/feed/feed-item.ts';
import { feedItemsOfNotices } from '../../../src/domain/feed/feed-items-of-notices.ts';
import { sayNotice } from '../../../src/domain/feed/say-notice.ts';
import { makeId } from '../../../src/domain/ids.ts';
import { NOTICE_KINDS } from '../../../src/domain/notice/notice-kinds.ts';
import { referralNotices } from '../../../workflows/referral/copy.ts';

const programId = makeId('prg', 1_780_000_000_000, new Uint8Array(10).fill(1));
const memberId = makeId('mbr', 1_780_000_000_000, new Uint8Array(10).fill(1));
const whole = { visibleFrom: 100, expiresAt: 200, readAt: null, dismissedAt: null, withdrawnAt: null };

test.each([
  ['before its time', {}, 99, false], ['at its time', {}, 100, true], ['just before its end', {}, 199, true], ['at its end', {}, 200, false], ['read', { readAt: 120 }, 150, true],
  ['put away', { dismissedAt: 120 }, 150, false], ['taken back', { withdrawnAt: 120 }, 150, false], ['without an end', { expiresAt: null }, 1e12, true],
])('an item %s', (_what, changed, now, shown) => {
  expect(isShown({ ...whole, ...changed }, now)).toBe(shown);
});

test.each([
  ['/quotes/7', true], ['/', true], ['/a?b=c#d', true], ['https://app.kite.example/x', true], ['//evil.example', false], ['/\\evil.example', false], ['/a\nb', false], ['quotes', false], ['', false],
  ['javascript:alert(1)', false], ['https://evil.example/', false], ['https://app.kite.example@evil.example/', false], ['http://app.kite.example/', false],
])('a link %j may stand in an item: %s', (link, may) => {
  expect(deepLinkProblem(link, { publicUrl: 'https://flywheel.example', allowedDestinations: ['app.kite.example'] }) === null).toBe(may);
});

const values = { amount: '1000 EUR + 3 points', until: '2026-07-01T00:00:00Z', reason: 'operator' };
test.each(NOTICE_KINDS.flatMap((kind) => ['en', 'de', 'es', 'fr'].map((locale): [typeof kind, string] => [kind, locale])))('%s is said in %s, whole and short', (notice, locale) => {
  const { title, body, callToAction } = sayNotice({ kind: 'notice', notice, programId, values }, {
    book: referralNotices, unitTitles: new Map([['points', 'Kite points']]), locale, zone: 'Europe/Paris', programTitle: 'Bring a friend', tenantName: 'Kite Club',
  });
  for (const text of [title, body, callToAction]) {
    expect(text).toMatch(/\p{L}/u);
    expect(text).not.toMatch(/[{}]|undefined|null/);
  }
  expect(`${title}${body}`.length).toBeLessThan(650);
});

test('a notice is in the feed under its own key, with its own end, and is not pushed', () => {
  const notice = { key: 'rew_a:hold:0', kind: 'reward_held' as const, programId, memberId, values };
  expect(feedItemsOfNotices([notice, { ...notice, key: 'b', expiresAt: 5 }])).toEqual([
    { key: 'rew_a:hold:0', kind: 'notification', memberId, topic: 'referral_updates', content: { kind: 'notice', notice: 'reward_held', programId, values } },
    { key: 'b', kind: 'notification', memberId, topic: 'referral_updates', expiresAt: 5, content: { kind: 'notice', notice: 'reward_held', programId, values } },
  ]);
});
