import type { MemberId, ProgramId, PromptId, RunId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { readPrompt } from '../../read/prompts.ts';
import { answerPrompt } from '../prompts/answer-prompt.ts';

export type PromptOfStart = { readonly tenantId: TenantId; readonly promptId: PromptId; readonly programId: ProgramId; readonly memberId: MemberId; readonly now: number };

/** `runId`: of the run that came of it before. `prompt_over`: it was dismissed, or it was over before anybody accepted it. */
export type TakenPrompt = { readonly outcome: 'taken'; readonly runId: RunId | null } | { readonly outcome: 'unknown_prompt' | 'prompt_of_another' | 'prompt_over' };

/** Looks whether a run may come of an offer, and locks it: of two starts at once the second finds the first's run. Changes nothing. Locks the offer before members. */
export async function takePrompt(tx: Tx, { tenantId, promptId, programId, memberId, now }: PromptOfStart): Promise<TakenPrompt> {
  await tx.sql`select 1 from prompts where tenant_id = ${tenantId} and id = ${promptId} for no key update`;
  const prompt = await readPrompt(tx, tenantId, promptId);
  if (prompt === null) return { outcome: 'unknown_prompt' };
  if (prompt.memberId !== memberId || prompt.programId !== programId) return { outcome: 'prompt_of_another' };
  if (prompt.acceptedAt === null && (prompt.dismissedAt !== null || prompt.expiresAt <= now)) return { outcome: 'prompt_over' };
  const [run] = await tx.sql<{ id: RunId }[]>`select id from runs where tenant_id = ${tenantId} and prompt_id = ${promptId}`;
  return { outcome: 'taken', runId: run?.id ?? null };
}

/** Whoever begins what was offered has accepted it; said before, it stays as it was said. */
export async function acceptPrompt(tx: Tx, { tenantId, promptId, now }: PromptOfStart): Promise<void> {
  await answerPrompt(tx, { tenantId, id: promptId, asMember: null, answer: { kind: 'accepted' }, now });
}
