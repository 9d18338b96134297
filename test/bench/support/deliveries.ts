import { z } from 'zod';
import type { BenchChild } from './bench-child.ts';
import type { BenchStack } from './bench-stack.ts';
import type { BenchTenant } from './bench-tenant.ts';
import { release } from './invites.ts';

const LOOK_EVERY_MS = 10;
const GIVE_UP_MS = 180_000;

/** Lets go what was held and resolves when all of it is recorded; returns the ms between. */
export async function deliverHeld(stack: BenchStack, tenants: readonly BenchTenant[], count: number, handedSoFar: () => Promise<number>): Promise<number> {
  await release(stack, tenants);
  const startedMs = performance.now();
  for (;;) {
    const soFar = await handedSoFar();
    if (soFar >= count && await allRecorded(stack, tenants)) return performance.now() - startedMs;
    if (performance.now() - startedMs > GIVE_UP_MS) throw new Error(`only ${String(soFar)} of ${String(count)} were handed off`);
    await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY_MS); });
  }
}

export function handedBy(worker: BenchChild): () => Promise<number> {
  return () => worker.call('count', null, z.number());
}

async function allRecorded(stack: BenchStack, tenants: readonly BenchTenant[]): Promise<boolean> {
  const ids = tenants.map(({ tenantId }) => tenantId);
  const [open] = await stack.superuser.sql`select 1 from attempts where tenant_id = any(${ids}::text[]) and closed_at is null and fenced_at is null limit 1`;
  return open === undefined;
}

const handedList = z.array(z.object({ messageId: z.string(), to: z.string(), at: z.number() }));

/** Every address once at the channel; in Postgres each invite handed off, with one message and one receipt. Throws where not. */
export async function checkDelivered(stack: BenchStack, tenants: readonly BenchTenant[], addresses: readonly string[], handed: readonly string[]): Promise<string> {
  const got = new Map<string, number>();
  for (const to of handed) got.set(to, (got.get(to) ?? 0) + 1);
  const wrong = addresses.filter((address) => got.get(address) !== 1);
  if (wrong.length > 0 || handed.length !== addresses.length) throw new Error(`not exactly once: ${String(handed.length)} handed off for ${String(addresses.length)}, ${String(wrong.length)} wrong`);
  const ids = tenants.map(({ tenantId }) => tenantId);
  const [row] = await stack.superuser.sql<{ notHandedOff: number; messages: number; receipts: number; invites: number }[]>`
    select count(*)::int as invites, count(*) filter (where state <> 'handed_off')::int as "notHandedOff",
           (select count(*)::int from messages where tenant_id = any(${ids}::text[]) and state = 'handed_off') as messages,
           (select count(*)::int from messages where tenant_id = any(${ids}::text[]) and receipt is not null) as receipts
    from invites where tenant_id = any(${ids}::text[])`;
  if (row === undefined || row.notHandedOff !== 0 || row.messages !== row.invites || row.receipts !== row.invites) throw new Error(`not exactly once in PostgreSQL: ${JSON.stringify(row)}`);
  return `${String(addresses.length)} accepted, handed off and recorded once each`;
}

/** Who got something on the no-op channel; forgets it. */
export async function takeHanded(worker: BenchChild): Promise<z.output<typeof handedList>> {
  const handed = await worker.call('handed', null, handedList);
  await worker.call('forget', null, z.unknown());
  return handed;
}
