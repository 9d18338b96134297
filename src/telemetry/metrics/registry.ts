import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

export type { Registry } from 'prom-client';

/**
 * A role's metrics, one registry a process, made in its composition root and handed on: nothing is registered globally, so
 * that tests may have many. With what Node tells of its process (memory, CPU, event loop, garbage) and the build that runs.
 */
export function createRegistry(build: { readonly role: string; readonly version: string }): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({ name: 'flywheel_build_info', help: 'Always 1; which role of which version this process is.', labelNames: ['role', 'version'], registers: [registry] })
    .set({ role: build.role, version: build.version }, 1);
  return registry;
}
