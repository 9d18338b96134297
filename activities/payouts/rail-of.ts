import { readRail } from '../../db/read/payout-rails.ts';
import type { PayoutToSend } from '../../db/write/payouts/claim-payout.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import type { PayoutRail } from '../../src/providers/payout/payout-rail.ts';
import type { PayoutDeps } from './deps.ts';

/** The rail a payout was approved for, with the tenant's settings of now: a secret may have been changed, an address not. */
export async function railOf({ db, keyring, openRail }: Pick<PayoutDeps, 'db' | 'keyring' | 'openRail'>, tenantId: TenantId, { id, rail }: PayoutToSend): Promise<PayoutRail> {
  if (rail === null) throw new Error(`payout ${id} was never approved`);
  const settings = await db.asTenant(tenantId, (tx) => readRail(tx, tenantId, rail));
  if (settings === null) throw new Error(`the rail ${rail} of payout ${id} has no settings`);
  const { url, secretSealed } = settings;
  return openRail({ kind: rail, address: url === null || secretSealed === null ? null : { url, secret: keyring.open(tenantId, secretSealed) } });
}
