import { FACTS_A_LOOK, factsNotSeen } from '../../db/read/run-facts.ts';
import { asId } from '../../src/domain/ids.ts';
import type { ToldFact } from '../../src/domain/run/fact.ts';
import type { RunLifeInput, RunsDeps } from './move-run.ts';

export type RecallFactsInput = RunLifeInput & { readonly seen: readonly string[] };
/** `more`: ask again, with these among the seen. */
export type RecalledFacts = { readonly facts: readonly ToldFact[]; readonly more: boolean };

/** What a run was told and has not seen: at its start where it begins again, and before a deadline counts. */
export async function recallFacts({ db }: Pick<RunsDeps, 'db'>, { tenantId, runId, seen }: RecallFactsInput): Promise<RecalledFacts> {
  const tenant = asId('tnt', tenantId);
  const facts = await db.asTenant(tenant, (tx) => factsNotSeen(tx, { tenantId: tenant, runId, seen }));
  return { facts, more: facts.length === FACTS_A_LOOK };
}
