import type { MemberId, PromptId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { readPrompt, type PromptView } from '../../read/prompts.ts';

/** What a member did with an offer. `rating`: one tap, 1 to 5. */
export type PromptAnswer = { readonly kind: 'shown' | 'accepted' | 'dismissed' } | { readonly kind: 'rated'; readonly rating: number };

export type PromptAnswered =
  | { readonly outcome: 'not_found' }
  /** Accepted after it was dismissed, or the other way round; or accepted when it was over. */
  | { readonly outcome: 'too_late'; readonly prompt: PromptView }
  | { readonly outcome: 'answered'; readonly prompt: PromptView };

type Answering = { readonly tenantId: TenantId; readonly id: PromptId; /** Left out: whosever it is. */ readonly asMember: MemberId | null; readonly answer: PromptAnswer; readonly now: number };

/**
 * Keeps what a member did with an offer, each once: said again it changes nothing, but for a rating, of which the last holds. Whoever
 * accepted, dismissed or rated it has seen it. It is accepted or dismissed, never both, and not accepted when it is over.
 */
export async function answerPrompt(tx: Tx, { tenantId, id, asMember, answer, now }: Answering): Promise<PromptAnswered> {
  await tx.sql`select 1 from prompts where tenant_id = ${tenantId} and id = ${id} for no key update`;
  const before = await readPrompt(tx, tenantId, id);
  if (before === null || (asMember !== null && before.memberId !== asMember)) return { outcome: 'not_found' };
  const after = answered(before, answer, now);
  if (after === null) return { outcome: 'too_late', prompt: before };
  await tx.sql`
    update prompts set shown_at = ${after.shownAt}, accepted_at = ${after.acceptedAt}, dismissed_at = ${after.dismissedAt}, rating = ${after.rating}, rated_at = ${after.ratedAt}
    where tenant_id = ${tenantId} and id = ${id}`;
  return { outcome: 'answered', prompt: after };
}

function answered(prompt: PromptView, answer: PromptAnswer, now: number): PromptView | null {
  const shown = { ...prompt, shownAt: prompt.shownAt ?? now };
  switch (answer.kind) {
    case 'shown': return shown;
    case 'rated': return { ...shown, rating: answer.rating, ratedAt: now };
    case 'accepted':
      if (prompt.acceptedAt !== null) return prompt;
      return prompt.dismissedAt !== null || prompt.expiresAt <= now ? null : { ...shown, acceptedAt: now };
    case 'dismissed':
      if (prompt.dismissedAt !== null) return prompt;
      return prompt.acceptedAt !== null ? null : { ...shown, dismissedAt: now };
  }
}
