import type { TenantId } from '../../src/domain/ids.ts';
import type { Tier } from '../../src/domain/limits/tiers.ts';
import type { Sql } from '../client.ts';

/** Puts a tenant on a tier, as the owner; the next request is counted by it. Answers the tier before, null where there is no such tenant. */
export async function setTier(owner: Sql, tenantId: TenantId, tier: Tier): Promise<Tier | null> {
  const [row] = await owner<{ before: Tier }[]>`
    update tenants t set tier = ${tier} from (select id, tier from tenants where id = ${tenantId} for no key update) old
    where t.id = old.id returning old.tier as before`;
  return row?.before ?? null;
}
