import type { RunId } from '../ids.ts';

/** What wakes those who watch a run. */
export function runTopic(runId: RunId): string {
  return `run/${runId}`;
}
