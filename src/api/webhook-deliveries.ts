import { z } from 'zod';
import { listDeliveries, readDelivery, readEndpoint } from '../../db/read/webhooks.ts';
import { MOST_SENT_AGAIN, sendOneAgain, sendRangeAgain, sendTest } from '../../db/write/webhooks/send-again.ts';
import { isId } from '../domain/ids.ts';
import { WEBHOOK_TYPES } from '../domain/webhook/types.ts';
import { typesWanted } from '../domain/webhook/wanted-types.ts';
import { idIn, instantIn, instantOut, isoOrNull } from './fields.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Call, Route } from './route.ts';
import { deliveryBody, deliveryOut, deliveryStateIn, deliveryWithTriesBody, deliveryWithTriesOut, typeIn } from './webhook-body.ts';

const tag = 'Webhooks';
const LIST = 'webhook-deliveries';

const endpointIdIn = z.string().transform((text, context) => {
  if (isId('whe', text)) return text;
  context.addIssue({ code: 'custom', message: 'This is no whe_ id' });
  return z.NEVER;
}).meta({ description: 'An id that begins with `whe_`' });

const list = route({
  method: 'get',
  path: '/v1/webhook-deliveries',
  tag,
  summary: 'List deliveries of webhooks, newest first',
  description: 'All of the last 30 days, or those of one endpoint, state or type.',
  params: none,
  query: z.strictObject({ ...pageQuery, endpointId: endpointIdIn.optional(), state: deliveryStateIn.optional(), type: typeIn.optional() }),
  body: none,
  keyed: false,
  answers: { 200: pageOf(deliveryOut) },
  problems: ['invalid_cursor'],
  async handle({ tx, tenantId, query: { limit, cursor, ...filter } }) {
    const after = readCursor(LIST, cursor, ([id = '', ...more]) => isId('whd', id) && more.length === 0);
    if (after === null) return problem('invalid_cursor');
    const rows = await listDeliveries(tx, tenantId, { after: after?.[0] ?? null, limit: limit + 1, filter });
    return { status: 200, body: makePage(LIST, rows, limit, { item: deliveryBody, after: ({ id }) => [id] }) };
  },
});

const get = route({
  method: 'get',
  path: '/v1/webhook-deliveries/{id}',
  tag,
  summary: 'Read a delivery with its tries and what it says',
  description: 'Each try with what came of it. What endpoints answer is not kept beyond the status.',
  params: z.strictObject({ id: idIn('whd') }),
  query: none,
  body: none,
  keyed: false,
  answers: { 200: deliveryWithTriesOut },
  problems: ['not_found'],
  async handle({ tx, params }) {
    const delivery = await readDelivery(tx, params.id);
    return delivery === null ? problem('not_found') : { status: 200, body: deliveryWithTriesBody(delivery) };
  },
});

const resendOne = route({
  method: 'post',
  path: '/v1/webhook-deliveries/{id}/resend',
  tag,
  summary: 'Send a delivery again',
  description: 'At once, with the same `webhook-id`, also one that arrived; its schedule of tries begins anew.',
  params: z.strictObject({ id: idIn('whd') }),
  query: none,
  body: none,
  keyed: true,
  answers: { 202: deliveryOut },
  problems: ['not_found', 'webhook_endpoint_disabled'],
  async handle({ tx, tenantId, now, params: { id } }) {
    const before = await readDelivery(tx, id);
    if (before === null) return problem('not_found');
    const endpoint = await readEndpoint(tx, before.endpointId);
    if (endpoint === null || endpoint.disabledAt !== null) return problem('webhook_endpoint_disabled');
    await sendOneAgain(tx, { tenantId, id, now });
    return { status: 202, body: deliveryBody(await deliveryThatIs(tx, id)) };
  },
});

const resendRange = route({
  method: 'post',
  path: '/v1/webhook-endpoints/{id}/resend',
  tag,
  summary: 'Send a range of time again',
  description: 'Makes due for this endpoint what was announced in the range and fits its types: what failed, was canceled, or was never sent to it, as while it was disabled; with `which: "all"` also what arrived. '
    + `Each keeps its \`webhook-id\`. One request takes the oldest ${String(MOST_SENT_AGAIN)}; with more, \`goesOnFrom\` is the \`from\` of the next.`,
  params: z.strictObject({ id: idIn('whe') }),
  query: none,
  body: z.strictObject({
    from: instantIn,
    to: instantIn.optional().meta({ description: 'Not included; left out: now' }),
    which: z.enum(['missed', 'all']).default('missed'),
  }).meta({ examples: [{ from: '2026-06-10T08:00:00Z', to: '2026-06-10T12:00:00Z' }] }),
  keyed: true,
  answers: { 202: z.object({ queued: z.number().int().min(0), goesOnFrom: instantOut.nullable() }) },
  problems: ['not_found', 'invalid_request', 'webhook_endpoint_disabled'],
  async handle({ tx, tenantId, now, params, body: { from, to = now + 1, which } }) {
    const endpoint = await readEndpoint(tx, params.id);
    if (endpoint === null) return problem('not_found');
    if (endpoint.disabledAt !== null) return problem('webhook_endpoint_disabled');
    if (from >= to) return problem('invalid_request', { errors: [{ path: '/from', message: 'The range has to begin before it ends' }] });
    const { queued, goesOnFrom } = await sendRangeAgain(tx, { tenantId, endpointId: params.id, types: typesWanted(endpoint.eventTypes), from, to: Math.min(to, now + 1), which, now });
    return { status: 202, body: { queued, goesOnFrom: isoOrNull(goesOnFrom) } };
  },
});

const test = route({
  method: 'post',
  path: '/v1/webhook-endpoints/{id}/test',
  tag,
  summary: 'Send a test event to an endpoint',
  description: 'One event of the type `webhook.test`, whatever types the endpoint gets. Read the delivery to see whether it arrived.',
  params: z.strictObject({ id: idIn('whe') }),
  query: none,
  body: none,
  keyed: true,
  answers: { 202: deliveryOut },
  problems: ['not_found', 'webhook_endpoint_disabled'],
  async handle({ tx, tenantId, now, params }) {
    const endpoint = await readEndpoint(tx, params.id);
    if (endpoint === null) return problem('not_found');
    if (endpoint.disabledAt !== null) return problem('webhook_endpoint_disabled');
    return { status: 202, body: deliveryBody(await deliveryThatIs(tx, await sendTest(tx, { tenantId, endpointId: params.id, now }))) };
  },
});

const types = route({
  method: 'get',
  path: '/v1/webhook-types',
  tag,
  summary: 'List the types of webhooks',
  description: 'Every type with what it means and the fields of its `data`. A type keeps its meaning; fields may be added.',
  params: none,
  query: none,
  body: none,
  keyed: false,
  answers: { 200: z.object({ data: z.array(z.object({ type: z.string(), description: z.string(), data: z.record(z.string(), z.string()) }).meta({ id: 'WebhookType' })) }) },
  problems: [],
  handle: () => Promise.resolve({ status: 200 as const, body: { data: Object.entries(WEBHOOK_TYPES).map(([type, { says, data }]) => ({ type, description: says, data })) } }),
});

export const webhookDeliveryRoutes: readonly Route[] = [list, get, resendOne, resendRange, test, types];

async function deliveryThatIs(tx: Call['tx'], id: Parameters<typeof readDelivery>[1]) {
  const delivery = await readDelivery(tx, id);
  if (delivery === null) throw new Error('a delivery is gone within its own transaction');
  return delivery;
}
