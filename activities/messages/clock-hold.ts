import { isSkewed, type Clock } from '../../db/clock.ts';
import type { Logger } from '../../src/telemetry/logger.ts';

const said = new WeakSet<Clock>();

/**
 * Why nothing may leave by this process at the moment, in words for an operator, or null: its clock and the database's
 * disagree, and nobody here can tell which is right. What left would bear a wrong date, and where the database's is the
 * wrong one, leave at a wrong time. Says so in the log once, and once when it is over.
 */
export function clockHold(clock: Clock, log: Logger): string | null {
  if (!isSkewed(clock)) {
    if (said.delete(clock)) log.info('the clocks agree again; sending goes on');
    return null;
  }
  const skewMs = clock.skewMs();
  const hereAt = clock.now() + skewMs;
  const [here, there] = [hereAt, hereAt - skewMs].map((at) => `${new Date(at).toISOString().slice(0, 19)}Z`);
  if (!said.has(clock)) log.warn({ skewMs, here, there }, 'clock_skew: this machine and the database disagree about the time; nothing is sent until they agree. Set the clock that is wrong (NTP)');
  said.add(clock);
  return `the clocks disagree (clock_skew): this worker's shows ${String(here)}, the database's ${String(there)}`;
}
