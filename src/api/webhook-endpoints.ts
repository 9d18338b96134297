import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { listEndpoints, readEndpoint } from '../../db/read/webhooks.ts';
import type { EndpointView } from '../../db/read/webhooks.ts';
import { changeEndpoint, createEndpoint, deleteEndpoint, MOST_ENDPOINTS, rotateSecret } from '../../db/write/webhooks/change-endpoints.ts';
import type { WebhookEndpointId } from '../domain/ids.ts';
import { checkWebhookUrl } from '../providers/webhook/check-url.ts';
import { writeSecret } from '../providers/webhook/sign.ts';
import { idIn } from './fields.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Call, Route } from './route.ts';
import { endpointBody, endpointChangeIn, endpointOut, endpointWithSecretOut, newEndpointIn } from './webhook-body.ts';

const tag = 'Webhooks';
const byId = z.strictObject({ id: idIn('whe') });
const SECRET_BYTES = 32;

const create = route({
  method: 'post',
  path: '/v1/webhook-endpoints',
  tag,
  summary: 'Make an endpoint for webhooks',
  description: `What happens is posted there, signed by Standard Webhooks 1.0.0, from now on. The secret is shown in this answer and never again. A tenant has up to ${String(MOST_ENDPOINTS)} endpoints.`,
  params: none,
  query: none,
  body: newEndpointIn,
  keyed: true,
  answers: { 201: endpointWithSecretOut },
  problems: ['webhook_url_refused', 'too_many_webhook_endpoints'],
  async handle({ tx, tenantId, keyId, now, services, body }) {
    const refusal = refuseUrl(body.url, services.webhooksToInternal === true);
    if (refusal !== null) return refusal;
    const secret = writeSecret(randomBytes(SECRET_BYTES));
    const id = await createEndpoint(tx, { ...body, secretSealed: services.keyring.seal(tenantId, secret) }, { tenantId, actor: keyId, now });
    if (id === null) return problem('too_many_webhook_endpoints');
    return { status: 201, body: { ...endpointBody(await endpointThatIs(tx, id), now), secret } };
  },
});

const list = route({
  method: 'get',
  path: '/v1/webhook-endpoints',
  tag,
  summary: 'List the endpoints for webhooks',
  description: `All of them, the oldest first: there are never more than ${String(MOST_ENDPOINTS)}.`,
  params: none,
  query: none,
  body: none,
  keyed: false,
  answers: { 200: z.object({ data: z.array(endpointOut) }) },
  problems: [],
  async handle({ tx, tenantId, now }) {
    return { status: 200, body: { data: (await listEndpoints(tx, tenantId)).map((each) => endpointBody(each, now)) } };
  },
});

const get = route({
  method: 'get',
  path: '/v1/webhook-endpoints/{id}',
  tag,
  summary: 'Read an endpoint for webhooks',
  description: 'Also tells since when it has been failing, and why it was disabled.',
  params: byId,
  query: none,
  body: none,
  keyed: false,
  answers: { 200: endpointOut },
  problems: ['not_found'],
  async handle({ tx, now, params }) {
    const endpoint = await readEndpoint(tx, params.id);
    return endpoint === null ? problem('not_found') : { status: 200, body: endpointBody(endpoint, now) };
  },
});

const change = route({
  method: 'patch',
  path: '/v1/webhook-endpoints/{id}',
  tag,
  summary: 'Change, disable or enable an endpoint',
  description: 'What is left out stays. The next try of what waits goes to the new address. An endpoint that is enabled again gets what is announced from then on; send again what it missed with `POST /v1/webhook-endpoints/{id}/resend`.',
  params: byId,
  query: none,
  body: endpointChangeIn,
  keyed: false,
  answers: { 200: endpointOut },
  problems: ['not_found', 'webhook_url_refused'],
  async handle({ tx, tenantId, keyId, now, services, params, body }) {
    const refusal = body.url === undefined ? null : refuseUrl(body.url, services.webhooksToInternal === true);
    if (refusal !== null) return refusal;
    if (!(await changeEndpoint(tx, params.id, body, { tenantId, actor: keyId, now }))) return problem('not_found');
    return { status: 200, body: endpointBody(await endpointThatIs(tx, params.id), now) };
  },
});

const remove = route({
  method: 'delete',
  path: '/v1/webhook-endpoints/{id}',
  tag,
  summary: 'Delete an endpoint',
  description: 'Nothing is told to it any more, and what waits is canceled. Its deliveries can be read for 30 days.',
  params: byId,
  query: none,
  body: none,
  keyed: false,
  answers: { 204: z.undefined().meta({ description: 'It is deleted' }) },
  problems: ['not_found'],
  async handle({ tx, tenantId, keyId, now, params }) {
    return (await deleteEndpoint(tx, params.id, { tenantId, actor: keyId, now })) ? { status: 204, body: undefined } : problem('not_found');
  },
});

const rotate = route({
  method: 'post',
  path: '/v1/webhook-endpoints/{id}/rotate-secret',
  tag,
  summary: 'Give an endpoint a new secret',
  description: 'The answer shows it, once. For 24 hours the old secret signs beside it: take the new one into use meanwhile. Of several rotations within a day only the last two secrets sign.',
  params: byId,
  query: none,
  body: none,
  keyed: true,
  answers: { 200: endpointWithSecretOut },
  problems: ['not_found'],
  async handle({ tx, tenantId, keyId, now, services, params }) {
    const secret = writeSecret(randomBytes(SECRET_BYTES));
    if (!(await rotateSecret(tx, params.id, services.keyring.seal(tenantId, secret), { tenantId, actor: keyId, now }))) return problem('not_found');
    return { status: 200, body: { ...endpointBody(await endpointThatIs(tx, params.id), now), secret } };
  },
});

export const webhookEndpointRoutes: readonly Route[] = [create, list, get, change, rotate, remove];

function refuseUrl(url: string, allowInternal: boolean) {
  const checked = checkWebhookUrl(url, { allowInternal });
  return checked.outcome === 'allowed' ? null : problem('webhook_url_refused', { detail: checked.say, errors: [{ path: '/url', message: checked.say }] });
}

async function endpointThatIs(tx: Call['tx'], id: WebhookEndpointId): Promise<EndpointView> {
  const endpoint = await readEndpoint(tx, id);
  if (endpoint === null) throw new Error('an endpoint is gone within its own transaction');
  return endpoint;
}
