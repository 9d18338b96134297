import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { importWorkflowId } from '../../workflows/system/import/contract.ts';
import { read } from '../chaos/support/api-caller.ts';
import { makeChaosTenant, type ChaosTenant } from '../chaos/support/chaos-tenant.ts';
import { waitUntil } from '../chaos/support/wait-until.ts';
import { openWholeStack, type WholeStack } from '../chaos/support/whole-stack.ts';

jest.setTimeout(120_000);

let stack: WholeStack;
let tenant: ChaosTenant;
beforeAll(async () => {
  stack = await openWholeStack();
  tenant = await makeChaosTenant(stack, 'importer');
  // Files are larger than what a tenant on the smallest plan may bring in at once.
  await stack.superuser.sql`update tenants set tier = 'unlimited'`;
}, 120_000);
afterAll(() => stack.close(), 30_000);

const importOut = z.object({ id: z.string(), state: z.string(), rows: z.object({ total: z.number(), accepted: z.number(), refused: z.number() }) });
type Import = z.output<typeof importOut>;

async function send(query: string, file: string): Promise<Import> {
  const response = await fetch(`${stack.apiUrl}/v1/imports?${query}`, {
    method: 'POST', body: file, headers: { authorization: `Bearer ${tenant.secret}`, 'content-type': 'text/csv', 'idempotency-key': randomUUID() },
  });
  return importOut.parse(await response.json());
}
const look = async (id: string): Promise<Import> => read(await tenant.api.send('GET', `/v1/imports/${id}`), 200, importOut);
const ended = (id: string, withinMs: number): Promise<Import> => waitUntil('the import has ended', withinMs, async () => {
  const found = await look(id);
  return found.state === 'completed' ? found : null;
}, () => look(id));
const members = (count: number, name: string): string => `externalId,email,name,zone\n${Array.from({ length: count }, (_none, i) => `${name}${String(i)},${name}${String(i)}@members.example,Name ${String(i)},Europe/Paris`).join('\n')}\n`;

test('1,000 members are taken in by a run that says how far it is, and whose history holds ids alone', async () => {
  const { id } = await send('kind=members', members(1_000, 'm'));
  expect((await ended(id, 20_000)).rows).toEqual({ total: 1_000, accepted: 1_000, refused: 0 });
  const handle = stack.client.workflow.getHandle(importWorkflowId({ tenantId: tenant.tenantId, importId: id }));
  expect(await handle.result()).toEqual({ outcome: 'completed', total: 1_000, accepted: 1_000, refused: 0 });
  const { typedSearchAttributes } = await handle.describe();
  expect(JSON.stringify(typedSearchAttributes)).toContain(tenant.tenantId);
  expect(JSON.stringify(await handle.fetchHistory())).not.toMatch(/members\.example|Name \d/);
});

test('invitees of a file are invited, each once, and their mails leave', async () => {
  const file = `email,zone,consent\n${Array.from({ length: 40 }, (_none, i) => `guest${String(i)}@guests.example,UTC,opt_in`).join('\n')}\n`;
  const { id } = await send(`kind=invitees&programId=${tenant.programId}`, file);
  expect((await ended(id, 20_000)).rows).toEqual({ total: 40, accepted: 40, refused: 0 });
  await waitUntil('all mails are there', 30_000, () => stack.sink.deliveries().filter(({ to }) => to.some((address) => address.endsWith('@guests.example'))).length === 40);
});

test('a worker killed in the middle costs time: each row is taken once', async () => {
  const { id } = await send('kind=members', members(12_000, 'k'));
  await waitUntil('it has begun', 20_000, async () => (await look(id)).rows.accepted > 0);
  await stack.roles.worker.kill();
  const before = (await look(id)).rows.accepted;
  await stack.startWorker();
  const { rows } = await ended(id, 90_000);
  expect(before).toBeLessThan(12_000);
  expect(rows).toEqual({ total: 12_000, accepted: 12_000, refused: 0 });
  const [count] = await stack.superuser.sql<{ members: number; left: number }[]>`
    select (select count(*)::int from members where external_id like 'k%') as members, (select count(*)::int from import_rows where import_id = ${id}) as left`;
  expect(count).toEqual({ members: 12_000, left: 0 });
});
