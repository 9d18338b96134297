import type { Tx } from '../client.ts';
import type { SqlPart } from './consent.ts';

/**
 * Referrals by which a member came, of all programs; `referee` is an expression of the member's id. What counts as acquisition has a unique
 * key of its own, the few others an index: together they cost a referral no more than the key it needs anyway.
 */
export function referralsOfReferee({ sql }: Tx, referee: SqlPart) {
  const those = () => sql`select * from referrals where tenant_id = current_tenant() and referee_id = ${referee}`;
  return sql`${those()} and acquisition union all ${those()} and not acquisition`;
}
