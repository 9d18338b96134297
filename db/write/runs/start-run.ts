import { drawBytes } from '../../../src/config/draw-bytes.ts';
import type { Keyring } from '../../../src/config/keyring.ts';
import type { InviteDecision } from '../../../src/domain/invite/decide-invites.ts';
import type { BatchId, RunId, TenantId } from '../../../src/domain/ids.ts';
import { shareCode } from '../../../src/domain/link/code.ts';
import { defaultDestination } from '../../../src/domain/link/default-destination.ts';
import type { Tx } from '../../client.ts';
import { destinationRules } from '../../read/link-owner.ts';
import { acceptInvites } from '../accept-invites.ts';
import { createShareLinks } from '../create-link.ts';
import { recordDecisions } from '../decide.ts';
import { holdMembers } from '../lock-people.ts';
import { addPeople } from './add-people.ts';
import { insertRuns } from './insert-runs.ts';
import { findOccasions, judgeStarts, nameOf, type Judged, type RunThere, type Start } from './judge-starts.ts';
import { keepPrivate } from './keep-private.ts';
import type { RunToStart } from './run-to-start.ts';
import { acceptPrompt } from './take-prompt.ts';

export type RunInvites = { readonly batchId: BatchId; readonly expiresAt: number; readonly decisions: readonly InviteDecision[] };
/** `already_there`: this occasion has its run, open or over; nothing was changed. `code`: of the link to its landing page. */
export type StartedRun =
  | { readonly outcome: 'started'; readonly runId: RunId; readonly code: string; readonly invites: RunInvites | null }
  | ({ readonly outcome: 'already_there' } & RunThere)
  | Exclude<Judged, { outcome: 'start' | 'there' }>;

/** The step under which the invites of a start stand. */
export const INVITE_STEP = 'invite';

type Starting = { readonly tenantId: TenantId; readonly now: number };
type NewRun = Start & { readonly runId: RunId; readonly code: string };

/** One of `startRuns`. */
export async function startRun(tx: Tx, keyring: Keyring, { tenantId, now, ...run }: RunToStart & Starting): Promise<StartedRun> {
  const [started] = await startRuns(tx, keyring, { tenantId, now, runs: [run] });
  if (started === undefined) throw new Error('a start was not answered');
  return started;
}

/**
 * Starts runs for members, in one transaction: their rows with the program's version and numbers pinned, who is in them from the start, the
 * links to their landing pages (each the member's share link for this program: who signs up by it is credited to the member), their invites, decided
 * like any (suppression, caps, cooling), and what the relay hands to Temporal. One run an occasion, and one an offer: a repeat answers the same run.
 * Answers in the order asked. Keeps the order of locks: call it before anything that locks payments, referrals or runs, and a start with invitees by itself.
 */
export async function startRuns(tx: Tx, keyring: Keyring, { tenantId, runs, now }: Starting & { readonly runs: readonly RunToStart[] }): Promise<StartedRun[]> {
  const judged = await judgeStarts(tx, { tenantId, runs, now });
  const starts = judged.flatMap((one) => (one.outcome === 'start' ? [one.start] : []));
  // Else a fact of theirs that is stored at this instant would neither find them in the run nor be found.
  holdMembers(tx, starts.flatMap(({ people }) => people.map(([, personId]) => personId)));
  for (const one of judged) {
    const prompt = one.outcome === 'start' ? one.start.prompt : one.outcome === 'there' ? one.prompt : null;
    if (prompt !== null) await acceptPrompt(tx, prompt);
  }
  const made = await insertRuns(tx, { tenantId, starts, now });
  const fresh = new Map([...made].map(([start, runId]): [Start, NewRun] => [start, { ...start, runId, code: shareCode(keyring, drawBytes(16)) }]));
  const invites = await furnish(tx, keyring, { tenantId, runs: [...fresh.values()], now });
  // After the links: the occasion may be that of another of these.
  const others = await findOccasions(tx, tenantId, starts.filter((start) => !fresh.has(start)));
  return judged.map((one): StartedRun => {
    if (one.outcome === 'there') return { outcome: 'already_there', ...one.run };
    if (one.outcome !== 'start') return one;
    const run = fresh.get(one.start);
    if (run !== undefined) return { outcome: 'started', runId: run.runId, code: run.code, invites: invites.get(run.runId) ?? null };
    const other = others.get(nameOf(one.start));
    if (other === undefined) throw new Error('a run was there and is gone');
    return { outcome: 'already_there', ...other };
  });
}

/** What belongs to runs besides their rows. Answers their invites. */
async function furnish(tx: Tx, keyring: Keyring, { tenantId, runs, now }: Starting & { readonly runs: readonly NewRun[] }): Promise<Map<RunId, RunInvites>> {
  if (runs.length === 0) return new Map();
  const home = runs.every(({ program }) => program.terms.destination !== undefined) ? null : defaultDestination(await destinationRules(tx, tenantId));
  createShareLinks(tx, runs.map(({ code, memberId, programId, runId, loop, program }) => ({
    code, tenantId, memberId, resource: null, programId, runId, destination: program.terms.destination ?? home ?? '', utm: { source: 'flywheel', medium: loop.key, campaign: programId }, now })));
  const invites = new Map<RunId, RunInvites>();
  for (const run of runs) {
    await keepPrivate(tx, keyring, { tenantId, runId: run.runId, privates: run.privates ?? {} });
    const accepted = await acceptOf(tx, keyring, run, { tenantId, now });
    if (accepted !== null) invites.set(run.runId, accepted);
  }
  await addPeople(tx, { tenantId, now, people: runs.flatMap(({ runId, people, loop }) => people.map(([role, personId]) => ({ runId, personId, role, hears: loop.life.roles[role]?.hears ?? {} }))) });
  await recordDecisions(tx, runs.map(({ runId, loop, programId, memberId, prompt, actor }) => ({
    tenantId, subjectId: runId, kind: 'run_started', rule: 'The program is open, and this occasion had no run.', inputs: { loop: loop.key, programId, memberId, ...(prompt === null ? {} : { promptId: prompt.promptId }) }, actor, now })));
  return invites;
}

async function acceptOf(tx: Tx, keyring: Keyring, { programId, memberId, invitees = [], runId, actor }: NewRun, { tenantId, now }: Starting): Promise<RunInvites | null> {
  if (invitees.length === 0) return null;
  const accepted = await acceptInvites(tx, keyring, { tenantId, programId, inviter: { memberId }, invitees, run: { runId, step: INVITE_STEP }, actor, now });
  if (accepted.outcome !== 'accepted') throw new Error(`invites of a run were not accepted: ${accepted.outcome}`);
  const { batchId, expiresAt, decisions } = accepted;
  return { batchId, expiresAt, decisions };
}
