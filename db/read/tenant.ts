import type { TenantId } from '../../src/domain/ids.ts';
import type { Tier } from '../../src/domain/limits/tiers.ts';
import type { TenantLimits } from '../../src/domain/program/tenant-limits.ts';
import type { SendTimeRules } from '../../src/domain/send-time/plan-send.ts';
import type { Tx } from '../client.ts';

/** A tenant's settings. Instants in epoch ms. */
export type TenantView = {
  id: TenantId;
  name: string;
  fromAddress: string;
  fromName: string;
  replyTo: string | null;
  postalAddress: string;
  zone: string;
  publicUrl: string;
  linkHosts: string[];
  allowedDestinations: string[];
  sendRules: SendTimeRules;
  limits: TenantLimits;
  rulesVersion: number;
  /** How long touches, receipts and decisions are kept. */
  retentionMonths: number;
  /** How much it may ask for in how much time. */
  tier: Tier;
  pausedAt: number | null;
  createdAt: number;
};

/** The tenant of this transaction. */
export async function readTenant(tx: Tx, tenantId: TenantId): Promise<TenantView> {
  return select(tx, tenantId, tx.sql``);
}

/** The same, locked, for those who change it. */
export async function lockTenant(tx: Tx, tenantId: TenantId): Promise<TenantView> {
  return select(tx, tenantId, tx.sql`for no key update`);
}

async function select(tx: Tx, tenantId: TenantId, lock: ReturnType<Tx['sql']>): Promise<TenantView> {
  const [row] = await tx.sql<TenantView[]>`
    select id, name, from_address as "fromAddress", from_name as "fromName", reply_to as "replyTo", postal_address as "postalAddress", zone,
           public_url as "publicUrl", link_hosts as "linkHosts", allowed_destinations as "allowedDestinations",
           send_rules as "sendRules", limits, rules_version as "rulesVersion", retention_months as "retentionMonths", tier, paused_at as "pausedAt", created_at as "createdAt"
    from tenants where id = ${tenantId} ${lock}`;
  if (row === undefined) throw new Error(`there is no tenant ${tenantId}`);
  return row;
}
