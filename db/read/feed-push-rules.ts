import type { ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { LawBook } from '../../src/domain/law/law-book.ts';
import type { ProgramTerms } from '../../src/domain/program/terms.ts';
import type { LawScope, TenantLimits } from '../../src/domain/program/tenant-limits.ts';
import type { SendTimeRules } from '../../src/domain/send-time/send-time-rules.ts';
import type { Tx } from '../client.ts';
import { loadLawBook, lawVersion } from './law-book.ts';

/** What binds the pushes of a tenant today. */
export type PushRules = {
  tenantRules: SendTimeRules;
  tenantZone: string;
  limits: TenantLimits;
  law: LawBook;
  lawScope: LawScope;
  isPaused: boolean;
  /** Its pushes are stopped: they wait, whatever else leaves. */
  isStopped: boolean;
};

/** What a program's own terms say of times, today. */
export type PushTerms = { readonly terms: Pick<ProgramTerms, 'sendRules' | 'eventBufferDays'>; readonly isPaused: boolean };

/** Reads them; throws where there is no such tenant. */
export async function pushRules(tx: Tx, tenantId: TenantId): Promise<PushRules> {
  const [row] = await tx.sql<{ tenantRules: SendTimeRules; tenantZone: string; limits: TenantLimits; isPaused: boolean; isStopped: boolean; lawVersion: number }[]>`
    select t.send_rules as "tenantRules", t.zone as "tenantZone", t.limits, t.paused_at is not null as "isPaused", ${lawVersion(tx)} as "lawVersion",
           exists (select 1 from hard_stops h where h.tenant_id = t.id and h.channel = 'push') as "isStopped"
    from tenants t where t.id = ${tenantId}`;
  if (row === undefined) throw new Error('the tenant is gone');
  const { lawVersion: version, ...rules } = row;
  return { ...rules, law: await loadLawBook(tx.sql, version), lawScope: rules.limits.lawScope ?? 'as_written' };
}

/** Of these programs; of their current versions, as send rules are never pinned. */
export async function pushTerms({ sql }: Tx, tenantId: TenantId, programIds: readonly ProgramId[]): Promise<ReadonlyMap<ProgramId, PushTerms>> {
  const wanted = [...new Set(programIds)];
  if (wanted.length === 0) return new Map();
  const rows = await sql<(PushTerms & { id: ProgramId })[]>`
    select p.id, jsonb_build_object('sendRules', coalesce(v.terms -> 'sendRules', '{}'), 'eventBufferDays', coalesce(v.terms -> 'eventBufferDays', '0')) as terms, p.paused_at is not null as "isPaused"
    from programs p join program_versions v on v.program_id = p.id and v.version = p.version
    where p.tenant_id = ${tenantId} and p.id = any(${wanted}::text[])`;
  return new Map(rows.map(({ id, ...rest }) => [id, rest]));
}
