import { newId } from '../../../src/config/new-id.ts';
import type { MemberId, ProgramId, TenantId } from '../../../src/domain/ids.ts';
import type { DestinationRules } from '../../../src/domain/link/check-destination.ts';
import { decidePrompt, type PromptCandidate, type PromptDecision } from '../../../src/domain/prompt/decide-prompt.ts';
import type { LoopPrompt, MomentData, PromptWords } from '../../../src/domain/prompt/loop-prompt.ts';
import type { PastPrompt } from '../../../src/domain/prompt/prompt-limits.ts';
import type { Tx } from '../../client.ts';
import { programsToOffer, readPromptLimits, selectPrompts, type PromptProgram, type PromptView } from '../../read/prompts.ts';

/** A moment of a member. `momentId`: the app's own id of it, so that asking again gets the same answer. */
export type Moment = {
  readonly tenantId: TenantId;
  readonly member: { readonly memberId: MemberId } | { readonly externalId: string };
  readonly moment: string;
  readonly momentId: string;
  readonly data: MomentData;
  /** The loops that fit it, by their definitions. */
  readonly loops: ReadonlyMap<string, LoopPrompt>;
  /** The words of what was decided, in the member's language (BCP 47; null: not known). */
  readonly say: (decision: Extract<PromptDecision, { kind: 'prompt' }>, locale: string | null) => PromptWords;
  readonly now: number;
};

export type Offered =
  | { readonly outcome: 'unknown_member' }
  | { readonly outcome: 'offered'; readonly prompt: PromptView; /** Where links lead of which nobody said where; null: not looked up. */ readonly home: DestinationRules | null }
  | { readonly outcome: 'none'; readonly decision: Extract<PromptDecision, { kind: 'none' }> };

type Asked = { id: MemberId; isMinor: boolean; parentAllows: boolean; locale: string | null };

const DAY_MS = 86_400_000;
/** More offers than these within the time that counts are not looked at. */
const MOST_PAST = 100;

/**
 * Decides what to offer a member at a moment, and keeps it. The member's row is locked, so that two moments at once cannot both be
 * offered what the limits allow once. Only an offer is kept; `none` has no effect. Takes two round trips.
 */
export async function offerPrompt(tx: Tx, { tenantId, member, moment, momentId, data, loops, say, now }: Moment): Promise<Offered> {
  const [asked] = await tx.sql<Asked[]>`
    select id, is_minor as "isMinor", parent_allows as "parentAllows", locale from members
    where tenant_id = ${tenantId} and ${'memberId' in member ? tx.sql`id = ${member.memberId}` : tx.sql`external_id = ${member.externalId}`} for no key update`;
  if (asked === undefined) return { outcome: 'unknown_member' };
  const [[before], limits, programs, history] = await Promise.all([
    tx.sql<PromptView[]>`${selectPrompts(tx)} where q.tenant_id = ${tenantId} and q.member_id = ${asked.id} and q.moment = ${moment} and q.moment_id = ${momentId}`,
    readPromptLimits(tx, tenantId),
    programsToOffer(tx, tenantId, [...loops.keys()]),
    pastPrompts(tx, tenantId, asked.id, now),
  ]);
  if (before !== undefined) return { outcome: 'offered', prompt: before, home: null };
  const candidates = programs.flatMap((program) => candidateOf(program, loops));
  const decision = decidePrompt({ moment, data, personId: asked.id, isMinor: asked.isMinor, parentAllows: asked.parentAllows, candidates, history, limits, now });
  if (decision.kind === 'none') return { outcome: 'none', decision };
  const { candidate, variant, expiresAt } = decision;
  const words = say(decision, asked.locale);
  const id = newId('prm', now);
  tx.answerLater(tx.sql`
    insert into prompts (id, tenant_id, member_id, program_id, program_version, moment, moment_id, variant, words, decided_at, expires_at)
    values (${id}, ${tenantId}, ${asked.id}, ${candidate.programId}, ${candidate.programVersion}, ${moment}, ${momentId}, ${variant}, ${JSON.stringify(words)}::jsonb, ${now}, ${expiresAt})`);
  return {
    outcome: 'offered',
    home: programs[0]?.home ?? null,
    prompt: {
      id, memberId: asked.id, programId: candidate.programId, programVersion: candidate.programVersion, loop: candidate.loop, moment, momentId, variant, words,
      destination: destinationOf(programs, candidate.programId), decidedAt: now, expiresAt, shownAt: null, acceptedAt: null, dismissedAt: null, rating: null, ratedAt: null,
    },
  };
}

function candidateOf({ prompt: terms, loop, programId, programVersion, shown, accepted }: PromptProgram, loops: ReadonlyMap<string, LoopPrompt>): PromptCandidate[] {
  const prompt = loops.get(loop);
  return prompt === undefined ? [] : [{ programId, programVersion, loop, prompt, terms: terms ?? {}, shown, accepted }];
}

function destinationOf(programs: readonly PromptProgram[], id: ProgramId): string | null {
  return programs.find(({ programId }) => programId === id)?.destination ?? null;
}

/** Of the longest time that counts, newest first. */
async function pastPrompts(tx: Tx, tenantId: TenantId, memberId: MemberId, now: number): Promise<PastPrompt[]> {
  return tx.sql<PastPrompt[]>`
    select decided_at as "decidedAt", expires_at as "expiresAt", shown_at as "shownAt", accepted_at as "acceptedAt", dismissed_at as "dismissedAt"
    from prompts where tenant_id = ${tenantId} and member_id = ${memberId} and decided_at > ${now - 90 * DAY_MS}
    order by decided_at desc limit ${MOST_PAST}`;
}
