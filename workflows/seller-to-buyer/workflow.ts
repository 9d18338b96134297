import { liveLife } from '../kit/live-life.ts';
import { sellerToBuyerDefinition } from './definition.ts';

const HOUR_MS = 3_600_000;

/** Its whole life: leave the seller a day, ask once, wait for a need until the time is up. */
export const sellerToBuyer = liveLife(sellerToBuyerDefinition, async (run) => {
  const { startedAt, terms: { askAfterHours, windowDays } } = run.input;
  const deadline = startedAt + windowDays * 24 * HOUR_MS;
  const became = async () => {
    await run.grant('became_buyer');
    return run.close('became_buyer');
  };

  run.stage('thinking');
  const byItself = await run.next(['need_posted', 'need_declined'], { until: Math.min(startedAt + askAfterHours * HOUR_MS, deadline) });
  if (byItself.kind === 'need_declined') return run.close('declined');
  if (byItself.kind === 'need_posted') return became();

  run.stage('asking');
  const asked = await run.deliver({ to: 'member', step: 'ask', message: 'ask', values: {} }, { before: deadline });
  if (asked.outcome === 'not_sent') return run.close('not_sent', asked.reason ?? undefined); // an unknown hand-off may have arrived: go on

  run.stage('waiting');
  const answer = await run.next(['need_posted', 'need_declined'], { until: deadline });
  if (answer.kind === 'deadline') return run.close('expired');
  return answer.kind === 'need_posted' ? became() : run.close('declined');
});
