import { z } from 'zod';
import { planSend } from '../domain/send-time/plan-send.ts';
import { instantIn, iso } from './fields.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';
import { sendRulesIn } from './send-rules.ts';

const preview = route({
  method: 'post',
  path: '/v1/send-times/preview',
  tag: 'Send times',
  summary: 'When would a message leave under these rules?',
  description: 'Plans one message with the function that plans real sends, and changes nothing. Every outcome is a 200, `invalid` and `never` included; a 400 means that the body itself does not fit.',
  params: none,
  query: none,
  body: z.strictObject({
    now: instantIn,
    zone: z.string().nullish().meta({ description: 'The recipient\'s IANA zone, or null when it is not known' }),
    rules: sendRulesIn,
  }).meta({
    examples: [{
      now: '2026-06-11T03:30:00Z',
      zone: 'America/New_York',
      rules: { layers: [{ label: 'waking hours', windows: [{ start: '08:00', end: '21:00' }] }], blackoutDates: ['2026-06-19'] },
    }],
  }),
  keyed: false,
  answers: {
    200: z.object({
      outcome: z.enum(['send_now', 'deferred', 'dropped', 'expired', 'never', 'invalid']),
      sendAt: z.iso.datetime().nullable(),
      why: z.string().meta({ description: 'The reason, for people' }),
    }).meta({ id: 'SendPlan', description: 'When the message would leave, or why it would not' }),
  },
  problems: [],
  handle({ body }) {
    const plan = planSend({ now: body.now, zone: body.zone ?? null, rules: body.rules });
    const { outcome, why } = plan;
    return Promise.resolve({ status: 200, body: { outcome, sendAt: plan.sendAt === null ? null : iso(plan.sendAt), why } });
  },
});

export const sendTimeRoutes: readonly Route[] = [preview];
