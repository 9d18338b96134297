import type { ReferralPageOwner } from '../../../db/read/referral-page.ts';
import type { PageLanguage } from '../../domain/preference/page-language.ts';
import type { ReferralView } from '../referral-page-view.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { signature } from './opt-out-pages.ts';
import { named } from './opt-out-words.ts';
import type { Page } from './page.ts';
import { sayer } from './referral-figures.ts';
import type { Sayer } from './referral-figures.ts';
import { qrCode } from './referral-qr.ts';
import { milestonesCard, rewardsCard } from './referral-rewards.ts';
import { REFERRAL_WORDS } from './referral-words.ts';
import type { ReferralWords } from './referral-sentences.ts';

export type ReferralPageShown = { owner: ReferralPageOwner; view: ReferralView; lang: PageLanguage };
type Link = NonNullable<ReferralView['link']>;

/** The member's page: the own link and what became of it. Works without its script, which only copies and shares. */
export function referralPage({ owner, view, lang }: ReferralPageShown): Omit<Page, 'style'> {
  const words = REFERRAL_WORDS[lang];
  const say = sayer(lang, owner.zone);
  const title = named(words.title, owner.tenantName);
  return {
    lang,
    title,
    body: html`<header><h1>${title}</h1>
<p class="lead">${words.intro}</p></header>
<p id="said" role="status" data-copied="${words.copied}" class="unseen"></p>
<div class="cols"><div class="col">
${view.link === null ? html`<section class="card"><p>${named(words.noLink, owner.tenantName)}</p></section>
` : html`${linkCard(view.link, words)}${shareCard(view.link, words)}`}${countsCard(view, words, say)}${milestonesCard(view, words, say)}</div><div class="col">
${rewardsCard(view, words, say)}</div></div>
<p class="note">${words.privacy}</p>
${signature(owner)}`,
  };
}

function linkCard({ url, code }: Link, words: ReferralWords): Html {
  return html`<section class="card" aria-labelledby="mine"><h2 id="mine">${words.linkHeading}</h2>
<label for="link">${words.link}</label>
<div class="with"><input id="link" readonly value="${url}"><button type="button" data-copy="${url}" hidden>${words.copyLink}</button></div>
<div class="mine"><div><p class="label">${words.code}</p>
<div class="with"><p class="code" translate="no">${code}</p><button type="button" class="plain" data-copy="${code}" hidden>${words.copyCode}</button></div>
<p class="hint">${words.codeHint}</p>
</div><figure>${qrCode(url, words.qr)}<figcaption>${words.qrHint}</figcaption></figure></div></section>
`;
}

function shareCard({ url, share }: Link, words: ReferralWords): Html {
  const { links, line, subject, text } = share;
  return html`<section class="card" aria-labelledby="ways"><h2 id="ways">${words.shareHeading}</h2>
<ul class="ways"><li><button type="button" id="share" class="first" data-title="${subject}" data-text="${line}" data-url="${url}" hidden>${words.share}</button></li>
<li><a href="${links.email}">${words.email}</a></li>
<li><a href="${links.sms}">${words.sms}</a></li>
<li><a href="${links.whatsapp}" target="_blank" rel="noopener noreferrer">WhatsApp</a></li>
<li><a href="${links.facebook}" target="_blank" rel="noopener noreferrer">Facebook</a></li>
<li><a href="${links.x}" target="_blank" rel="noopener noreferrer">X</a></li>
<li><a href="${links.linkedin}" target="_blank" rel="noopener noreferrer">LinkedIn</a></li>
<li><button type="button" data-copy="${text}" hidden>${words.copyText}</button></li></ul></section>
`;
}

function countsCard({ counts }: ReferralView, words: ReferralWords, say: Sayer): Html {
  const shown = [[words.visits, counts.visits], [words.signedUp, counts.signedUp], [words.activated, counts.activated], [words.converted, counts.converted]] as const;
  return html`<section class="card" aria-labelledby="counts"><h2 id="counts">${words.countsHeading}</h2>
<dl class="numbers">${shown.map(([label, count]) => html`<div><dt>${label}</dt><dd>${say.count(count)}</dd></div>`)}</dl></section>
`;
}

/** For programs that look at links ahead of people: opens nothing, leads on. `again`: the path to open. */
export function openReferralPage(lang: PageLanguage, again: string): Page {
  const { openHeading, open, openButton } = REFERRAL_WORDS[lang];
  return { lang, title: openHeading, body: html`<h1>${openHeading}</h1>
<p>${open}</p>
<p><a class="act" href="${again}">${openButton}</a></p>` };
}

/** For a token that was used, or that opens nothing (any more), whatever the reason. */
export function closedReferralPage(lang: PageLanguage, why: 'used' | 'over'): Page {
  const words = REFERRAL_WORDS[lang];
  const title = why === 'used' ? words.usedHeading : words.overHeading;
  return { lang, title, body: html`<h1>${title}</h1>
<p>${words.again}</p>` };
}
