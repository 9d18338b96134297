import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import { defaultDestination } from '../../src/domain/link/default-destination.ts';
import type { ProgramTerms } from '../../src/domain/program/terms.ts';
import type { PastPrompt, PromptLimits } from '../../src/domain/prompt/prompt-limits.ts';
import { groupBy } from '../../src/domain/group-by.ts';
import type { ZoneOrigin } from '../../src/domain/zone/zone-candidates.ts';
import type { Tx } from '../client.ts';
import type { QuietHours } from '../schema/people.ts';
import { pushRules, type PushRules } from './feed-push-rules.ts';
import { destinationRules } from './link-owner.ts';
import { programsToOffer, readPromptLimits, type PromptProgram } from './prompts.ts';
import { located, whereabouts } from './whereabouts.ts';

/** A program that members are offered, and its terms: its windows bind an offer that nobody asked for. */
export type OfferedProgram = PromptProgram & { readonly terms: ProgramTerms; readonly topic: string };

/** What binds offers to a tenant's members while a sweep is at it. `home`: where an offer leads whose program says nothing. */
export type StreakOffering = { readonly programs: readonly OfferedProgram[]; readonly limits: PromptLimits; readonly rules: PushRules; readonly home: string };

/** Reads it by a few statements; null: the tenant has no open program of these loops, or is paused. */
export async function readStreakOffering(tx: Tx, tenantId: TenantId, loops: readonly string[]): Promise<StreakOffering | null> {
  const [programs, pinned] = await Promise.all([
    programsToOffer(tx, tenantId, loops),
    tx.sql<{ programId: string; terms: ProgramTerms; topic: string }[]>`
      select p.id as "programId", v.terms, p.topic from programs p join program_versions v on v.program_id = p.id and v.version = p.version
      where p.tenant_id = ${tenantId} and p.loop = any(${[...loops]}::text[]) and p.paused_at is null and p.closed_at is null`,
  ]);
  if (programs.length === 0) return null;
  const [limits, rules, destinations] = await Promise.all([readPromptLimits(tx, tenantId), pushRules(tx, tenantId), destinationRules(tx, tenantId)]);
  if (rules.isPaused) return null;
  const termsOf = new Map(pinned.map(({ programId, terms, topic }) => [programId, { terms, topic }]));
  return {
    limits, rules, home: defaultDestination(destinations),
    programs: programs.flatMap((program): OfferedProgram[] => {
      const more = termsOf.get(program.programId);
      return more === undefined ? [] : [{ ...program, ...more }];
    }),
  };
}

/** A member to whom something might be offered, and what was offered before, newest first. */
export type OfferedMember = {
  readonly memberId: MemberId;
  readonly isMinor: boolean;
  readonly parentAllows: boolean;
  readonly locale: string | null;
  readonly zones: readonly string[];
  readonly zoneSource: ZoneOrigin | null;
  readonly places: readonly string[];
  readonly memberQuiet: QuietHours | null;
  /** By topic: wants nothing of it in the app. `*`: of none. */
  readonly inAppOff: readonly string[];
  readonly history: readonly PastPrompt[];
};

const DAY_MS = 86_400_000;
/** As a single decision looks back, and no further. */
const LOOK_BACK_MS = 90 * DAY_MS;
const MOST_PAST = 100;

/** By two statements, whatever the count. */
export async function readOfferedMembers(tx: Tx, { tenantId, memberIds, now }: { tenantId: TenantId; memberIds: readonly MemberId[]; now: number }): Promise<Map<MemberId, OfferedMember>> {
  const [rows, past] = await Promise.all([
    tx.sql<Omit<OfferedMember, 'history'>[]>`
      select m.id as "memberId", m.parent_allows as "parentAllows", m.locale, ${whereabouts(tx)},
             array(select o.topic from feed_choices o where o.tenant_id = ${tenantId} and o.member_id = m.id and o.channel = 'in_app' and o.state = 'out') as "inAppOff"
      from unnest(${[...memberIds]}::text[]) as a (id) join members m on m.tenant_id = ${tenantId} and m.id = a.id left join contacts c on c.id = m.contact_id`,
    tx.sql<(PastPrompt & { memberId: MemberId })[]>`
      select a.id as "memberId", q.decided_at as "decidedAt", q.expires_at as "expiresAt", q.shown_at as "shownAt", q.accepted_at as "acceptedAt", q.dismissed_at as "dismissedAt"
      from unnest(${[...memberIds]}::text[]) as a (id) cross join lateral (
        select * from prompts p where p.tenant_id = ${tenantId} and p.member_id = a.id and p.decided_at > ${now - LOOK_BACK_MS} order by p.decided_at desc limit ${MOST_PAST}) q
      order by q.decided_at desc`,
  ]);
  const historyOf = groupBy(past, ({ memberId }) => memberId);
  return new Map(rows.map((row) => [row.memberId, { ...located(row), history: historyOf.get(row.memberId) ?? [] }]));
}
