import { newId } from '../../src/config/new-id.ts';
import type { ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { ProgramTerms } from '../../src/domain/program/terms.ts';
import type { Tx } from '../client.ts';
import { programs, programVersions } from '../schema/programs.ts';
import { recordDecision } from './decide.ts';
import { mirrorBudgets } from './rewards/mirror-budgets.ts';

export type NewProgram = { tenantId: TenantId; loop: string; title: string; topic: string; terms: ProgramTerms; actor: string; now: number };

/** Makes a program and its first version. The terms have been judged before. */
export async function createProgram(tx: Tx, { tenantId, loop, title, topic, terms, actor, now }: NewProgram): Promise<ProgramId> {
  const id = newId('prg', now);
  await tx.orm.insert(programs).values({ id, tenantId, loop, title, topic, version: 1, rulesVersion: 1, pausedAt: null, createdAt: now, updatedAt: now });
  await tx.orm.insert(programVersions).values({ programId: id, version: 1, tenantId, title, terms, createdAt: now });
  if (terms.rewards?.budgets !== undefined) await mirrorBudgets(tx, { tenantId, programId: id, rewards: terms.rewards });
  await recordDecision(tx, { tenantId, subjectId: id, kind: 'program_created', rule: 'The app made a program.', inputs: { loop, version: 1 }, actor, now });
  return id;
}
