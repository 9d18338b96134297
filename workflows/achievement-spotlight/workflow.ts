import { liveLife } from '../kit/live-life.ts';
import { achievementSpotlightDefinition } from './definition.ts';

const DAY_MS = 86_400_000;

/** Its whole life: shown for a week; the first friend who comes is news; who comes and what they do is their referral's. */
export const achievementSpotlight = liveLife(achievementSpotlightDefinition, async (run) => {
  const { badge, startedAt, terms: { shownDays } } = run.input;
  const until = startedAt + shownDays * DAY_MS;

  run.stage('shown');
  const first = await run.next(['friend_came', 'hidden'], { until });
  if (first.kind === 'deadline') return run.close('expired');
  if (first.kind === 'hidden') return run.close('hidden');

  run.stage('joined');
  await run.tell({ to: 'member', step: 'came', message: 'came', values: { badge }, until });
  await run.next(['hidden'], { until });
  return run.close('joined');
});
