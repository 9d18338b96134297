import type { LiveLoopDefinition } from '../../src/domain/program/live-loop.ts';
import { arrangeRuns } from './arrange-runs.ts';
import { openTestSending, type TestSending } from './sending.ts';
import { madeByHook } from './use-test-api.ts';

/** What a file's tests of runs begin with: a sending at noon, runs of one loop in its tenant, and its tenant's transactions. */
export function useRuns(loop: LiveLoopDefinition) {
  const made = madeByHook<{ sending: TestSending; world: ReturnType<typeof arrangeRuns> }>('the sending');
  beforeAll(async () => {
    const sending = await openTestSending();
    made.set({ sending, world: arrangeRuns(sending, loop) });
  });
  afterAll(() => made.get().sending.close());
  beforeEach(() => { made.get().sending.clock.set('2026-06-10T12:00:00Z'); });
  const asTenant: TestSending['deps']['db']['asTenant'] = (...args) => made.get().sending.deps.db.asTenant(...args);
  return {
    get sending() { return made.get().sending; },
    get world() { return made.get().world; },
    asTenant,
  };
}
