import type { RewardState } from '../../domain/reward/reward-state.ts';
import type { ReferralView } from '../referral-page-view.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import type { Sayer } from './referral-figures.ts';
import type { ReferralWords } from './referral-sentences.ts';

type Reward = ReferralView['rewards'][number];

/** Sums by state, then the latest rewards with what each waits for, then what was not given, and why. */
export function rewardsCard({ rewards, totals, refusals }: ReferralView, words: ReferralWords, say: Sayer): Html {
  return html`<section class="card" aria-labelledby="rewards"><h2 id="rewards">${words.rewardsHeading}</h2>
${rewards.length === 0 ? html`<p class="soft">${words.noRewards}</p>
` : ''}${totals.length === 0 ? '' : html`<dl class="numbers sums">${totals.flatMap((total) => (isSummed(total.state) ? [html`<div><dt>${words.totals[total.state]}</dt><dd>${say.amount(total.amountMinor, total.unit, total.unitTitle)}</dd></div>`] : []))}</dl>
`}${rewards.length === 0 ? '' : html`<ul class="list">${rewards.map((reward) => rewardItem(reward, words, say))}</ul>
`}${refusals.length === 0 ? '' : html`<h3>${words.refusedHeading}</h3>
<ul class="list">${refusals.map(({ programTitle, reason, earnedAt }) => html`<li><div class="row"><span>${programTitle}</span><span class="soft">${say.date(earnedAt)}</span></div><p class="soft">${words.reasons[reason]}</p></li>
`)}</ul>`}</section>
`;
}

function isSummed(state: RewardState): state is keyof ReferralWords['totals'] {
  return state === 'held' || state === 'released' || state === 'redeemed' || state === 'paid';
}

function rewardItem(reward: Reward, words: ReferralWords, say: Sayer): Html {
  const { unit, unitTitle, grantedMinor, takenBackMinor, state, programTitle, earnedAt } = reward;
  const left = takenBackMinor < grantedMinor ? grantedMinor - takenBackMinor : grantedMinor;
  const amount = (amountMinor: number): string => say.amount(amountMinor, unit, unitTitle);
  return html`<li><div class="row"><span class="amount">${amount(left)}</span><span class="state ${toneOf(state)}">${words.states[state]}</span></div>
<p class="soft">${programTitle}, ${forWhat(reward, words)} · ${say.date(earnedAt)}</p>
${notesOf(reward, words, say).map((note) => html`<p>${note}</p>
`)}${takenBackMinor > 0 && takenBackMinor < grantedMinor
    ? html`<p>${words.partTaken.replaceAll('{granted}', () => amount(grantedMinor)).replaceAll('{taken}', () => amount(takenBackMinor))}</p>` : ''}</li>
`;
}

/** What it waits for, or why it was taken back. */
function notesOf({ state, reason, waitsFor }: Reward, words: ReferralWords, say: Sayer): string[] {
  if (state === 'voided' || state === 'reversed') return [reason === null ? words.otherReason : words.reasons[reason]];
  switch (waitsFor.kind) {
    case 'hold':
    case 'use': return [words.waits[waitsFor.kind].replaceAll('{date}', () => say.date(waitsFor.until))];
    case 'review':
    case 'release':
    case 'payout': return [words.waits[waitsFor.kind]];
    case 'nothing': return [];
  }
}

function forWhat({ forWhat: what }: Reward, words: ReferralWords): string {
  switch (what) {
    case 'referral': return words.forReferral;
    case 'joining': return words.forJoining;
    case 'milestone': return words.forMilestone;
  }
}

function toneOf(state: RewardState): string {
  switch (state) {
    case 'held': return 'hold';
    case 'released': return 'good';
    case 'redeemed':
    case 'paid': return 'done';
    case 'voided':
    case 'expired':
    case 'reversed': return 'bad';
  }
}

/** What is to be reached next, and what it gives. */
export function milestonesCard({ milestones }: ReferralView, words: ReferralWords, say: Sayer): Html | string {
  if (milestones.length === 0) return '';
  return html`<section class="card" aria-labelledby="goals"><h2 id="goals">${words.milestonesHeading}</h2>
<ul class="list">${milestones.map(({ have, reached, counts, unit, unitTitle, amountMinor, programTitle }, place) => html`<li><div class="row"><span class="amount">${say.amount(amountMinor, unit, unitTitle)}</span><span id="goal-${place}">${words.milestone.replaceAll('{have}', () => say.count(have)).replaceAll('{reached}', () => say.count(reached))} ${words.milestoneCounts[counts]}</span></div>
<progress max="${reached}" value="${have}" aria-labelledby="goal-${place}"></progress>
<p class="soft">${programTitle}</p></li>
`)}</ul></section>
`;
}
