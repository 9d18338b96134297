import { destinationRules } from '../../db/read/link-owner.ts';
import { readRun } from '../../db/read/runs.ts';
import { openBoard } from '../../db/write/rally/open-board.ts';
import { storeDeck } from '../../db/write/play/store-deck.ts';
import { startRuns, type StartedRun } from '../../db/write/runs/start-run.ts';
import { waitingPath } from '../domain/play/waiting-token.ts';
import { boardPath } from '../domain/rally/board-token.ts';
import type { SharedCall } from './answer-once.ts';
import { sharedRoute } from './group-routes.ts';
import { problem } from './problems.ts';
import type { Route } from './route.ts';
import { newRunIn, startedBody, startedRunOut } from './run-start-body.ts';
import { NO_SUCH_PROMPT, readStarts, wrong, type ReadStart } from './run-start-read.ts';

const start = sharedRoute({
  method: 'post',
  path: '/v1/runs',
  tag: 'Runs',
  summary: 'Start a loop for a member',
  description: 'One run of the loop that the program is of, with who is in it, the link to its landing page and its invites; its workflow begins a moment later. What the loop needs to know is in `input`, and every field that is unknown, missing or wrong is named. A repeat for the same occasion, or of the same offer, answers the run that is there with 200.',
  body: newRunIn,
  costs: { flow: 'invites', units: ({ invitees }) => Math.max(1, invitees?.length ?? 0) },
  answers: { 200: startedRunOut, 201: startedRunOut },
  problems: ['invalid_request', 'program_paused', 'program_closed', 'minor_not_allowed', 'too_late'],
  // Invites lock more than members, each request in its own order.
  isSmall: ({ invitees = [] }) => invitees.length === 0,
  async handleAll(call, asked) {
    const { tx, tenantId, now, services } = call;
    const read = await readStarts(call, asked);
    const starts = read.flatMap((one) => (one.kind === 'start' ? [one] : []));
    const outcomes = await startRuns(tx, services.keyring, { tenantId, now, runs: starts.map(({ run }) => run) });
    const started = new Map(starts.flatMap((one, i) => {
      const outcome = outcomes[i];
      return outcome === undefined ? [] : [[one, outcome] as const];
    }));
    for (const [one, outcome] of started) if (outcome.outcome === 'started') await furnish(call, one, outcome);
    const publicUrl = starts.length === 0 ? '' : (await destinationRules(tx, tenantId)).publicUrl;
    return Promise.all(read.map(async (one) => {
      if (one.kind === 'problem') return one;
      const outcome = started.get(one);
      if (outcome === undefined) throw new Error('a start was not answered');
      return answerOf(call, one, outcome, publicUrl);
    }));
  },
});

type FreshRun = Extract<StartedRun, { outcome: 'started' }>;

/** What a run is played by or ranked on. */
async function furnish({ tx, tenantId, now, services }: SharedCall, { run: { memberId }, play, board }: ReadStart, { runId, invites }: FreshRun): Promise<void> {
  if (play !== null) await storeDeck(tx, services.keyring, { tenantId, runId, ...play, now });
  if (board !== null) await openBoard(tx, { tenantId, runId, memberId, ...board, now });
  if (invites !== null) services.watch?.growth.decided(invites.decisions);
}

async function answerOf({ tx, tenantId, services }: SharedCall, { run: { loop: { key, life }, memberId } }: ReadStart, started: StartedRun, publicUrl: string) {
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
  const run = started.outcome === 'started' ? { loop: key, stage: life.start.stage } : await readRun(tx, tenantId, started.runId);
  if (run === null) throw new Error('a run that is there is gone');
  const isPlayed = life.deck !== undefined && life.board === undefined;
  const body = startedBody(started, {
    loop: run.loop, stage: run.stage, publicUrl, waitingPath: isPlayed ? waitingPath(services.keyring, { tenantId, runId: started.runId }) : null,
    boardPath: life.board === undefined ? null : boardPath(services.keyring, { tenantId, runId: started.runId, personId: memberId }),
  });
  return started.outcome === 'started' ? { status: 201 as const, body } : { status: 200 as const, body };
}

export const runStartRoutes: readonly Route[] = [start];
