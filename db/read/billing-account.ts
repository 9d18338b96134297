import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { BillingProvider } from '../schema/billing.ts';

/** `secretsSealed`: a JSON list of texts, sealed for the tenant. Instants in epoch ms. */
export type BillingAccount = { secretsSealed: Uint8Array; changedAt: number };

/** By what the webhooks of a billing vendor are known; null where the tenant has set nothing. */
export async function readBillingAccount({ sql }: Tx, tenantId: TenantId, provider: BillingProvider): Promise<BillingAccount | null> {
  const [row] = await sql<BillingAccount[]>`
    select secrets_sealed as "secretsSealed", changed_at as "changedAt" from billing_accounts where tenant_id = ${tenantId} and provider = ${provider}`;
  return row ?? null;
}
