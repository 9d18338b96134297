import type { ImportId, TenantId } from '../../src/domain/ids.ts';
import type { ImportState } from '../../src/domain/import/states.ts';
import type { Tx } from '../client.ts';
import { recordDecision } from './decide.ts';

/**
 * Cancels an import: what it took stays taken, the rest is never reached. Waits for the batch that is being taken, a second at most.
 * `ended`: it had ended before. Null: there is none, or its file is still coming in.
 */
export async function cancelImport(tx: Tx, { importId, tenantId, actor, now }: { importId: ImportId; tenantId: TenantId; actor: string; now: number }): Promise<'canceled' | 'ended' | null> {
  const [found] = await tx.sql<{ state: ImportState }[]>`select state from imports where id = ${importId} for no key update`;
  if (found === undefined || found.state === 'receiving') return null;
  if (found.state !== 'queued' && found.state !== 'running') return 'ended';
  await tx.sql`update imports set state = 'canceled', reason = null, moved_at = ${now}, finished_at = ${now} where id = ${importId}`;
  await recordDecision(tx, { tenantId, subjectId: importId, kind: 'import_canceled', rule: 'A canceled import takes no more rows; those it took stay.', inputs: { was: found.state }, actor, now });
  return 'canceled';
}
