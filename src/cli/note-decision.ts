import { recordDecision } from '../../db/write/decide.ts';
import type { Decision } from '../../db/write/decide.ts';
import type { Context } from './context.ts';
import { reasonOf } from './say-failure.ts';

/**
 * Writes into the audit what the owner has just done about tenants and keys. The owner does not see a tenant's rows, so it is
 * the app's transaction, after the deed: a secret that was made is shown even where this fails, and the failure is said.
 */
export async function noteDecision(context: Context, decision: Decision): Promise<void> {
  try {
    await context.app().asTenant(decision.tenantId, (tx) => recordDecision(tx, decision));
  } catch (error) {
    context.say(`It was done, but could not be noted in the audit: ${reasonOf(error)}`);
  }
}
