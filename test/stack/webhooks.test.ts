import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { announce } from '../../db/write/webhooks/announce.ts';
import { newId } from '../../src/config/new-id.ts';
import { webhooksWorkflowId } from '../../workflows/system/deliver-webhooks/contract.ts';
import { read } from '../chaos/support/api-caller.ts';
import { makeChaosTenant, type ChaosTenant } from '../chaos/support/chaos-tenant.ts';
import { waitUntil } from '../chaos/support/wait-until.ts';
import { openWholeStack, type WholeStack } from '../chaos/support/whole-stack.ts';
import { openWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { verified } from '../support/webhooks.ts';

jest.setTimeout(180_000);

const PLACES_AN_ENDPOINT = 5;
const endpointOut = z.object({ id: z.string(), secret: z.string() });

let stack: WholeStack;
let tenant: ChaosTenant;
let receiver: WebhookReceiver;
beforeAll(async () => {
  receiver = await openWebhookReceiver();
  stack = await openWholeStack({ env: { WEBHOOKS_TO_INTERNAL: 'true' } });
  tenant = await makeChaosTenant(stack, 'listener');
}, 120_000);
afterAll(async () => {
  await stack.close();
  await receiver.close();
}, 30_000);

const post = async (path: string, body: unknown) => tenant.api.send('POST', path, body, randomUUID());
const makeEndpoint = async (path: string) => read(await post('/v1/webhook-endpoints', { url: receiver.url + path }), 201, endpointOut);
const tell = (count: number) => stack.superuser.asTenant(tenant.tenantId, (tx) => {
  const now = Date.now();
  return announce(tx, { tenantId: tenant.tenantId, now, news: Array.from({ length: count }, () => ({ type: 'reward.held', subjectId: newId('rew', now), sequenceOf: 'ref_1', at: now, data: { amountMinor: 500 } })) });
});
async function states(endpointId: string): Promise<Record<string, number>> {
  const rows = await stack.superuser.sql<{ state: string; count: number }[]>`select state, count(*)::int as count from webhook_deliveries where endpoint_id = ${endpointId} group by state`;
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

test('what is announced arrives within seconds, signed, through relay, workflow and worker; the history holds ids alone', async () => {
  const { id, secret } = await makeEndpoint('/first');
  await tell(3);
  await waitUntil('all have arrived', 30_000, () => receiver.idsAt('/first').length === 3);
  await waitUntil('all are recorded', 10_000, async () => (await states(id))['delivered'] === 3);
  const taken = receiver.received.filter(({ path }) => path === '/first').map((each) => verified(secret, each));
  const numbers = taken.map((event) => z.object({ type: z.literal('reward.held'), sequence: z.object({ of: z.literal('ref_1'), number: z.number() }) }).parse(event).sequence.number);
  expect(numbers.toSorted()).toEqual([1, 2, 3]);
  const history = await stack.client.workflow.getHandle(webhooksWorkflowId(tenant)).fetchHistory();
  expect(JSON.stringify(history)).not.toMatch(/127\.0\.0\.1:\d+\/first|whsec_|amountMinor/);
});

test('workers killed in the middle lose nothing: every event arrives, again with its id where nobody knew that it had', async () => {
  const { id } = await makeEndpoint('/killed');
  receiver.answer('/killed', (response) => { setTimeout(() => { response.writeHead(204).end(); }, 60); });
  const events = 300;
  await tell(events);
  for (const at of [40, 150]) {
    await waitUntil(`${String(at)} have arrived`, 60_000, () => receiver.idsAt('/killed').length >= at);
    await stack.roles.worker.kill();
    await stack.roles.worker.start();
  }
  await waitUntil('all are recorded', 120_000, async () => (await states(id))['delivered'] === events, () => states(id));
  const ids = receiver.idsAt('/killed');
  expect(new Set(ids).size).toBe(events);
  expect(ids.length - events).toBeLessThanOrEqual(2 * 2 * PLACES_AN_ENDPOINT);
});
