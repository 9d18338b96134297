import type { z } from 'zod';
import { findMembers } from '../../db/write/ensure-members.ts';
import { membersThere } from '../../db/read/link-owner.ts';
import { readProgram, type ProgramView } from '../../db/read/programs.ts';
import type { RunToStart } from '../../db/write/runs/run-to-start.ts';
import { findLiveLoop, liveLoopKeys, type LiveLoop } from '../../workflows/registry.ts';
import { isId, type MemberId, type ProgramId } from '../domain/ids.ts';
import { deckProblems } from '../domain/play/deck.ts';
import { playTerms, scoreProblem, type PlayTerms } from '../domain/play/play-terms.ts';
import { boardOf, type BoardOfStart } from '../domain/rally/board-of-start.ts';
import { liveTerms, type LiveLife, type StartInput } from '../domain/program/live-loop.ts';
import { nearProblems } from '../domain/program/near-start.ts';
import { readStart, type ReadStart as ReadFields, type StartProblem } from '../domain/program/read-start.ts';
import type { ProgramTerms } from '../domain/program/terms.ts';
import type { SharedCall } from './answer-once.ts';
import { problem, type FieldError, type Problem } from './problems.ts';
import { readInvitee } from './read-invitee.ts';
import type { newRunIn } from './run-start-body.ts';
import type { Asked } from './shared-transaction.ts';

type Body = z.output<typeof newRunIn>;

/** A start whose request is right: what is asked of the loop, and what it is played by or ranked on. */
export type ReadStart = {
  readonly kind: 'start';
  readonly run: RunToStart;
  readonly play: { readonly deck: NonNullable<Body['deck']>; readonly terms: PlayTerms } | null;
  readonly board: BoardOfStart['opened'] | null;
};

export const NO_SUCH_PROMPT = 'There is no such offer.';

export function wrong(path: string, message: string): Problem<'invalid_request'> {
  return problem('invalid_request', { errors: [{ path, message }] });
}

/** Reads starts by their loops' definitions, members by our ids; of each that is wrong every fault is named with its place. */
export async function readStarts(call: SharedCall, asked: readonly Asked<Body>[]): Promise<(ReadStart | Problem<'invalid_request'>)[]> {
  const { tx, tenantId } = call;
  const ids = [...new Set(asked.flatMap(({ body }) => (isId('prg', body.programId) ? [body.programId] : [])))];
  const programs = new Map((await Promise.all(ids.map((id) => readProgram(tx, tenantId, id)))).flatMap((program) => (program === null ? [] : [[program.id, program] as const])));
  const offered = asked.map((one) => offeredOf(one, programs));
  const known = offered.flatMap((one) => (one.kind === 'offered' ? [one] : []));
  const [byOurs, byTheirs] = await Promise.all([
    membersThere(tx, known.flatMap(({ body }) => body.memberId ?? [])),
    findMembers(tx, tenantId, known.flatMap(({ body, fields }) => [...(body.externalId === undefined ? [] : [body.externalId]), ...('problems' in fields ? [] : Object.values(fields.members))])),
  ]);
  const memberOf: MemberOf = (name) => ('memberId' in name ? (byOurs.has(name.memberId) ? name.memberId : null) : byTheirs.get(name.externalId)?.id ?? null);
  return offered.map((one) => (one.kind === 'problem' ? one : readOne(one, memberOf, call.now)));
}

type MemberOf = (name: { readonly memberId: MemberId } | { readonly externalId: string }) => MemberId | null;
type OfLoop = Asked<Body> & { readonly kind: 'offered'; readonly program: ProgramView; readonly loop: LiveLoop; readonly fields: ReadFields | { readonly problems: readonly StartProblem[] } };

function offeredOf({ keyId, body }: Asked<Body>, programs: ReadonlyMap<ProgramId, ProgramView>): OfLoop | Problem<'invalid_request'> {
  const program = isId('prg', body.programId) ? programs.get(body.programId) : undefined;
  if (program === undefined) return wrong('/programId', 'There is no such program.');
  const loop = findLiveLoop(program.loop);
  if (loop === null) return wrong('/programId', `Programs of the loop \`${program.loop}\` have no runs to be started. Name one of ${liveLoopKeys().join(', ')}.`);
  return { kind: 'offered', keyId, body, program, loop, fields: readStart(loop.definition.life, body.input) };
}

function readOne({ keyId, body, program, loop, fields }: OfLoop, memberOf: MemberOf, now: number): ReadStart | Problem<'invalid_request'> {
  const promptId = body.promptId ?? null;
  if (promptId !== null && !isId('prm', promptId)) return wrong('/promptId', NO_SUCH_PROMPT);
  const memberId = memberOf(body.memberId === undefined ? { externalId: body.externalId ?? '' } : { memberId: body.memberId });
  if (memberId === null) return wrong(body.memberId === undefined ? '/externalId' : '/memberId', 'There is no such member. Upsert it first.');
  const { life } = loop.definition;
  const { input, privates, errors: inputErrors } = readInput(life, fields, { memberId, memberOf, now });
  const play = playOf(life, body, { terms: program.terms, input, now });
  const board = boardOf(life, { terms: program.terms, input, now });
  const errors = [...inputErrors, ...inviteeErrors(life, body), ...play.errors, ...(board?.errors ?? [])];
  if (errors.length > 0) return problem('invalid_request', { errors });
  return {
    kind: 'start',
    run: { loop: loop.definition, programId: program.id, memberId, input, privates, subject: body.subject ?? null, promptId, invitees: (body.invitees ?? []).map(readInvitee), actor: keyId },
    play: body.deck === undefined || play.terms === null ? null : { deck: body.deck, terms: play.terms },
    board: board?.opened ?? null,
  };
}

type Reading = { readonly memberId: MemberId; readonly memberOf: MemberOf; readonly now: number };

/** The fields as the definition has them, members by our ids; what is wrong is named with its place. */
function readInput(life: LiveLife, read: OfLoop['fields'], { memberId, memberOf, now }: Reading): { input: StartInput; privates: Readonly<Record<string, string>>; errors: FieldError[] } {
  if ('problems' in read) return { input: {}, privates: {}, errors: read.problems.map(({ field, message }) => ({ path: `/input/${field}`, message })) };
  const input: Record<string, StartInput[string]> = { ...read.fields };
  const errors: FieldError[] = nearProblems(life, read.fields, now).map(({ field, message }) => ({ path: `/input/${field}`, message }));
  for (const [name, externalId] of Object.entries(read.members)) {
    const other = memberOf({ externalId });
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
