import { grantForRun } from '../../db/write/rewards/grant-for-run.ts';
import { asId } from '../../src/domain/ids.ts';
import type { RunsDeps } from './move-run.ts';

/** `at`: when what earns it happened (epoch ms). */
export type GrantRunInput = { readonly tenantId: string; readonly runId: string; readonly fact: string; readonly at: number };
export type GrantedRun = { readonly granted: number; readonly refused: number };

/** Grants what the run's program has for a fact of its loop, once. Throws where the run has no program: it was not started as a live loop. */
export async function grantRun({ db, clock }: RunsDeps, { tenantId, runId, fact, at }: GrantRunInput): Promise<GrantedRun> {
  const tenant = asId('tnt', tenantId);
  const given = await db.asTenant(tenant, (tx) => grantForRun(tx, { tenantId: tenant, runId: asId('run', runId), fact, at, now: clock.now() }));
  if (given.outcome === 'unknown_run') throw new Error(`the run ${runId} is not there to be granted anything`);
  return { granted: given.granted, refused: given.refused };
}
