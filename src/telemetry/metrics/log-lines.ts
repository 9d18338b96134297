import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

/** Counts lines of the log by level: ERROR means that somebody has to act, so this is the alert of last resort. */
export function logLineMetrics(registry: Registry): (level: string) => void {
  const lines = new Counter({ name: 'flywheel_log_lines_total', help: 'Lines written to the log.', labelNames: ['level'], registers: [registry] });
  for (const level of ['warn', 'error', 'fatal']) lines.inc({ level }, 0);
  return (level) => { lines.inc({ level }); };
}
