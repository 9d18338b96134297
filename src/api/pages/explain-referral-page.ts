import { amountText } from '../../domain/money/amount-text.ts';
import type { ReferralEntryKind } from '../../domain/explain/referral/entry.ts';
import type { ReferralStoryFacts, RewardStoryFact } from '../../domain/explain/referral/facts.ts';
import type { ReferralStory } from '../../domain/explain/referral/story.ts';
import { capitalized } from '../../domain/explain/say-code.ts';
import { runWorkflowId } from '../../../workflows/kit/contract.ts';
import { clockFor, utcText } from '../../domain/explain/when.ts';
import type { StoryPage } from './explain-shell.ts';
import { itemOf, nextItem, pairs } from './explain-timeline.ts';
import type { Tone } from './explain-timeline.ts';
import { wordsOf } from './explain-words.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';

const TONES: Readonly<Record<ReferralEntryKind, Tone>> = {
  claimed: 'plain', signed_up: 'good', credited: 'good', not_credited: 'plain', first_value: 'good', plan_upgraded: 'good', paid: 'good', refunded: 'bad', refund_failed: 'good', disputed: 'hold', dispute_ended: 'plain',
  held: 'wait', not_given: 'bad', paused: 'hold', resumed: 'plain', released: 'good', reduced: 'bad', taken_back: 'bad', redeemed: 'good', expired: 'plain', in_payout: 'wait', paid_out: 'good', not_paid_out: 'bad',
  run_began: 'plain', run_ended: 'plain', decided: 'plain',
};
const STATES: Readonly<Record<ReferralStoryFacts['referral']['state'], { name: string; tone: Tone }>> = {
  attributed: { name: 'Signed up', tone: 'wait' },
  activated: { name: 'Activated', tone: 'wait' },
  qualified: { name: 'Paid', tone: 'wait' },
  rewarded: { name: 'Rewarded', tone: 'good' },
  voided: { name: 'Voided', tone: 'bad' },
};

/** One referral's story as a page: how it stands, what it waits for, its rewards, then what happened. */
export function explainReferralPage({ facts, story, now }: { facts: ReferralStoryFacts; story: ReferralStory; now: number }): StoryPage {
  const { referral } = facts;
  const clock = clockFor([], now);
  const { name, tone } = STATES[referral.state];
  const badge = story.now.paused ? `${name}, paused` : name;
  const items = story.entries.map((entry, index) => itemOf(entry, story.entries[index - 1], TONES[entry.kind], clock));
  return {
    title: `${badge}: ${referral.id}`,
    body: html`<section class="card now ${story.now.paused ? 'hold' : tone}">
<p class="top"><span class="badge">${badge}</span> <span class="soft">Referral <code>${referral.id}</code></span></p>
<p class="eyebrow">What it waits for now</p>
<h1>${wordsOf(`${capitalized(story.now.waitsFor)}.`)}</h1>
${rewardsOf(facts.rewards)}
</section>
<section class="card">
<h2>What happened</h2>
<p class="soft">Oldest first. Times are in UTC.</p>
<ol class="line">
${story.now.nextAt === null ? items : [...items, nextItem(story.now.nextAt, 'its run looks again', clock)]}
</ol>
</section>
<section class="card">
<h2>Where to look further</h2>
${pairs(whereToLook(facts))}
</section>
<p class="closing">As of ${utcText(now, now)} UTC. This page opened once and is not kept: loading it again needs a new link. It holds no address and no name.</p>`,
  };
}

function rewardsOf(rewards: readonly RewardStoryFact[]): Html {
  if (rewards.length === 0) return html``;
  return pairs(rewards.map(({ side, ruleKey, unit, grantedMinor, takenBackMinor, state, pausedBy }) => [
    `${capitalized(side)}, ${ruleKey.replaceAll('_', ' ')}`,
    `${amountText(grantedMinor - takenBackMinor, unit)} ${pausedBy === null ? state : `paused by a ${pausedBy}`}${takenBackMinor === 0 ? '' : ` (of ${amountText(grantedMinor, unit)})`}`,
  ]));
}

function whereToLook({ referral, run }: ReferralStoryFacts): (readonly [string, string])[] {
  return [
    ['Temporal workflow', run === null ? 'it never had one' : runWorkflowId({ loop: 'referral', runId: referral.id, generation: run.generation })],
    ['Program', `${referral.programTitle} · ${referral.programId}, version ${String(referral.programVersion)}`],
    ['Referrer', referral.referrerId],
    ['Referee', referral.refereeId],
    ['The same as JSON', `GET /v1/referrals/${referral.id}/explain`],
  ];
}
