import type { MemberId, ProgramId, PromptId, TenantId } from '../../src/domain/ids.ts';
import type { DestinationRules } from '../../src/domain/link/check-destination.ts';
import type { PromptTerms } from '../../src/domain/prompt/decide-prompt.ts';
import type { PromptWords } from '../../src/domain/prompt/loop-prompt.ts';
import { DEFAULT_PROMPT_LIMITS, type PastPrompt, type PromptLimits } from '../../src/domain/prompt/prompt-limits.ts';
import type { Tx } from '../client.ts';

/** An offer as its row has it. Instants in epoch ms. */
export type PromptView = {
  readonly id: PromptId;
  readonly memberId: MemberId;
  readonly programId: ProgramId;
  readonly programVersion: number;
  readonly loop: string;
  readonly moment: string;
  readonly momentId: string;
  readonly variant: string;
  readonly words: PromptWords;
  readonly destination: string | null;
  readonly decidedAt: number;
  readonly expiresAt: number;
  readonly shownAt: number | null;
  readonly acceptedAt: number | null;
  readonly dismissedAt: number | null;
  readonly rating: number | null;
  readonly ratedAt: number | null;
};

/** `from`: which rows, under the name `q`. */
export function selectPrompts({ sql }: Tx, from = sql`prompts`) {
  return sql`
    select q.id, q.member_id as "memberId", q.program_id as "programId", q.program_version as "programVersion", p.loop, q.moment, q.moment_id as "momentId", q.variant, q.words,
           v.terms ->> 'destination' as destination, q.decided_at as "decidedAt", q.expires_at as "expiresAt", q.shown_at as "shownAt", q.accepted_at as "acceptedAt",
           q.dismissed_at as "dismissedAt", q.rating, q.rated_at as "ratedAt"
    from ${from} q join programs p on p.id = q.program_id join program_versions v on v.program_id = q.program_id and v.version = q.program_version`;
}

export async function readPrompt(tx: Tx, tenantId: TenantId, id: PromptId): Promise<PromptView | null> {
  const [row] = await tx.sql<PromptView[]>`${selectPrompts(tx)} where q.tenant_id = ${tenantId} and q.id = ${id}`;
  return row ?? null;
}

/** Offers, newest first (ids sort by when they were made), after (older than) an id. */
export async function listPrompts(tx: Tx, tenantId: TenantId, page: { memberId?: MemberId | undefined; programId?: ProgramId | undefined; after: PromptId | null; limit: number }): Promise<PromptView[]> {
  return tx.sql<PromptView[]>`${selectPrompts(tx)}
    where q.tenant_id = ${tenantId}
      ${page.memberId === undefined ? tx.sql`` : tx.sql`and q.member_id = ${page.memberId}`}
      ${page.programId === undefined ? tx.sql`` : tx.sql`and q.program_id = ${page.programId}`}
      ${page.after === null ? tx.sql`` : tx.sql`and q.id < ${page.after}`}
    order by q.id desc limit ${page.limit}`;
}

/** A program that is open, of one of these loops, with what its last offers came to. */
export type PromptProgram = { readonly programId: ProgramId; readonly programVersion: number; readonly loop: string; readonly prompt: PromptTerms | null; readonly destination: string | null; readonly shown: number; readonly accepted: number; readonly home: DestinationRules };

/** So many of a program's latest offers say how often it is accepted. */
const LAST_OFFERS = 200;

export async function programsToOffer(tx: Tx, tenantId: TenantId, loops: readonly string[]): Promise<PromptProgram[]> {
  return tx.sql<PromptProgram[]>`
    select p.id as "programId", p.version as "programVersion", p.loop, v.terms -> 'prompt' as prompt, v.terms ->> 'destination' as destination,
           jsonb_build_object('publicUrl', t.public_url, 'allowedDestinations', t.allowed_destinations) as home, coalesce(o.shown, 0)::int as shown, coalesce(o.accepted, 0)::int as accepted
    from programs p join tenants t on t.id = p.tenant_id
    cross join lateral (select terms from program_versions where program_id = p.id and version = p.version limit 1) v
    left join lateral (
      select count(*) filter (where l.shown_at is not null) as shown, count(*) filter (where l.accepted_at is not null) as accepted
      from (select q.shown_at, q.accepted_at from prompts q where q.tenant_id = ${tenantId} and q.program_id = p.id order by q.decided_at desc limit ${LAST_OFFERS}) l
    ) o on true
    where p.tenant_id = ${tenantId} and p.loop = any(${[...loops]}::text[]) and p.paused_at is null and p.closed_at is null
    order by p.id`;
}

/** What these members were offered at these moments: at most one offer a moment. */
export async function promptsOfMoments(tx: Tx, tenantId: TenantId, moments: readonly Pick<PromptView, 'memberId' | 'moment' | 'momentId'>[]): Promise<PromptView[]> {
  // By its key alone: else a plan made while there was little may begin with the program, and read all of its offers.
  const byMoment = tx.sql`(select * from prompts where tenant_id = ${tenantId} and member_id = a.member_id and moment = a.moment and moment_id = a.moment_id limit 1)`;
  return tx.sql<PromptView[]>`
    select offered.* from unnest(${moments.map(({ memberId }) => memberId)}::text[], ${moments.map(({ moment }) => moment)}::text[], ${moments.map(({ momentId }) => momentId)}::text[]) a(member_id, moment, moment_id)
    cross join lateral (${selectPrompts(tx, byMoment)}) offered`;
}

const DAY_MS = 86_400_000;
/** The longest time that counts, and how many offers of it are looked at. */
const PAST = { days: 90, most: 100 };

/** What members were offered in the longest time that counts, each newest first. */
export async function pastPrompts({ sql }: Tx, tenantId: TenantId, memberIds: readonly MemberId[], now: number): Promise<Map<MemberId, PastPrompt[]>> {
  const rows = await sql<(PastPrompt & { memberId: MemberId })[]>`
    select m.id as "memberId", o.* from unnest(${[...memberIds]}::text[]) m(id) cross join lateral (
      select decided_at as "decidedAt", expires_at as "expiresAt", shown_at as "shownAt", accepted_at as "acceptedAt", dismissed_at as "dismissedAt"
      from prompts where tenant_id = ${tenantId} and member_id = m.id and decided_at > ${now - PAST.days * DAY_MS}
      order by decided_at desc limit ${PAST.most}) o`;
  const byMember = new Map<MemberId, PastPrompt[]>();
  for (const { memberId, ...past } of rows) {
    const list = byMember.get(memberId);
    if (list === undefined) byMember.set(memberId, [past]);
    else list.push(past);
  }
  return byMember;
}

/** How often this tenant's members are asked. */
export async function readPromptLimits({ sql }: Tx, tenantId: TenantId): Promise<PromptLimits> {
  const [row] = await sql<PromptLimits[]>`
    select per_hour as "perHour", per_day as "perDay", stop_after_ignored as "stopAfterIgnored", rest_days as "restDays", cooling_hours as "coolingHours"
    from prompt_settings where tenant_id = ${tenantId}`;
  return row ?? DEFAULT_PROMPT_LIMITS;
}
