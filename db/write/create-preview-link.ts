import type { ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { previewLinks } from '../schema/previews.ts';

/** `requestSealed`: what to show, as JSON, sealed for the tenant: it may name a person. */
export type NewPreviewLink = { tenantId: TenantId; programId: ProgramId; tokenHash: Uint8Array; requestSealed: Uint8Array; expiresAt: number };

/** Stores a link to a preview by the hash of its token; answers the origin under which the tenant's pages are served. */
export async function createPreviewLink(tx: Tx, link: NewPreviewLink): Promise<{ publicUrl: string }> {
  await tx.orm.insert(previewLinks).values(link);
  const [tenant] = await tx.sql<{ publicUrl: string }[]>`select public_url as "publicUrl" from tenants where id = ${link.tenantId}`;
  if (tenant === undefined) throw new Error(`tenant ${link.tenantId} is gone`);
  return tenant;
}
