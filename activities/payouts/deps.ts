import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import type { PayoutToSend } from '../../db/write/payouts/claim-payout.ts';
import type { Keyring } from '../../src/config/keyring.ts';
import { asId, type PayoutId, type TenantId } from '../../src/domain/ids.ts';
import type { PayoutPatience } from '../../src/domain/payout/patience.ts';
import type { OpenRail } from '../../src/providers/payout/open-rail.ts';
import type { PayoutOrder } from '../../src/providers/payout/payout-rail.ts';
import type { Logger } from '../../src/telemetry/logger.ts';

export type PayoutDeps = { db: Database; clock: Clock; keyring: Keyring; log: Logger; openRail: OpenRail; payoutPatience: PayoutPatience };
export type PayoutInput = { readonly tenantId: string; readonly payoutId: string };
export type Which = { readonly tenantId: TenantId; readonly payoutId: PayoutId };

export function readInput({ tenantId, payoutId }: PayoutInput): Which {
  return { tenantId: asId('tnt', tenantId), payoutId: asId('pyt', payoutId) };
}

/** What goes to the rail. Throws for a payout that was never claimed. */
export function orderOf(keyring: Keyring, tenantId: TenantId, payout: PayoutToSend): PayoutOrder {
  const { id, batchId, externalId, unit, amountMinor, payeeSealed, idempotencyKey } = payout;
  if (idempotencyKey === null) throw new Error(`payout ${id} has no key: it was never claimed`);
  return { payoutId: id, batchId, memberExternalId: externalId, currency: unit, amountMinor, idempotencyKey, payee: payeeSealed === null ? null : keyring.open(tenantId, payeeSealed) };
}
