import { createHash } from 'node:crypto';
import { drawBytes } from '../../../src/config/draw-bytes.ts';
import type { Keyring } from '../../../src/config/keyring.ts';
import { newId } from '../../../src/config/new-id.ts';
import type { InviteDecision } from '../../../src/domain/invite/decide-invites.ts';
import { asId, type BatchId, type MemberId, type ProgramId, type PromptId, type RunId, type TenantId } from '../../../src/domain/ids.ts';
import { shareCode } from '../../../src/domain/link/code.ts';
import { defaultDestination } from '../../../src/domain/link/default-destination.ts';
import { liveTerms, type LiveLoopDefinition, type StartInput } from '../../../src/domain/program/live-loop.ts';
import type { ProgramTerms } from '../../../src/domain/program/terms.ts';
import type { Tx } from '../../client.ts';
import { destinationRules } from '../../read/link-owner.ts';
import { readRunLink } from '../../read/run-people.ts';
import { acceptInvites, type Invitee } from '../accept-invites.ts';
import { createShareLink } from '../create-link.ts';
import { recordDecision } from '../decide.ts';
import { LANE_SIGNAL } from '../lane.ts';
import { holdMembers } from '../lock-people.ts';
import { addPerson } from './add-person.ts';
import { keepPrivate } from './keep-private.ts';
import { acceptPrompt, takePrompt, type TakenPrompt } from './take-prompt.ts';

export type RunToStart = {
  readonly tenantId: TenantId;
  /** Of the program's loop. */
  readonly loop: LiveLoopDefinition;
  readonly programId: ProgramId;
  readonly memberId: MemberId;
  /** The definition's start fields, read: instants in epoch ms, members by their `mbr_` ids, and whatever ids else its workflow needs. */
  readonly input: StartInput;
  /** The private fields: sealed, and in no input. */
  readonly privates?: Readonly<Record<string, string>>;
  /** The app's name for the occasion; null: as the definition has it, and where it names none each start is a run of its own. */
  readonly subject: string | null;
  readonly invitees?: readonly Invitee[];
  /** The offer that it comes of: accepted with the start. */
  readonly promptId?: PromptId | null;
  readonly actor: string;
  readonly now: number;
};

export type RunInvites = { readonly batchId: BatchId; readonly expiresAt: number; readonly decisions: readonly InviteDecision[] };
/** `already_there`: this occasion has its run, open or over; nothing was changed. `code`: of the link to its landing page. */
export type StartedRun =
  | { readonly outcome: 'started'; readonly runId: RunId; readonly code: string; readonly invites: RunInvites | null }
  | { readonly outcome: 'already_there'; readonly runId: RunId; readonly code: string | null }
  | { readonly outcome: 'unknown_program' | 'other_loop' | 'program_closed' | 'program_paused' | 'minor' }
  | Exclude<TakenPrompt, { outcome: 'taken' }>;

/** The step under which the invites of a start stand. */
export const INVITE_STEP = 'invite';
const LONGEST_SUBJECT = 200;

/**
 * Starts a run for a member, in one transaction: its row with the program's version and numbers pinned, who is in it from the start, the
 * link to its landing page (the member's share link for this program: who signs up by it is credited to the member), its invites, decided
 * like any (suppression, caps, cooling), and what the relay hands to Temporal. One run an occasion, and one an offer: a repeat answers the same run. Keeps the
 * order of locks: call it before anything that locks payments, referrals or runs.
 */
export async function startRun(tx: Tx, keyring: Keyring, request: RunToStart): Promise<StartedRun> {
  const { tenantId, loop, programId, memberId, actor, now } = request;
  const program = await readOffered(tx, tenantId, programId);
  if (program === null) return { outcome: 'unknown_program' };
  if (program.loop !== loop.key) return { outcome: 'other_loop' };
  const subject = subjectOf(request);
  const prompt = request.promptId == null ? null : { tenantId, promptId: request.promptId, programId, memberId, now };
  const taken = prompt === null ? null : await takePrompt(tx, prompt);
  if (taken !== null && taken.outcome !== 'taken') return taken;
  if (taken?.runId != null) return { outcome: 'already_there', runId: taken.runId, code: await readRunLink(tx, tenantId, taken.runId) };
  const known = subject === null ? null : await runOfSubject(tx, { tenantId, programId, memberId, subject });
  if (known !== null && prompt !== null) await acceptPrompt(tx, prompt);
  if (known !== null) return { outcome: 'already_there', ...known };
  if (program.isClosed) return { outcome: 'program_closed' };
  if (program.isPaused) return { outcome: 'program_paused' };
  const people = peopleOf(request);
  if (await isBarred(tx, loop, people.map(([, personId]) => personId))) return { outcome: 'minor' };
  // Else a fact of theirs that is stored at this instant would neither find them in the run nor be found.
  holdMembers(tx, people.map(([, personId]) => personId));
  if (prompt !== null) await acceptPrompt(tx, prompt);
  const runId = newId('run', now);
  const input = { ...request.input, memberId, startedAt: now, invited: request.invitees?.length ?? 0, terms: liveTerms(loop.life, program.terms) };
  if (!(await insertRun(tx, { ...request, runId, subject, input, version: program.version, stage: loop.life.start.stage }))) {
    const other = subject === null ? null : await runOfSubject(tx, { tenantId, programId, memberId, subject });
    if (other === null) throw new Error('a run was there and is gone');
    return { outcome: 'already_there', ...other };
  }
  const code = shareCode(keyring, drawBytes(16));
  const destination = program.terms.destination ?? defaultDestination(await destinationRules(tx, tenantId));
  await createShareLink(tx, { code, tenantId, memberId, resource: null, programId, runId, destination, utm: { source: 'flywheel', medium: loop.key, campaign: programId }, now });
  await keepPrivate(tx, keyring, { tenantId, runId, privates: request.privates ?? {} });
  const invites = await acceptOf(tx, keyring, { ...request, runId });
  for (const [role, personId] of people) {
    await addPerson(tx, { tenantId, runId, personId, role, hears: loop.life.roles[role]?.hears ?? {}, now });
  }
  await recordDecision(tx, { tenantId, subjectId: runId, kind: 'run_started', rule: 'The program is open, and this occasion had no run.', inputs: { loop: loop.key, programId, memberId, ...(prompt === null ? {} : { promptId: prompt.promptId }) }, actor, now });
  return { outcome: 'started', runId, code, invites };
}

/** Is somebody a minor in a loop that is not for minors, or needs a parent's word that nobody gave? As its prompts have it. */
async function isBarred({ sql }: Tx, { life: { prompt } }: LiveLoopDefinition, personIds: readonly MemberId[]): Promise<boolean> {
  if (prompt === undefined || prompt.minors === 'allowed') return false;
  const [row] = await sql<{ barred: boolean }[]>`
    select exists (select from members where id = any(${[...personIds]}::text[]) and is_minor and not (parent_allows and ${prompt.minors === 'parent_allows'})) as barred`;
  return row?.barred === true;
}

type Offered = { loop: string; version: number; isClosed: boolean; isPaused: boolean; terms: ProgramTerms };

async function readOffered(tx: Tx, tenantId: TenantId, programId: ProgramId): Promise<Offered | null> {
  const [row] = await tx.sql<Offered[]>`
    select p.loop, p.version, p.closed_at is not null as "isClosed", p.paused_at is not null as "isPaused", v.terms
    from programs p join program_versions v on v.program_id = p.id and v.version = p.version where p.tenant_id = ${tenantId} and p.id = ${programId}`;
  return row ?? null;
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
function subjectOf({ loop, input, subject }: RunToStart): string | null {
  const fields = loop.life.start.subject;
  const named = subject ?? (fields === undefined ? null : fields.map((field) => String(input[field] ?? '')).join(' '));
  if (named === null || named.length <= LONGEST_SUBJECT) return named;
  return `sha256:${createHash('sha256').update(named).digest('hex')}`;
}

async function runOfSubject(tx: Tx, { tenantId, programId, memberId, subject }: { tenantId: TenantId; programId: ProgramId; memberId: MemberId; subject: string }): Promise<{ runId: RunId; code: string | null } | null> {
  const [row] = await tx.sql<{ runId: RunId; code: string | null }[]>`
    select r.id as "runId", (select l.code from links l where l.tenant_id = ${tenantId} and l.run_id = r.id and l.kind = 'share' order by l.created_at limit 1) as code
    from runs r where r.tenant_id = ${tenantId} and r.program_id = ${programId} and r.member_id = ${memberId} and r.subject = ${subject}`;
  return row ?? null;
}

type NewRun = Omit<RunToStart, 'input'> & { runId: RunId; version: number; stage: string; input: Readonly<Record<string, unknown>> };

/** The row and the start in the outbox; false: another transaction took the occasion first. */
async function insertRun(tx: Tx, { tenantId, runId, loop, programId, version, memberId, subject, promptId = null, input, stage, now }: NewRun): Promise<boolean> {
  const made = await tx.sql`
    with opened as (
      insert into runs (tenant_id, id, loop, input, stage, opened_at, moved_at, seen_at, program_id, program_version, member_id, subject, prompt_id)
      values (${tenantId}, ${runId}, ${loop.key}, ${JSON.stringify(input)}::text::jsonb, ${stage}, ${now}, ${now}, ${now}, ${programId}, ${version}, ${memberId}, ${subject}, ${promptId})
      on conflict (tenant_id, program_id, member_id, subject) where subject is not null do nothing
      returning id, loop, generation, input
    ), told as (
      insert into outbox (tenant_id, kind, lane, created_at, payload)
      select ${tenantId}, 'start_run', id, ${now}, jsonb_build_object('loop', loop, 'generation', generation, 'input', input) from opened
    )
    select pg_notify(${LANE_SIGNAL}, ${`${tenantId}/`} || id) from opened`;
  return made.count > 0;
}

async function acceptOf(tx: Tx, keyring: Keyring, { tenantId, programId, memberId, invitees = [], runId, actor, now }: RunToStart & { runId: RunId }): Promise<RunInvites | null> {
  if (invitees.length === 0) return null;
  const accepted = await acceptInvites(tx, keyring, { tenantId, programId, inviter: { memberId }, invitees, run: { runId, step: INVITE_STEP }, actor, now });
  if (accepted.outcome !== 'accepted') throw new Error(`invites of a run were not accepted: ${accepted.outcome}`);
  const { batchId, expiresAt, decisions } = accepted;
  return { batchId, expiresAt, decisions };
}
