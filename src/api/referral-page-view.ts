import { referralPageView } from '../../db/read/referral-page.ts';
import type { ReferralPageOwner, RewardOnPage } from '../../db/read/referral-page.ts';
import type { Tx } from '../../db/client.ts';
import type { TenantId } from '../domain/ids.ts';
import type { PageLanguage } from '../domain/preference/page-language.ts';
import { milestonesAhead } from '../domain/share/milestones-ahead.ts';
import { waitsFor } from '../domain/share/reward-shown.ts';
import { shareLinks, shareText } from '../domain/share/share-links.ts';
import { shareTexts } from '../domain/share/share-texts.ts';
import { linkUrl } from './link-body.ts';

/** All that a member may know of what became of the own link: for the page and for the API alike. */
export type ReferralView = Awaited<ReturnType<typeof loadReferralView>>;

/** Reads it at `now` (epoch ms), with the texts to share in `lang`. */
export async function loadReferralView(tx: Tx, { tenantId, owner, lang, now }: { tenantId: TenantId; owner: ReferralPageOwner; lang: PageLanguage; now: number }) {
  const { counts, rewards, totals, refusals, programs, unitTitles } = await referralPageView(tx, tenantId, owner.memberId);
  return {
    counts,
    totals,
    refusals,
    link: owner.code === null ? null : linkOf(owner.publicUrl, owner.code, lang, owner.tenantName),
    rewards: rewards.map((reward) => ({ ...reward, forWhat: forWhat(reward), waitsFor: waitsFor(reward, now) })),
    milestones: programs.flatMap(({ programTitle, milestones, ...reached }) =>
      milestonesAhead(milestones, reached).map((ahead) => ({ ...ahead, programTitle, unitTitle: unitTitles[ahead.unit] ?? null }))),
  };
}

function linkOf(publicUrl: string, code: string, lang: PageLanguage, tenantName: string) {
  const url = linkUrl(publicUrl, code);
  const shared = shareTexts(lang, { tenantName, url });
  return { url, code: inGroups(code), share: { ...shared, text: shareText(shared), links: shareLinks(shared) } };
}

/** Typed with or without its hyphens a code is the same. */
function inGroups(code: string): string {
  return code.match(/.{1,4}/g)?.join('-') ?? code;
}

function forWhat({ side, referral }: Pick<RewardOnPage, 'side' | 'referral'>): 'referral' | 'joining' | 'milestone' {
  if (!referral) return 'milestone';
  return side === 'referrer' ? 'referral' : 'joining';
}
