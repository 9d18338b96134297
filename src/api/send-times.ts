import { z } from 'zod';
import { LAW_CHANNELS } from '../domain/law/law-book.ts';
import { planSend } from '../domain/send-time/plan-send.ts';
import { instantIn, iso } from './fields.ts';
import { bindByLaw, recipientIn } from './preview-law.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';
import { sendRulesIn } from './send-rules.ts';

const lawOut = z.object({
  id: z.string(),
  title: z.string(),
  source: z.object({ title: z.string(), url: z.string() }),
  edition: z.string().meta({ description: 'The edition of the law book it was taken from' }),
}).meta({ id: 'LawRule', description: 'A rule of law that binds this recipient' });

const preview = route({
  method: 'post',
  path: '/v1/send-times/preview',
  tag: 'Send times',
  summary: 'When would a message leave under these rules?',
  description: 'Plans one message with the function that plans real sends, and changes nothing. With a `recipient` the law of their place counts too, all candidates\' where it is uncertain, and the answer names its rules; without one only the given rules count. Every outcome is a 200, `invalid` and `never` included; a 400 means that the body itself does not fit.',
  params: none,
  query: none,
  body: z.strictObject({
    now: instantIn,
    zone: z.string().nullish().meta({ description: 'The recipient\'s IANA zone, or null when it is not known' }),
    rules: sendRulesIn,
    recipient: recipientIn.optional(),
    channel: z.enum(LAW_CHANNELS).optional().meta({ description: 'Beside a recipient: by which way it leaves, `email` when left out' }),
  }).meta({
    examples: [{
      now: '2026-06-11T03:30:00Z',
      zone: 'America/New_York',
      rules: { layers: [{ label: 'waking hours', windows: [{ start: '08:00', end: '21:00' }] }], blackoutDates: ['2026-06-19'] },
    }],
  }),
  keyed: false,
  costs: { flow: 'previews' },
  answers: {
    200: z.object({
      outcome: z.enum(['send_now', 'deferred', 'dropped', 'expired', 'never', 'invalid']),
      sendAt: z.iso.datetime().nullable(),
      why: z.string().meta({ description: 'The reason, for people' }),
      law: z.array(lawOut).optional().meta({ description: 'Beside a recipient: the rules of law that bind, none for a transactional message' }),
    }).meta({ id: 'SendPlan', description: 'When the message would leave, or why it would not' }),
  },
  problems: [],
  async handle({ body, tx }) {
    const { now, zone = null, recipient, channel = 'email' } = body;
    const bound = recipient === undefined ? null : await bindByLaw(tx, { rules: body.rules, zone, recipient, channel });
    const plan = planSend({ now, zone, rules: bound?.rules ?? body.rules });
    const { outcome, why } = plan;
    return {
      status: 200,
      body: { outcome, sendAt: plan.sendAt === null ? null : iso(plan.sendAt), why, ...(bound === null ? {} : { law: bound.law }) },
    };
  },
});

export const sendTimeRoutes: readonly Route[] = [preview];
