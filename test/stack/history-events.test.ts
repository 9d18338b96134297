import { Client, Connection } from '@temporalio/client';
import { z } from 'zod';
import { senderWorkflowId } from '../../workflows/system/sender/contract.ts';
import { openBenchStack, type BenchStack } from '../bench/support/bench-stack.ts';
import type { BenchChild } from '../bench/support/bench-child.ts';
import { makeBenchTenant, type BenchTenant } from '../bench/support/bench-tenant.ts';
import { checkDelivered, deliverHeld, handedBy, takeHanded } from '../bench/support/deliveries.ts';
import { openHttpLoad } from '../bench/support/http-load.ts';
import { inviteCall, newAddresses } from '../bench/support/invites.ts';
import { startDevServer } from '../bench/support/temporal-server.ts';
import { waitUntil } from '../chaos/support/wait-until.ts';

/** How many events Temporal keeps for what we do, on a channel that does nothing: the same number each time, whatever the machine. */
jest.setTimeout(180_000);

let stack: BenchStack;
let worker: BenchChild;
let connection: Connection;
let client: Client;
beforeAll(async () => {
  stack = await openBenchStack({ startTemporal: ({ dir }) => startDevServer(dir), say: (line) => { process.stderr.write(`${line}\n`); } });
  worker = await stack.worker('no-op');
  connection = await Connection.connect({ address: stack.temporal.address });
  client = new Client({ connection });
}, 120_000);
afterAll(async () => {
  await connection.close();
  await stack.close();
}, 60_000);

/** Events of the tenant's sender; it runs for as long as this test. */
async function historyOf(tenant: BenchTenant): Promise<{ types: string[] }> {
  const { events } = await client.workflow.getHandle(senderWorkflowId({ tenantId: tenant.tenantId, lane: 'email-0' })).fetchHistory();
  return { types: (events ?? []).map(({ eventType }) => String(eventType)) };
}

/** The numbers of temporal.api.enums.v1.EventType. */
const TIMER_STARTED = '17';

/** Nothing is due and nobody waits for more: the sender sleeps until something is. */
async function untilAsleep(tenant: BenchTenant): Promise<number> {
  return waitUntil('the sender sleeps', 30_000, async () => {
    const { types } = await historyOf(tenant);
    return types.at(-1) === TIMER_STARTED ? types.length : null;
  });
}

/** One request, delivered and recorded. */
async function accept(tenant: BenchTenant, size: number): Promise<void> {
  const addresses = newAddresses(size);
  const load = openHttpLoad(stack.apiUrl, 1);
  await load.sendAll([inviteCall(tenant, addresses)], 202);
  load.close();
  await deliverHeld(stack, [], size, handedBy(worker));
  await waitUntil('all is recorded', 30_000, async () => {
    const [open] = await stack.superuser.sql`select 1 from invites where tenant_id = ${tenant.tenantId} and state = 'waiting' limit 1`;
    return open === undefined;
  });
  await checkDelivered(stack, [tenant], addresses, (await takeHanded(worker)).map(({ to }) => to));
}

test.each([
  // The dearest case: each request finds the sender asleep and has to wake it.
  { size: 100, most: 0.2, asleep: true },
  { size: 1000, most: 0.02, asleep: false },
])('between the second and the twelfth request of $size there are at most $most events an invite', async ({ size, most, asleep }) => {
  const tenant = await makeBenchTenant(stack, `of${String(size)}`);
  for (let request = 0; request < 2; request += 1) await accept(tenant, size);
  const before = await untilAsleep(tenant);
  for (let request = 0; request < 10; request += 1) {
    await accept(tenant, size);
    if (asleep) await untilAsleep(tenant);
  }
  const events = await untilAsleep(tenant) - before;
  expect(events).toBeGreaterThan(0);
  expect(events / (10 * size)).toBeLessThanOrEqual(most);
});

test('a click makes no event', async () => {
  const tenant = await makeBenchTenant(stack, 'clicked');
  await accept(tenant, 1);
  const before = await untilAsleep(tenant);
  const load = openHttpLoad(stack.apiUrl, 4);
  const link = await load.send({ method: 'POST', path: '/v1/links', secret: tenant.secret, body: JSON.stringify({ destination: `https://${tenant.host}/` }) });
  const { code } = z.object({ code: z.string() }).parse(JSON.parse(link.text));
  const [invited] = await stack.superuser.sql<{ code: string }[]>`select code from links where tenant_id = ${tenant.tenantId} and kind = 'invite'`;
  for (const path of [`/l/${code}`, `/l/${invited?.code ?? ''}`]) {
    await load.sendAll(Array.from({ length: 10 }, (_, i) => ({ method: 'GET' as const, path, headers: { 'user-agent': 'Mozilla/5.0 (X11) Firefox/140.0', 'x-forwarded-for': `10.0.0.${String(i)}` } })), 302);
  }
  load.close();
  const [row] = await stack.superuser.sql<{ touches: number; told: number }[]>`
    select (select count(*)::int from touches where tenant_id = ${tenant.tenantId} and counted) as touches, (select count(*)::int from outbox) as told`;
  expect(row).toEqual({ touches: 20, told: 0 });
  // Longer than the relay's pause between two looks.
  await new Promise((resolve) => { setTimeout(resolve, 2_500); });
  expect((await historyOf(tenant)).types.length).toBe(before);
});
