import { readEnv } from '../../../src/config/env.ts';
import { openTelemetry, TELEMETRY_VARIABLES } from '../../../src/telemetry/telemetry.ts';

/**
 * A process of its own that ends a span and then itself, and says how long the end took and what was exported. The exporter
 * loads Node's HTTP client in a way that jest's own modules do not know.
 */
async function main(): Promise<void> {
  const { registry, tracing, close } = await openTelemetry('relay', readEnv(TELEMETRY_VARIABLES));
  tracing.start('nudge', { kind: 'producer', attributes: { 'flywheel.lane': 'email-0' } }).end();
  const begunAtMs = performance.now();
  await close();
  const spans = await registry.getSingleMetricAsString('flywheel_spans_total');
  process.stdout.write(JSON.stringify({ tookMs: performance.now() - begunAtMs, spans: spans.split('\n').filter((line) => !line.startsWith('#')) }));
}

void main();
