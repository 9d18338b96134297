import { createHash } from 'node:crypto';
import { asId, type MemberId, type ProgramId, type RunId, type TenantId } from '../../../src/domain/ids.ts';
import type { ProgramTerms } from '../../../src/domain/program/terms.ts';
import type { Tx } from '../../client.ts';
import { readRunLink } from '../../read/run-people.ts';
import type { RunToStart } from './run-to-start.ts';
import { takePrompt, type PromptOfStart, type TakenPrompt } from './take-prompt.ts';

/** What is asked for may begin, with all that it takes. */
export type Start = RunToStart & {
  readonly program: Offered;
  /** Null: each start is a run of its own. */
  readonly occasion: string | null;
  /** By role; the member first. */
  readonly people: readonly (readonly [string, MemberId])[];
  readonly prompt: PromptOfStart | null;
};
/** `there`: the occasion or the offer has its run. */
export type Judged =
  | { readonly outcome: 'start'; readonly start: Start }
  | { readonly outcome: 'there'; readonly run: RunThere; readonly prompt: PromptOfStart | null }
  | { readonly outcome: 'unknown_program' | 'other_loop' | 'program_closed' | 'program_paused' | 'minor' }
  | Exclude<TakenPrompt, { outcome: 'taken' }>;
export type RunThere = { readonly runId: RunId; readonly code: string | null };

type Asking = { readonly tenantId: TenantId; readonly runs: readonly RunToStart[]; readonly now: number };
const LONGEST_SUBJECT = 200;

/** Which starts may begin, in their order. Locks the offers that they come of, and changes nothing. */
export async function judgeStarts(tx: Tx, { tenantId, runs, now }: Asking): Promise<Judged[]> {
  const programs = await findOffered(tx, tenantId, runs.map(({ programId }) => programId));
  const known = runs.map((run) => {
    const prompt = run.promptId == null ? null : { tenantId, promptId: run.promptId, programId: run.programId, memberId: run.memberId, now };
    return { ...run, prompt, program: programs.get(run.programId), occasion: occasionOf(run), people: peopleOf(run) };
  });
  const offers = new Map<string, TakenPrompt>();
  for (const prompt of known.flatMap(({ prompt: one }) => one ?? []).toSorted((a, b) => (a.promptId < b.promptId ? -1 : 1))) {
    offers.set(`${prompt.promptId} ${prompt.programId} ${prompt.memberId}`, await takePrompt(tx, prompt));
  }
  const [there, barred] = await Promise.all([findOccasions(tx, tenantId, known), findMinors(tx, known.flatMap((run) => (isForMinors(run) ? [] : run.people.map(([, id]) => id))))]);
  return Promise.all(known.map(async ({ program, ...run }): Promise<Judged> => {
    const { prompt, programId, memberId, occasion, people, loop } = run;
    if (program === undefined) return { outcome: 'unknown_program' };
    if (program.loop !== loop.key) return { outcome: 'other_loop' };
    const offer = prompt === null ? undefined : offers.get(`${prompt.promptId} ${programId} ${memberId}`);
    if (offer !== undefined && offer.outcome !== 'taken') return offer;
    if (offer?.runId != null) return { outcome: 'there', run: { runId: offer.runId, code: await readRunLink(tx, tenantId, offer.runId) }, prompt: null };
    const other = occasion === null ? undefined : there.get(nameOf({ programId, memberId, occasion }));
    if (other !== undefined) return { outcome: 'there', run: other, prompt };
    if (program.isClosed) return { outcome: 'program_closed' };
    if (program.isPaused) return { outcome: 'program_paused' };
    if (!isForMinors(run) && people.some(([, id]) => isBarred(barred.get(id), loop.life.prompt?.minors))) return { outcome: 'minor' };
    return { outcome: 'start', start: { ...run, program } };
  }));
}

type Offered = { readonly id: ProgramId; readonly loop: string; readonly version: number; readonly isClosed: boolean; readonly isPaused: boolean; readonly terms: ProgramTerms };

async function findOffered(tx: Tx, tenantId: TenantId, ids: readonly ProgramId[]): Promise<Map<ProgramId, Offered>> {
  const rows = await tx.sql<Offered[]>`
    select p.id, p.loop, p.version, p.closed_at is not null as "isClosed", p.paused_at is not null as "isPaused", v.terms
    from unnest(${[...new Set(ids)]}::text[]) as w (id)
    cross join lateral (select id, loop, version, closed_at, paused_at from programs where tenant_id = ${tenantId} and id = w.id limit 1) p
    cross join lateral (select terms from program_versions where program_id = p.id and version = p.version limit 1) v`;
  return new Map(rows.map((row) => [row.id, row]));
}

type Occasion = { readonly programId: ProgramId; readonly memberId: MemberId; readonly occasion: string | null };

/** The runs that occasions have, by `nameOf`. */
export async function findOccasions(tx: Tx, tenantId: TenantId, asked: readonly Occasion[]): Promise<Map<string, RunThere>> {
  const named = asked.filter(({ occasion }) => occasion !== null);
  if (named.length === 0) return new Map();
  const rows = await tx.sql<(RunThere & Occasion)[]>`
    select w.program_id as "programId", w.member_id as "memberId", w.subject as occasion, r.id as "runId",
           (select l.code from links l where l.tenant_id = ${tenantId} and l.run_id = r.id and l.kind = 'share' order by l.created_at limit 1) as code
    from unnest(${named.map(({ programId }) => programId)}::text[], ${named.map(({ memberId }) => memberId)}::text[], ${named.map(({ occasion }) => occasion)}::text[]) as w (program_id, member_id, subject)
    cross join lateral (select id from runs where tenant_id = ${tenantId} and program_id = w.program_id and member_id = w.member_id and subject = w.subject limit 1) r`;
  return new Map(rows.map((row) => [nameOf(row), { runId: row.runId, code: row.code }]));
}

export function nameOf({ programId, memberId, occasion }: Occasion): string {
  return JSON.stringify([programId, memberId, occasion]);
}

type Minor = { readonly id: MemberId; readonly isAllowed: boolean };

async function findMinors(tx: Tx, ids: readonly MemberId[]): Promise<Map<MemberId, Minor>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.sql<Minor[]>`
    select m.id, m.parent_allows as "isAllowed" from unnest(${[...new Set(ids)]}::text[]) as w (id)
    cross join lateral (select id, is_minor, parent_allows from members where id = w.id limit 1) m where m.is_minor`;
  return new Map(rows.map((row) => [row.id, row]));
}

/** As the loop's prompts have it. */
function isForMinors({ loop: { life: { prompt } } }: RunToStart): boolean {
  return prompt === undefined || prompt.minors === 'allowed';
}

function isBarred(minor: Minor | undefined, rule: string | undefined): boolean {
  return minor !== undefined && !(minor.isAllowed && rule === 'parent_allows');
}

/** The member first; then those whom the start names by a field, each once. */
function peopleOf({ loop, memberId, input }: RunToStart): [string, MemberId][] {
  const named = Object.entries(loop.life.start.fields).flatMap(([name, kind]): [string, MemberId][] => {
    const value = kind === 'member' || kind === 'optional member' ? input[name] : undefined;
    return typeof value === 'string' && value !== memberId ? [[name, asId('mbr', value)]] : [];
  });
  return [['member', memberId], ...named];
}

/** Too long a name is kept as what is the same for the same name alone. */
function occasionOf({ loop, input, subject }: RunToStart): string | null {
  const fields = loop.life.start.subject;
  const named = subject ?? (fields === undefined ? null : fields.map((field) => String(input[field] ?? '')).join(' '));
  if (named === null || named.length <= LONGEST_SUBJECT) return named;
  return `sha256:${createHash('sha256').update(named).digest('hex')}`;
}
