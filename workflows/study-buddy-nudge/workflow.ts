import { liveLife } from '../kit/live-life.ts';
import { studyBuddyNudgeDefinition } from './definition.ts';

const HOUR_MS = 3_600_000;

/** Its whole life: wait for the eve of the exam, nudge both, wait for both to practise, let both earn. */
export const studyBuddyNudge = liveLife(studyBuddyNudgeDefinition, async (run) => {
  const { examAt, terms: { leadHours } } = run.input;

  run.stage('waiting');
  const early = await run.next(['co_practice_started'], { until: examAt - leadHours * HOUR_MS });
  if (early.kind !== 'deadline') return run.close('not_needed');

  run.stage('nudging');
  const nudge = await run.deliver({ to: ['member', 'buddy'], step: 'nudge', message: 'nudge', values: { examDay: examAt } }, { before: examAt });
  if (nudge.outcome === 'not_sent') return run.close('not_sent', nudge.reason ?? undefined); // an unknown hand-off may have arrived: go on

  run.stage('practising');
  const practised = await run.all(['member_practised', 'buddy_practised'], { until: examAt });
  if (practised === null) return run.close('unfinished');

  await run.grant('both_practised');
  return run.close('rewarded');
});
