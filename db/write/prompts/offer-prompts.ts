import { newId } from '../../../src/config/new-id.ts';
import type { MemberId, ProgramId, TenantId } from '../../../src/domain/ids.ts';
import type { DestinationRules } from '../../../src/domain/link/check-destination.ts';
import { decidePrompt, type PromptCandidate, type PromptDecision } from '../../../src/domain/prompt/decide-prompt.ts';
import type { LoopPrompt, MomentData, PromptWords } from '../../../src/domain/prompt/loop-prompt.ts';
import type { PastPrompt } from '../../../src/domain/prompt/prompt-limits.ts';
import type { Tx } from '../../client.ts';
import { pastPrompts, programsToOffer, promptsOfMoments, readPromptLimits, type PromptProgram, type PromptView } from '../../read/prompts.ts';
import { findByKeysInOrder } from '../by-keys.ts';
import { lockReading } from '../lock-people.ts';
import { insertOffers } from './insert-offers.ts';

/** A moment of a member. `momentId`: the app's own id of it, so that asking again gets the same answer. */
export type Moment = {
  readonly member: { readonly memberId: MemberId } | { readonly externalId: string };
  readonly moment: string;
  readonly momentId: string;
  readonly data: MomentData;
  /** The loops that fit it, by their definitions. */
  readonly loops: ReadonlyMap<string, LoopPrompt>;
  /** The words of what was decided, in the member's language (BCP 47; null: not known). */
  readonly say: (decision: Extract<PromptDecision, { kind: 'prompt' }>, locale: string | null) => PromptWords;
};

export type Offered =
  | { readonly outcome: 'unknown_member' }
  | { readonly outcome: 'offered'; readonly prompt: PromptView }
  | { readonly outcome: 'none'; readonly decision: Extract<PromptDecision, { kind: 'none' }> };

/** `home`: where links lead of which nobody said where; null: not looked up. */
export type OfferedAll = { readonly offers: readonly Offered[]; readonly home: DestinationRules | null };

type Asked = { id: MemberId; externalId: string; isMinor: boolean; parentAllows: boolean; locale: string | null };
type Context = { readonly programs: readonly PromptProgram[]; readonly limits: Parameters<typeof decidePrompt>[0]['limits']; readonly now: number };

/**
 * Decides what to offer at moments of one tenant's members, one outcome for each in the same order, and keeps the offers. The members'
 * rows are locked, so that two moments at once cannot both be offered what the limits allow once; of several moments of one member here the
 * earlier is known to the later. Only offers are kept; `none` has no effect. Seven statements in two round trips, however many they are.
 */
export async function offerPrompts(tx: Tx, { tenantId, moments, now }: { readonly tenantId: TenantId; readonly moments: readonly Moment[]; readonly now: number }): Promise<OfferedAll> {
  findByKeysInOrder(tx);
  const members = await lockAsked(tx, tenantId, moments);
  const asking = moments.map((moment) => ({ ...moment, asked: members.find(moment.member) }));
  const memberIds = members.ids();
  if (memberIds.length === 0) return { offers: moments.map(() => ({ outcome: 'unknown_member' })), home: null };
  const [before, limits, programs, history] = await Promise.all([
    promptsOfMoments(tx, tenantId, asking.flatMap(({ asked, moment, momentId }) => (asked === undefined ? [] : [{ memberId: asked.id, moment, momentId }]))),
    readPromptLimits(tx, tenantId),
    programsToOffer(tx, tenantId, [...new Set(moments.flatMap(({ loops }) => [...loops.keys()]))]),
    pastPrompts(tx, tenantId, memberIds, now),
  ]);
  const known = new Map(before.map((prompt) => [nameOf(prompt), prompt]));
  const made: PromptView[] = [];
  const offers = asking.map(({ asked, ...moment }): Offered => {
    if (asked === undefined) return { outcome: 'unknown_member' };
    const prompt = known.get(nameOf({ memberId: asked.id, ...moment }));
    if (prompt !== undefined) return { outcome: 'offered', prompt };
    const outcome = decideOne(moment, asked, history.get(asked.id) ?? [], { programs, limits, now });
    if (outcome.outcome !== 'offered') return outcome;
    made.push(outcome.prompt);
    known.set(nameOf(outcome.prompt), outcome.prompt);
    history.set(asked.id, [outcome.prompt, ...(history.get(asked.id) ?? [])]);
    return outcome;
  });
  if (made.length > 0) tx.answerLater(insertOffers(tx, tenantId, made));
  return { offers, home: programs[0]?.home ?? null };
}

function nameOf({ memberId, moment, momentId }: Pick<PromptView, 'memberId' | 'moment' | 'momentId'>): string {
  return `${memberId} ${moment} ${momentId}`;
}

async function lockAsked(tx: Tx, tenantId: TenantId, moments: readonly Moment[]) {
  const { sql } = tx;
  const ids = moments.flatMap(({ member }) => ('memberId' in member ? [member.memberId] : []));
  const externalIds = moments.flatMap(({ member }) => ('externalId' in member ? [member.externalId] : []));
  const named = sql`
    select unnest(${ids}::text[]) as id
    union select m.id from unnest(${externalIds}::text[]) e(name) cross join lateral (select id from members where tenant_id = ${tenantId} and external_id = e.name limit 1) m`;
  const rows = await sql<Asked[]>`${lockReading(tx, named, sql`id, external_id as "externalId", is_minor as "isMinor", parent_allows as "parentAllows", locale`)}`;
  const byId = new Map(rows.map((row): [string, Asked] => [row.id, row]));
  const byExternalId = new Map(rows.map((row) => [row.externalId, row]));
  return {
    ids: () => rows.map(({ id }) => id),
    find: (member: Moment['member']): Asked | undefined => ('memberId' in member ? byId.get(member.memberId) : byExternalId.get(member.externalId)),
  };
}

function decideOne({ moment, momentId, data, loops, say }: Moment, asked: Asked, history: readonly PastPrompt[], { programs, limits, now }: Context): Offered {
  const candidates = programs.flatMap((program) => candidateOf(program, loops));
  const decision = decidePrompt({ moment, data, personId: asked.id, isMinor: asked.isMinor, parentAllows: asked.parentAllows, candidates, history, limits, now });
  if (decision.kind === 'none') return { outcome: 'none', decision };
  const { candidate: { programId, programVersion, loop }, variant, expiresAt } = decision;
  return {
    outcome: 'offered',
    prompt: {
      id: newId('prm', now), memberId: asked.id, programId, programVersion, loop, moment, momentId, variant, words: say(decision, asked.locale),
      destination: destinationOf(programs, programId), decidedAt: now, expiresAt, shownAt: null, acceptedAt: null, dismissedAt: null, rating: null, ratedAt: null,
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
