import { z } from 'zod';
import { evaluateCourse } from './evaluate-course.ts';
import { idIn } from './fields.ts';
import { evaluateIn, evaluateOut } from './program-evaluate-body.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const evaluate = route({
  method: 'post',
  path: '/v1/programs/{id}/evaluate',
  tag: 'Rewards',
  summary: 'Try which rewards a course of events would give',
  description: 'Invent a referral: sign-up, first value, payments, refunds, disputes, each at its time. The answer says what would be earned and held until when, what would be refused and why, what refunds and disputes would take back, and what would be booked, by the rules that real events meet; also with terms that are not saved yet. It writes nothing, counts in no cap or budget, and needs no key for the request.',
  params: z.strictObject({ id: idIn('prg') }),
  query: none,
  body: evaluateIn,
  keyed: false,
  costs: { flow: 'previews' },
  answers: { 200: evaluateOut },
  problems: ['not_found', 'invalid_request', 'invalid_terms'],
  async handle({ params, body, ...call }) {
    const made = await evaluateCourse(call, params.id, body);
    return made.kind === 'problem' ? made : { status: 200, body: made.body };
  },
});

export const programEvaluateRoutes: readonly Route[] = [evaluate];
