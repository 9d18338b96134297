import { asId } from '../../src/domain/ids.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import type { Sql } from '../client.ts';

/** Which tenants wrote to a phone by SMS, in the order of their ids; needs no tenant. */
export async function smsTenantsOf(sql: Sql, phoneKey: Uint8Array): Promise<TenantId[]> {
  const rows = await sql<{ id: string }[]>`select id from sms_tenants_of(${phoneKey}) as id`;
  return rows.map(({ id }) => asId('tnt', id));
}

/** Tenants that ever had an SMS sender, in the order of their ids, after one or (null) from the first. */
export async function smsTenantsAfter(sql: Sql, after: TenantId | null, most: number): Promise<TenantId[]> {
  const rows = await sql<{ id: string }[]>`select id from sms_tenants_after(${after ?? ''}, ${most}) as id`;
  return rows.map(({ id }) => asId('tnt', id));
}
