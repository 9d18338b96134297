import { liveLife } from '../kit/live-life.ts';
import { boardOf } from './board.ts';
import { resultsRallyDefinition } from './definition.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Its whole life: when somebody has scored, look at the ranks a while later and tell who was overtaken; at the deadline close the board and say who won. Scores are rows: one fact a look is all it hears. */
export const resultsRally = liveLife(resultsRallyDefinition, async (run) => {
  const { startedAt, terms: { windowHours, lookMinutes, nudgesADay } } = run.input;
  const endsAt = Math.min(run.input.endsAt, startedAt + windowHours * HOUR_MS);
  const board = boardOf(run);

  run.stage('open');
  while ((await run.next(['board_moved'], { until: endsAt })).kind !== 'deadline') {
    run.stage('moving');
    const lookAt = Math.min(board.now() + lookMinutes * MINUTE_MS, endsAt);
    await run.next([], { until: lookAt }); // whoever scores until then is seen by the same look
    await run.mayAct();
    await board.look({ message: 'overtaken', aDay: nudgesADay, until: endsAt });
    run.stage('open');
    await run.turn();
  }

  run.stage('closing');
  const { players, others, best, memberWon } = await board.end();
  if (others === 0) return run.close('nobody_joined');
  await run.tell({ to: memberWon ? ['winner', 'member'] : 'winner', step: 'won', message: 'won', values: { score: best, players } });
  if (!memberWon) await run.tell({ to: 'member', step: 'finished', message: 'finished', values: { best, players } });
  await run.grant('finished');
  return run.close('finished');
});
