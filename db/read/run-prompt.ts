import type { PromptId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** The offer of which a run came. Instants in epoch ms. */
export type RunPromptView = { readonly id: PromptId; readonly moment: string; readonly variant: string; readonly shownAt: number | null; readonly acceptedAt: number | null };

/** Null: the run came of none, or of one that is gone by now. */
export async function readRunPrompt(tx: Tx, tenantId: TenantId, runId: string): Promise<RunPromptView | null> {
  const [row] = await tx.sql<RunPromptView[]>`
    select q.id, q.moment, q.variant, q.shown_at as "shownAt", q.accepted_at as "acceptedAt"
    from runs r join prompts q on q.tenant_id = r.tenant_id and q.id = r.prompt_id where r.tenant_id = ${tenantId} and r.id = ${runId}`;
  return row ?? null;
}
