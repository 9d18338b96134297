import type { RunId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** What a mail to somebody in a run may say of it. `code`: of its link, null where there is none (any more); `privates`: sealed, in base64, by the fields of its start. */
export type RunOfMail = { readonly code: string | null; readonly input: Readonly<Record<string, unknown>>; readonly privates: Readonly<Record<string, string>> };

/** Runs by their ids; asks nothing where none is named. */
export async function loadRunsOfMails(tx: Tx, tenantId: TenantId, runIds: readonly RunId[]): Promise<Map<RunId, RunOfMail>> {
  if (runIds.length === 0) return new Map();
  const rows = await tx.sql<(RunOfMail & { id: RunId })[]>`
    select r.id, r.input,
           (select l.code from links l where l.tenant_id = ${tenantId} and l.run_id = r.id and l.kind = 'share' and l.revoked_at is null order by l.created_at, l.code limit 1) as code,
           coalesce((select jsonb_object_agg(p.name, encode(p.text_sealed, 'base64')) from run_private p where p.tenant_id = ${tenantId} and p.run_id = r.id), '{}') as privates
    from runs r where r.tenant_id = ${tenantId} and r.id = any(${[...new Set(runIds)]}::text[])`;
  return new Map(rows.map(({ id, ...run }) => [id, run]));
}
