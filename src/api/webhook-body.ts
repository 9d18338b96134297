import { z } from 'zod';
import type { AttemptView, DeliveryView, EndpointView } from '../../db/read/webhooks.ts';
import { ATTEMPT_OUTCOMES, DELIVERY_STATES, DISABLED_REASONS, isDeliveryState, type DeliveryState } from '../domain/webhook/delivery-states.ts';
import { isTypePattern } from '../domain/webhook/wanted-types.ts';
import { writeWebhookBody } from '../domain/webhook/write-body.ts';
import { idOut, instantOut, iso, isoOrNull, textIn } from './fields.ts';

const MOST_PATTERNS = 50;

const pattern = z.string().max(80).refine(isTypePattern, 'There is no such type. Give one of `GET /v1/webhook-types`, a family like `reward.*`, or `*`');
const eventTypesIn = z.array(pattern).min(1, 'Name at least one type, or leave it out for all').max(MOST_PATTERNS)
  .meta({ description: 'Which types it gets: `reward.paid`, a family like `reward.*`, or `*`' });
const urlIn = z.string().min(1, 'Must not be empty').max(2000).meta({ description: 'An `https://` address that is reached from the internet, without user and fragment' });
const descriptionIn = z.string().max(200).meta({ description: 'For you' });

export const newEndpointIn = z.strictObject({ url: urlIn, eventTypes: eventTypesIn.default(['*']), description: descriptionIn.default('') })
  .meta({ examples: [{ url: 'https://app.example.com/webhooks/flywheel', eventTypes: ['referral.*', 'reward.*'], description: 'Rewards service' }] });

export const endpointChangeIn = z.strictObject({
  url: urlIn.optional(),
  eventTypes: eventTypesIn.optional(),
  description: descriptionIn.optional(),
  enabled: z.boolean().optional().meta({ description: 'False: nothing is told to it, and what waits is canceled. True: it gets what is announced from now on' }),
}).meta({ examples: [{ eventTypes: ['reward.*', 'payout.*'] }] });

const named = <T extends string>(table: Readonly<Record<T, string>>): string => Object.entries<string>(table).map(([name, says]) => `\`${name}\`: ${says}`).join(' ');

const endpointFields = {
  id: idOut('whe'),
  url: z.string(),
  eventTypes: z.array(z.string()),
  description: z.string(),
  enabled: z.boolean(),
  disabledAt: instantOut.nullable(),
  disabledReason: z.enum(Object.keys(DISABLED_REASONS)).nullable().meta({ description: named(DISABLED_REASONS) }),
  failingSince: instantOut.nullable().meta({ description: 'The first failure after which nothing got through; null while all is well' }),
  oldSecretUntil: instantOut.nullable().meta({ description: 'Until then the secret before the last rotation signs, too' }),
  createdAt: instantOut,
};
export const endpointOut = z.object(endpointFields).meta({ id: 'WebhookEndpoint', description: 'Where events are told' });
export const endpointWithSecretOut = z.object({ ...endpointFields, secret: z.string().meta({ description: 'Verifies signatures: `whsec_` and base64. Shown this once' }) })
  .meta({ id: 'WebhookEndpointWithSecret', description: 'An endpoint with its new secret' });

export function endpointBody({ createdAt, disabledAt, failingSince, oldSecretUntil, ...endpoint }: EndpointView, now: number): z.input<typeof endpointOut> {
  return {
    ...endpoint,
    enabled: disabledAt === null,
    disabledAt: isoOrNull(disabledAt),
    failingSince: isoOrNull(failingSince),
    oldSecretUntil: isoOrNull(oldSecretUntil !== null && oldSecretUntil > now ? oldSecretUntil : null),
    createdAt: iso(createdAt),
  };
}

const deliveryFields = {
  id: idOut('whd'),
  endpointId: idOut('whe'),
  webhookId: z.string().meta({ description: 'The header `webhook-id`: the same at every try, and for every endpoint' }),
  type: z.string(),
  subjectId: z.string().meta({ description: 'What it is about' }),
  sequence: z.object({ of: z.string(), number: z.number().int() }).nullable().meta({ description: 'Orders the events of one referral: the larger number happened later' }),
  state: z.enum(Object.keys(DELIVERY_STATES)).meta({ description: named(DELIVERY_STATES) }),
  reason: z.string().nullable().meta({ description: 'Why the last try failed, or why there is none any more' }),
  lastStatus: z.number().int().nullable().meta({ description: 'What the endpoint answered last' }),
  attempts: z.number().int().min(0),
  nextAt: instantOut.nullable().meta({ description: 'When it is tried next; while it is under way, when it would be tried again if this worker were lost' }),
  createdAt: instantOut,
  endedAt: instantOut.nullable(),
};
export const deliveryOut = z.object(deliveryFields).meta({ id: 'WebhookDelivery', description: 'An event on its way to an endpoint' });

const attemptOut = z.object({
  n: z.number().int().min(1),
  at: instantOut,
  outcome: z.enum(ATTEMPT_OUTCOMES),
  reason: z.string().nullable(),
  status: z.number().int().nullable(),
  tookMs: z.number().int().min(0),
});
export const deliveryWithTriesOut = z.object({
  ...deliveryFields,
  body: z.string().meta({ description: 'What is posted, byte for byte' }),
  tries: z.array(attemptOut).meta({ description: 'A number that is missing was under way when its worker was lost' }),
}).meta({ id: 'WebhookDeliveryWithTries' });

export function deliveryBody({ eventId, sequenceOf, sequence, nextAt, createdAt, endedAt, ...delivery }: DeliveryView): z.input<typeof deliveryOut> {
  const { id, endpointId, type, subjectId, state, reason, lastStatus, attempts } = delivery;
  return {
    id, endpointId, webhookId: eventId, type, subjectId,
    sequence: sequenceOf === null || sequence === null ? null : { of: sequenceOf, number: sequence },
    state, reason, lastStatus, attempts,
    nextAt: isoOrNull(nextAt), createdAt: iso(createdAt), endedAt: isoOrNull(endedAt),
  };
}

export function deliveryWithTriesBody(delivery: DeliveryView & { at: number; data: Record<string, unknown>; tries: readonly AttemptView[] }): z.input<typeof deliveryWithTriesOut> {
  return { ...deliveryBody(delivery), body: writeWebhookBody(delivery), tries: delivery.tries.map(({ at, ...each }) => ({ ...each, at: iso(at) })) };
}

export const deliveryStateIn = z.string().transform((text, context): DeliveryState => {
  if (isDeliveryState(text)) return text;
  context.addIssue({ code: 'custom', message: `Give one of ${Object.keys(DELIVERY_STATES).join(', ')}` });
  return z.NEVER;
}).meta({ enum: Object.keys(DELIVERY_STATES) });

export const typeIn = textIn(80).meta({ description: 'One type, such as `reward.paid`' });
