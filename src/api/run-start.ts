import type { z } from 'zod';
import { findMember } from '../../db/read/link-owner.ts';
import { readProgram } from '../../db/read/programs.ts';
import { readRun } from '../../db/read/runs.ts';
import { readTenant } from '../../db/read/tenant.ts';
import { openBoard } from '../../db/write/rally/open-board.ts';
import { storeDeck } from '../../db/write/play/store-deck.ts';
import { startRun, type StartedRun } from '../../db/write/runs/start-run.ts';
import { findLiveLoop, liveLoopKeys, type LiveLoop } from '../../workflows/registry.ts';
import { isId, type MemberId } from '../domain/ids.ts';
import { deckProblems } from '../domain/play/deck.ts';
import { playTerms, scoreProblem, type PlayTerms } from '../domain/play/play-terms.ts';
import { waitingPath } from '../domain/play/waiting-token.ts';
import { boardPath } from '../domain/rally/board-token.ts';
import { boardOf } from '../domain/rally/board-of-start.ts';
import { liveTerms, type LiveLife, type StartInput } from '../domain/program/live-loop.ts';
import { nearProblems } from '../domain/program/near-start.ts';
import { readStart } from '../domain/program/read-start.ts';
import type { ProgramTerms } from '../domain/program/terms.ts';
import { problem, type FieldError, type Problem } from './problems.ts';
import { readInvitee } from './read-invitee.ts';
import { newRunIn, startedBody, startedRunOut } from './run-start-body.ts';
import { none, route } from './route.ts';
import type { Call, Route } from './route.ts';

type Body = z.output<typeof newRunIn>;

const NO_SUCH_PROMPT = 'There is no such offer.';

const start = route({
  method: 'post',
  path: '/v1/runs',
  tag: 'Runs',
  summary: 'Start a loop for a member',
  description: 'One run of the loop that the program is of, with who is in it, the link to its landing page and its invites; its workflow begins a moment later. What the loop needs to know is in `input`, and every field that is unknown, missing or wrong is named. A repeat for the same occasion, or of the same offer, answers the run that is there with 200.',
  params: none,
  query: none,
  body: newRunIn,
  keyed: true,
  costs: { flow: 'invites', units: ({ invitees }) => Math.max(1, invitees?.length ?? 0) },
  answers: { 200: startedRunOut, 201: startedRunOut },
  problems: ['invalid_request', 'program_paused', 'program_closed', 'minor_not_allowed', 'too_late'],
  async handle({ body, ...call }) {
    const { tx, tenantId, keyId, now, services } = call;
    const program = isId('prg', body.programId) ? await readProgram(tx, tenantId, body.programId) : null;
    if (program === null) return wrong('/programId', 'There is no such program.');
    const loop = findLiveLoop(program.loop);
    if (loop === null) return wrong('/programId', `Programs of the loop \`${program.loop}\` have no runs to be started. Name one of ${liveLoopKeys().join(', ')}.`);
    const promptId = body.promptId ?? null;
    if (promptId !== null && !isId('prm', promptId)) return wrong('/promptId', NO_SUCH_PROMPT);
    const memberId = await memberOf(call, body);
    if (memberId === null) return wrong(body.memberId === undefined ? '/externalId' : '/memberId', 'There is no such member. Upsert it first.');
    const read = await readInput(call, loop, body, memberId);
    const play = playOf(loop.definition.life, body, { terms: program.terms, input: read.input, now });
    const board = boardOf(loop.definition.life, { terms: program.terms, input: read.input, now });
    const errors = [...read.errors, ...inviteeErrors(loop.definition.life, body), ...play.errors, ...(board?.errors ?? [])];
    if (errors.length > 0) return problem('invalid_request', { errors });
    const started = await startRun(tx, services.keyring, {
      tenantId, loop: loop.definition, programId: program.id, memberId, input: read.input, privates: read.privates, subject: body.subject ?? null, promptId,
      invitees: (body.invitees ?? []).map(readInvitee), actor: keyId, now,
    });
    if (started.outcome === 'started' && body.deck !== undefined && play.terms !== null) {
      await storeDeck(tx, services.keyring, { tenantId, runId: started.runId, deck: body.deck, terms: play.terms, now });
    }
    if (started.outcome === 'started' && board !== null) await openBoard(tx, { tenantId, runId: started.runId, memberId, ...board.opened, now });
    return answerOf(call, started, memberId);
  },
});

async function answerOf({ tx, tenantId, services }: Call, started: StartedRun, memberId: MemberId) {
  switch (started.outcome) {
    case 'unknown_program':
    case 'other_loop': return wrong('/programId', 'There is no such program.');
    case 'unknown_prompt': return wrong('/promptId', NO_SUCH_PROMPT);
    case 'prompt_of_another': return wrong('/promptId', 'Was offered to another member, or for another program.');
    case 'prompt_over': return problem('too_late', { detail: 'The member dismissed the offer, or it was over before anybody accepted it. Start without `promptId` if the member wants it all the same.' });
    case 'program_paused': return problem('program_paused');
    case 'minor': return problem('minor_not_allowed');
    case 'program_closed': return problem('program_closed');
    case 'started':
    case 'already_there': break;
  }
  if (started.outcome === 'started' && started.invites !== null) services.watch?.growth.decided(started.invites.decisions);
  const [run, { publicUrl }] = await Promise.all([readRun(tx, tenantId, started.runId), readTenant(tx, tenantId)]);
  if (run === null) throw new Error('a run that was just started is gone');
  const life = findLiveLoop(run.loop)?.definition.life;
  const isPlayed = life?.deck !== undefined && life.board === undefined;
  const body = startedBody(started, {
    loop: run.loop, stage: run.stage, publicUrl, waitingPath: isPlayed ? waitingPath(services.keyring, { tenantId, runId: started.runId }) : null,
    boardPath: life?.board === undefined ? null : boardPath(services.keyring, { tenantId, runId: started.runId, personId: memberId }),
  });
  return started.outcome === 'started' ? { status: 201 as const, body } : { status: 200 as const, body };
}

function wrong(path: string, message: string): Problem<'invalid_request'> {
  return problem('invalid_request', { errors: [{ path, message }] });
}

function memberOf({ tx }: Call, { memberId, externalId }: Body): Promise<MemberId | null> {
  return findMember(tx, memberId === undefined ? { externalId: externalId ?? '' } : { memberId });
}

/** The fields as the definition has them, members by our ids; what is wrong is named with its place. */
async function readInput({ tx, now }: Call, { definition: { life } }: LiveLoop, body: Body, memberId: MemberId): Promise<{ input: StartInput; privates: Readonly<Record<string, string>>; errors: FieldError[] }> {
  const read = readStart(life, body.input);
  if ('problems' in read) return { input: {}, privates: {}, errors: read.problems.map(({ field, message }) => ({ path: `/input/${field}`, message })) };
  const input: Record<string, StartInput[string]> = { ...read.fields };
  const errors: FieldError[] = nearProblems(life, read.fields, now).map(({ field, message }) => ({ path: `/input/${field}`, message }));
  for (const [name, externalId] of Object.entries(read.members)) {
    const other = await findMember(tx, { externalId });
    if (other === null) errors.push({ path: `/input/${name}`, message: 'There is no such member. Upsert it first.' });
    else if (other === memberId) errors.push({ path: `/input/${name}`, message: 'Must be another member than the one for whom the run is started.' });
    else input[name] = other;
  }
  return { input, privates: read.privates, errors };
}

function inviteeErrors({ start: { invitees: allowed } }: LiveLife, { invitees = [] }: Body): FieldError[] {
  const { min, max } = allowed ?? { min: 0, max: 0 };
  if (invitees.length >= min && invitees.length <= max) return [];
  return [{ path: '/invitees', message: max === 0 ? 'This loop asks nobody by message: leave it out.' : `Name ${String(min)} to ${String(max)} invitees.` }];
}

type Playing = { readonly terms: ProgramTerms; readonly input: StartInput; readonly now: number };

/** Where the loop is played: by what, and what is wrong with its questions. */
function playOf(life: LiveLife, { deck }: Body, { terms, input, now }: Playing): { terms: PlayTerms | null; errors: FieldError[] } {
  if (life.deck === undefined) return { terms: null, errors: deck === undefined ? [] : [{ path: '/deck', message: 'This loop is not played: leave it out.' }] };
  if (deck === undefined && life.deck.isOptional === true) return { terms: null, errors: [] };
  if (deck === undefined) return { terms: null, errors: [{ path: '/deck', message: 'This loop needs the questions that are played.' }] };
  const { minQuestions, maxQuestions } = life.deck;
  const count = deck.questions.length;
  const playedBy = playTerms(liveTerms(life, terms), input, now, life.deck.endsBy);
  const score = scoreProblem(playedBy, count);
  return {
    terms: playedBy,
    errors: [
      ...(count >= minQuestions && count <= maxQuestions ? [] : [{ path: '/deck/questions', message: `Give ${String(minQuestions)} to ${String(maxQuestions)} questions.` }]),
      ...(score === null ? [] : [{ path: '/input/score', message: score }]),
      ...deckProblems(deck),
    ],
  };
}

export const runStartRoutes: readonly Route[] = [start];
