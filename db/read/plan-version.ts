import type { Tx } from '../client.ts';
import { lawVersion } from './law-book.ts';

/**
 * The version of all rules that a plan is made of, the tenant's (`t`), the program's (`p`) and the law's together: each only
 * grows, so a plan of another sum is stale.
 */
export function planVersion(tx: Tx) {
  return tx.sql`t.rules_version + p.rules_version + ${lawVersion(tx)}`;
}
