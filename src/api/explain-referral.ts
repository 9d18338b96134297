import { z } from 'zod';
import { readReferralStory } from '../../db/read/referral-story.ts';
import { tellReferral } from '../domain/explain/referral/story.ts';
import { referralStoryBody, referralStoryOut } from './explain-referral-body.ts';
import { idIn } from './fields.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const explain = route({
  method: 'get',
  path: '/v1/referrals/{id}/explain',
  tag: 'Explain',
  summary: 'Tell a referral\'s whole story',
  description: 'From the visits that spoke for a referrer to the last transfer: what each claim was worth, what the app told, what was earned and held, released, taken back or refused with its reason, who decided what, and what it waits for now. It holds no address and no name.',
  params: z.strictObject({ id: idIn('ref') }),
  query: none,
  body: none,
  keyed: false,
  answers: { 200: referralStoryOut },
  problems: ['not_found'],
  async handle({ tx, now, params }) {
    const facts = await readReferralStory(tx, params.id);
    return facts === null ? problem('not_found') : { status: 200 as const, body: referralStoryBody(facts, tellReferral(facts, now), now) };
  },
});

export const explainReferralRoutes: readonly Route[] = [explain];
