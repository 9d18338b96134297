import type { ReferralPageOwner } from '../../db/read/referral-page.ts';
import type { ReferralPageShown } from '../../src/api/pages/referral-page.ts';
import { makeId } from '../../src/domain/ids.ts';
import { shareLinks, shareText } from '../../src/domain/share/share-links.ts';
import { shareTexts } from '../../src/domain/share/share-texts.ts';
import type { PageLanguage } from '../../src/domain/preference/page-language.ts';

const NOON = Date.parse('2026-06-10T12:00:00Z');
const DAY_MS = 86_400_000;

type View = ReferralPageShown['view'];
type Reward = View['rewards'][number];

const URL_SHARED = 'https://flywheel.example/l/5xk2p9vmr7c2t4hd';

export function sampleOwner(more: Partial<ReferralPageOwner> = {}): ReferralPageOwner {
  return {
    memberId: makeId('mbr', NOON, new Uint8Array(10)), tenantName: 'Kite Club', fromName: 'Kite Club', postalAddress: 'Kite Club, 1 Beach Road, 1000 Town',
    publicUrl: 'https://flywheel.example', locale: null, zone: 'Europe/Paris', code: '5xk2p9vmr7c2t4hd', ...more,
  };
}

export function sampleReward(more: Partial<Reward> = {}): Reward {
  return {
    programTitle: 'Bring a friend', side: 'referrer', referral: true, forWhat: 'referral', unit: 'EUR', unitTitle: null, grantedMinor: 1_500, takenBackMinor: 0, state: 'held',
    pausedBy: null, reason: null, earnedAt: NOON - 3 * DAY_MS, holdUntil: NOON + 27 * DAY_MS, expiresAt: null, inPayout: false, waitsFor: { kind: 'hold', until: NOON + 27 * DAY_MS }, ...more,
  };
}

/** One of everything that the page can show. */
export function sampleView(lang: PageLanguage, tenantName = 'Kite Club'): View {
  const shared = shareTexts(lang, { tenantName, url: URL_SHARED });
  return {
    counts: { visits: 1_284, signedUp: 37, activated: 21, converted: 9 },
    link: { url: URL_SHARED, code: '5xk2-p9vm-r7c2-t4hd', share: { ...shared, text: shareText(shared), links: shareLinks(shared) } },
    totals: [
      { state: 'held', unit: 'EUR', unitTitle: null, amountMinor: 3_000, count: 2 }, { state: 'released', unit: 'EUR', unitTitle: null, amountMinor: 4_250, count: 3 },
      { state: 'paid', unit: 'EUR', unitTitle: null, amountMinor: 12_000, count: 8 }, { state: 'released', unit: 'passes', unitTitle: 'class passes', amountMinor: 2, count: 2 },
    ],
    rewards: [
      sampleReward(),
      sampleReward({ pausedBy: 'dispute', waitsFor: { kind: 'review' } }),
      sampleReward({ state: 'released', grantedMinor: 2_000, takenBackMinor: 750, waitsFor: { kind: 'nothing' }, earnedAt: NOON - 40 * DAY_MS }),
      sampleReward({ state: 'released', forWhat: 'milestone', referral: false, unit: 'passes', unitTitle: 'class passes', grantedMinor: 1, waitsFor: { kind: 'use', until: NOON + 60 * DAY_MS } }),
      sampleReward({ state: 'released', inPayout: true, waitsFor: { kind: 'payout' } }),
      sampleReward({ state: 'held', waitsFor: { kind: 'release' } }),
      sampleReward({ state: 'paid', waitsFor: { kind: 'nothing' } }),
      sampleReward({ state: 'voided', takenBackMinor: 1_500, reason: 'not_eligible', waitsFor: { kind: 'nothing' } }),
      sampleReward({ state: 'expired', forWhat: 'joining', side: 'referee', waitsFor: { kind: 'nothing' } }),
    ],
    refusals: [{ programTitle: 'Bring a friend', side: 'referrer', reason: 'cap_reached', earnedAt: NOON - DAY_MS }, { programTitle: 'Bring a friend', side: 'referrer', reason: 'self_referral', earnedAt: NOON - 9 * DAY_MS }],
    milestones: [
      { programTitle: 'Bring a friend', key: 'm', counts: 'converted', have: 9, reached: 10, unit: 'EUR', amountMinor: 5_000, unitTitle: null },
      { programTitle: 'Bring a friend', key: 'n', counts: 'signed_up', have: 37, reached: 50, unit: 'passes', amountMinor: 3, unitTitle: 'class passes' },
    ],
  };
}
