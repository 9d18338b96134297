import type { Keyring } from '../../../src/config/keyring.ts';
import type { RunId, TenantId } from '../../../src/domain/ids.ts';
import { bytesArray } from '../../array-params.ts';
import type { Tx } from '../../client.ts';

/** Seals what a run's start brought of somebody, by the fields' names: for the mails of the run alone. It goes 30 days after the run has closed. */
export async function keepPrivate(tx: Tx, keyring: Pick<Keyring, 'seal'>, { tenantId, runId, privates }: { tenantId: TenantId; runId: RunId; privates: Readonly<Record<string, string>> }): Promise<void> {
  const names = Object.keys(privates);
  if (names.length === 0) return;
  await tx.sql`
    insert into run_private (tenant_id, run_id, name, text_sealed)
    select ${tenantId}, ${runId}, p.name, p.sealed
    from unnest(${names}::text[], ${bytesArray(Object.values(privates).map((text) => keyring.seal(tenantId, text)))}::bytea[]) as p (name, sealed)`;
}
