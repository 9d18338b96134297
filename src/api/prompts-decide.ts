import { destinationRules } from '../../db/read/link-owner.ts';
import { offerPrompts, type Moment, type Offered } from '../../db/write/prompts/offer-prompts.ts';
import { defaultDestination } from '../domain/link/default-destination.ts';
import { canonicalTag } from '../domain/message/locale-tags.ts';
import { namedOwner } from './feed-owner.ts';
import { problem } from './problems.ts';
import { decisionOut, momentIn, noneBody, promptBody } from './prompts-body.ts';
import { loopsForMoment, sayOffer } from './prompt-words.ts';
import { groupedRoute } from './group-routes.ts';
import { togetherOrAlone } from './together-or-alone.ts';

export const decide = groupedRoute({
  method: 'post',
  path: '/v1/prompts/decide',
  tag: 'Prompts',
  summary: 'Tell of a moment, and hear what to offer',
  description: 'Answers an offer to show, or `none` with its reason: no loop fits, the member was asked often enough, dismissed one, ignored several, is a minor. Asked again with the same `momentId` it answers the same offer. '
    + 'Of several loops that fit, the one with the highest expected value: how often it was accepted when shown, times what that is worth. Takes no part of Temporal.',
  body: momentIn,
  browser: true,
  answers: { 200: decisionOut },
  problems: ['invalid_request', 'not_found'],
  async ask({ body: { moment, momentId, data, locale, externalId, memberId }, ...asking }) {
    const owner = namedOwner(asking, { externalId, memberId });
    if (owner.kind === 'problem') return owner;
    const told = canonicalTag(locale);
    const { offered, home } = await decideTogether(asking.services, asking.tenantId, {
      member: owner.member, moment, momentId, data, loops: loopsForMoment(moment),
      say: (decision, own) => sayOffer(decision.candidate.loop, decision.variant, told ?? own, data),
    });
    switch (offered.outcome) {
      case 'unknown_member': return problem('not_found');
      case 'none': return { status: 200 as const, body: noneBody(offered.decision.reason, offered.decision.until) };
      case 'offered': return { status: 200 as const, body: { decision: 'prompt' as const, prompt: promptBody(offered.prompt, home) } };
    }
  },
});

/** `home`: where an offer leads whose program says nothing. */
type Decided = { readonly offered: Offered; readonly home: string };

/** Moments of one tenant that are told at the same time are decided in one transaction. */
const decideTogether = togetherOrAlone(async ({ tx, tenantId, now }, moments: readonly Moment[]): Promise<Decided[]> => {
  const { offers, home } = await offerPrompts(tx, { tenantId, moments, now });
  const leadsTo = defaultDestination(home ?? (await destinationRules(tx, tenantId)));
  return offers.map((offered) => ({ offered, home: leadsTo }));
});
