import type { Tx } from '../../db/client.ts';
import { isTenant, tenantIds } from '../../db/read/tenants.ts';
import type { TenantId } from '../domain/ids.ts';
import { failed } from './command.ts';
import type { Failed } from './command.ts';
import type { Context } from './context.ts';

/** Tenants asked at once. */
const SIDE_BY_SIDE = 4;

/** Runs `work` in a transaction of this tenant; says so where there is no such tenant. */
export async function withTenant<T>(context: Context, tenantId: TenantId, work: (tx: Tx) => Promise<T>): Promise<{ kind: 'found'; value: T } | Failed> {
  return context.app().asTenant(tenantId, async (tx) => ((await isTenant(tx)) ? { kind: 'found', value: await work(tx) } : noTenant(tenantId)));
}

export function noTenant(tenantId: TenantId): Failed {
  return failed(`There is no tenant ${tenantId}.`, 'npx flywheel tenant list');
}

/** Asks each tenant in a transaction of its own (the app sees one at a time), in the order of their ids. */
export async function askTenants<T>(context: Context, tenants: readonly TenantId[], ask: (tx: Tx, tenantId: TenantId) => Promise<T>): Promise<T[]> {
  const answers = new Map<TenantId, T>();
  const left = [...tenants];
  const askOneByOne = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const tenantId = next;
      answers.set(tenantId, await context.app().asTenant(tenantId, (tx) => ask(tx, tenantId)));
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, askOneByOne));
  return tenants.flatMap((tenantId) => { const answer = answers.get(tenantId); return answer === undefined ? [] : [answer]; });
}

/** The one that was named, if it is there, else all. */
export async function tenantsToAsk(context: Context, named: TenantId | undefined): Promise<{ kind: 'found'; value: readonly TenantId[] } | Failed> {
  const all = await tenantIds(context.relay().sql);
  if (named === undefined) return { kind: 'found', value: all };
  return all.includes(named) ? { kind: 'found', value: [named] } : noTenant(named);
}
