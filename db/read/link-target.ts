import { asId } from '../../src/domain/ids.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import type { Sql } from '../client.ts';

/** What a redirect needs to know of a link and of the tenant it belongs to. */
export type LinkTarget = {
  tenantId: TenantId;
  destination: string;
  utm: Readonly<Record<string, string>>;
  revokedAt: number | null;
  publicUrl: string;
  linkHosts: readonly string[];
  allowedDestinations: readonly string[];
};

/** The link behind a code; null where none was made. Needs no tenant: that is what it tells. */
export async function linkTarget(sql: Sql, code: string): Promise<LinkTarget | null> {
  const [row] = await sql<(Omit<LinkTarget, 'tenantId'> & { tenantId: string })[]>`
    select tenant_id as "tenantId", destination, utm, revoked_at as "revokedAt", public_url as "publicUrl",
           link_hosts as "linkHosts", allowed_destinations as "allowedDestinations"
    from resolve_link(${code})`;
  return row === undefined ? null : { ...row, tenantId: asId('tnt', row.tenantId) };
}
