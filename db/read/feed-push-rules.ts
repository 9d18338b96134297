import type { TenantId } from '../../src/domain/ids.ts';
import type { LawBook } from '../../src/domain/law/law-book.ts';
import type { LawScope, TenantLimits } from '../../src/domain/program/tenant-limits.ts';
import type { SendTimeRules } from '../../src/domain/send-time/send-time-rules.ts';
import type { Tx } from '../client.ts';
import { loadLawBook, lawVersion } from './law-book.ts';

/** What binds the pushes of a tenant today. */
export type PushRules = { tenantRules: SendTimeRules; tenantZone: string; law: LawBook; lawScope: LawScope; isPaused: boolean };

/** Reads them; throws where there is no such tenant. */
export async function pushRules(tx: Tx, tenantId: TenantId): Promise<PushRules> {
  const [row] = await tx.sql<{ tenantRules: SendTimeRules; tenantZone: string; limits: TenantLimits; isPaused: boolean; lawVersion: number }[]>`
    select t.send_rules as "tenantRules", t.zone as "tenantZone", t.limits, t.paused_at is not null as "isPaused", ${lawVersion(tx)} as "lawVersion"
    from tenants t where t.id = ${tenantId}`;
  if (row === undefined) throw new Error('the tenant is gone');
  const { limits, lawVersion: version, ...rules } = row;
  return { ...rules, law: await loadLawBook(tx.sql, version), lawScope: limits.lawScope ?? 'as_written' };
}
