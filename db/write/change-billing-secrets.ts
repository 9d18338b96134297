import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { BillingProvider } from '../schema/billing.ts';
import { recordDecision } from './decide.ts';

export type BillingSecrets = { tenantId: TenantId; provider: BillingProvider; secretsSealed: Uint8Array; count: number; actor: string; now: number };

/** Replaces the secrets (sealed) by which a vendor's webhooks are known; the log keeps how many there are, and by whom. */
export async function changeBillingSecrets(tx: Tx, { tenantId, provider, secretsSealed, count, actor, now }: BillingSecrets): Promise<void> {
  await tx.sql`
    insert into billing_accounts (tenant_id, provider, secrets_sealed, changed_at) values (${tenantId}, ${provider}, ${secretsSealed}, ${now})
    on conflict (tenant_id, provider) do update set secrets_sealed = excluded.secrets_sealed, changed_at = excluded.changed_at`;
  await recordDecision(tx, {
    tenantId, subjectId: tenantId, kind: 'billing_secrets_changed', rule: 'Webhooks of the billing vendor count when one of these secrets signed them.',
    inputs: { provider, secrets: count }, actor, now,
  });
}
