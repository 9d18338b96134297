import { readTenant } from '../../db/read/tenant.ts';
import type { Tx } from '../../db/client.ts';
import type { Keyring } from '../../src/config/keyring.ts';
import type { MemberId, RunId, TenantId } from '../../src/domain/ids.ts';
import { boardPath } from '../../src/domain/rally/board-token.ts';

/** Where a run's board is for each member: its page, with the own rank marked. */
export async function boardLinks(tx: Tx, keyring: Keyring, { tenantId, runId }: { readonly tenantId: TenantId; readonly runId: RunId }): Promise<(personId: MemberId) => string> {
  const { publicUrl } = await readTenant(tx, tenantId);
  return (personId) => new URL(boardPath(keyring, { tenantId, runId, personId }), publicUrl).href;
}
