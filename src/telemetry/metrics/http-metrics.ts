import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';

/** One answered request. `route` is its pattern, `none` where no route took it; `problem` the code of its refusal. */
export type AnsweredRequest = {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  /** The caller went before the answer was out. */
  readonly aborted: boolean;
  readonly problem: string | undefined;
  readonly durationMs: number;
};

export type HttpMetrics = { begun(): void; answered(request: AnsweredRequest): void };

const DURATION_BUCKETS = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Callers may send any method the parser knows. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Requests by route and class of status, and refusals by code. */
export function httpMetrics(registry: Registry): HttpMetrics {
  const running = new Gauge({ name: 'flywheel_http_requests_running', help: 'Requests that are not answered yet.', registers: [registry] });
  const durations = new Histogram({
    name: 'flywheel_http_request_duration_seconds', help: 'From the head of a request to the end of its answer; status is its class, or aborted where the caller went first.',
    labelNames: ['method', 'route', 'status'], buckets: DURATION_BUCKETS, registers: [registry],
  });
  const problems = new Counter({ name: 'flywheel_http_problems_total', help: 'Requests refused, by the code of the problem.', labelNames: ['route', 'code'], registers: [registry] });
  return {
    begun: () => { running.inc(); },
    answered({ method, route, status, aborted, problem, durationMs }) {
      running.dec();
      durations.observe({ method: METHODS.has(method) ? method : 'other', route, status: aborted ? 'aborted' : `${String(Math.floor(status / 100))}xx` }, durationMs / 1000);
      if (problem !== undefined) problems.inc({ route, code: problem });
    },
  };
}
