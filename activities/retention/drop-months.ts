import { Context } from '@temporalio/activity';
import { dropMonth, listMonthsOver, type Answer, type Day } from '../../db/write/run-retention.ts';
import type { RetentionDeps, Turn } from './deps.ts';

/** A month that never comes free within these tries waits for tomorrow: nothing is the worse for it. */
const TRIES = 20;
const PAUSE_MS = 500;

/** Drops the months that are over for every tenant, the oldest first. Each waits for its moment between those who use the table. */
export async function dropMonths(deps: RetentionDeps, { day }: { day: Day }): Promise<Turn> {
  const { retention, clock, log, draining } = deps;
  const context = Context.current();
  let count = 0;
  const months = await listMonthsOver(retention, clock.now());
  if (months.outcome !== 'ok') return { outcome: months.outcome === 'busy' ? 'more' : 'clock_refused', count };
  for (const leaf of months.value) {
    let answer: Answer<string> = { outcome: 'busy' };
    for (let tries = 0; tries < TRIES && answer.outcome === 'busy'; tries += 1) {
      if (draining.aborted || context.cancellationSignal.aborted) return { outcome: 'more', count };
      if (tries > 0) await new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });
      context.heartbeat();
      answer = await dropMonth(retention, { leaf, now: clock.now(), day });
    }
    if (answer.outcome === 'clock_refused') {
      log.warn({ why: answer.why }, 'retention does not believe the clock');
      return { outcome: 'clock_refused', count };
    }
    if (answer.outcome === 'busy') log.warn({ leaf }, 'a month that is over was always in use; it is tried again tomorrow');
    else if (answer.value === 'dropped') count += 1;
  }
  return { outcome: 'done', count };
}
