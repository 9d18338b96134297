import { isDeepStrictEqual } from 'node:util';
import type { TenantLimits } from '../../src/domain/program/tenant-limits.ts';
import type { SendTimeRules } from '../../src/domain/send-time/plan-send.ts';
import type { Tx } from '../client.ts';
import type { TenantView } from '../read/tenant.ts';
import { recordDecision } from './decide.ts';
import { markStale } from './mark-stale.ts';

export type TenantUpdate = { zone: string; sendRules: SendTimeRules; limits: TenantLimits; actor: string; now: number };

/** Changes a tenant's (locked) zone, send rules and limits, which have been judged before. They bind what waits, too: it is planned again. */
export async function updateTenant(tx: Tx, before: TenantView, { zone, sendRules, limits, actor, now }: TenantUpdate): Promise<void> {
  const changed = [...(zone === before.zone ? [] : ['zone']), ...(isDeepStrictEqual(sendRules, before.sendRules) ? [] : ['sendRules']), ...(isDeepStrictEqual(limits, before.limits) ? [] : ['limits'])];
  if (changed.length === 0) return;
  const rulesVersion = before.rulesVersion + 1;
  await tx.sql`update tenants set zone = ${zone}, send_rules = ${JSON.stringify(sendRules)}, limits = ${JSON.stringify(limits)}, rules_version = ${rulesVersion} where id = ${before.id}`;
  await markStale(tx, { kind: 'tenant', tenantId: before.id }, now);
  await recordDecision(tx, {
    tenantId: before.id, subjectId: before.id, kind: 'tenant_changed', rule: 'New rules of the tenant bind what waits: it is planned again.',
    inputs: { rulesVersion, changed }, actor, now,
  });
}
