import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { readEnv, systemEnv } from '../../src/config/env.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { logLineMetrics } from '../../src/telemetry/metrics/log-lines.ts';
import { createRegistry } from '../../src/telemetry/metrics/registry.ts';
import { openTelemetry, TELEMETRY_VARIABLES } from '../../src/telemetry/telemetry.ts';
import { NO_TRACING } from '../../src/telemetry/tracing/tracing.ts';
import { startCollector, type Collector } from './support/collector.ts';

const settings = (more: Record<string, string>) => readEnv(TELEMETRY_VARIABLES, { LOG_LEVEL: 'silent', OTEL_TRACES_SAMPLER_ARG: '1', ...more });

describe('spans', () => {
  let collector: Collector;
  beforeEach(async () => { collector = await startCollector(); });
  afterEach(() => collector.close());

  const exported = async (env: Record<string, string>) => {
    const child = spawn(process.execPath, ['--import', pathToFileURL(require.resolve('tsx')).href, join(__dirname, 'support/export-one-span.ts')], {
      env: { ...systemEnv(), LOG_LEVEL: 'silent', OTEL_TRACES_SAMPLER_ARG: '1', ...env }, stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    return z.object({ tookMs: z.number(), spans: z.array(z.string()) }).parse(JSON.parse(said));
  };

  test('reach the collector with its headers, at the latest when the process ends', async () => {
    const { spans } = await exported({ OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.endpoint}/`, OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20t0ken' });
    expect(collector.spans()).toEqual([expect.objectContaining({ service: 'flywheel-relay', name: 'nudge', attributes: { 'flywheel.lane': 'email-0' } })]);
    expect(collector.headers('authorization')).toEqual(['Bearer t0ken']);
    expect(spans).toEqual(['flywheel_spans_total{outcome="exported"} 1', 'flywheel_spans_total{outcome="failed"} 0']);
  });

  test('are lost where the collector is away, and nothing else: the process ends in time', async () => {
    const gone = await startCollector();
    await gone.close();
    const { tookMs, spans } = await exported({ OTEL_EXPORTER_OTLP_ENDPOINT: gone.endpoint });
    expect(tookMs).toBeLessThan(8_000);
    expect(spans).toContain('flywheel_spans_total{outcome="exported"} 0');
  });
});

test('without a collector nothing is traced', async () => {
  const telemetry = await openTelemetry('worker', settings({}));
  expect(telemetry.tracing).toBe(NO_TRACING);
  await telemetry.close();
});

test('lines of the log are counted by level, those below it are not', async () => {
  const registry = createRegistry({ role: 'worker', version: 'test' });
  const written: string[] = [];
  const log = createLogger({ level: 'warn', destination: { write: (line: string) => { written.push(line); } }, onLine: logLineMetrics(registry) });
  log.info('not written');
  log.error({ code: 'x' }, 'written');
  log.child({ lane: 'email-0' }).warn('written too');
  expect(written).toHaveLength(2);
  expect((await registry.getSingleMetricAsString('flywheel_log_lines_total')).split('\n').slice(2)).toEqual([
    'flywheel_log_lines_total{level="warn"} 1', 'flywheel_log_lines_total{level="error"} 1', 'flywheel_log_lines_total{level="fatal"} 0']);
});

test.each<[string, string, RegExp]>([
  ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization', /must be name=value pairs/],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization=%zz', /must be name=value pairs/],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'two words=x', /must be name=value pairs/],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', /must be an address like http:/],
  ['OTEL_TRACES_SAMPLER_ARG', '1.5', /must be a number from 0 to 1/],
  ['METRICS_PORT', '70000', /must be a whole number/],
])('a wrong %s (%s) is a plain message that names it', (name, value, says) => {
  expect(() => settings({ [name]: value })).toThrow(says);
  expect(() => settings({ [name]: value })).toThrow(new RegExp(`^${name} `));
});
