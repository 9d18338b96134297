import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** How far this machine and the database disagree about the time; asked at each scrape, which costs nothing. */
export function clockMetrics(registry: Registry, clock: { skewMs(): number }): void {
  new Gauge({
    name: 'flywheel_clock_skew_seconds',
    help: 'How far this machine is ahead of the database (less than 0: behind). Beyond 60 s, nothing is sent.',
    registers: [registry],
    collect() { this.set(clock.skewMs() / 1000); },
  });
}
