import type { RunEnd } from './contract.ts';
import type { RunDefinition } from './run-definition.ts';

type Standing = { runId: string; generation: number; stage: string | null; dueAt: number | null; isPaused: boolean };

/** What ops read of a run in the Temporal UI: where it stands, and what it waits for. Markdown, ids only. */
export function runDetails({ stages }: RunDefinition, { runId, generation, stage, dueAt, isPaused }: Standing): string {
  return [
    `\`${runId}\`, life ${String(generation)}: **${stage ?? 'begins'}**${stage === null ? '' : `. ${stages[stage] ?? ''}`}`,
    '',
    `- Next deadline: ${dueAt === null ? 'none; it waits for facts' : new Date(dueAt).toISOString()}`,
    ...(isPaused ? ['- **Paused by an operator: it has no effects until it is resumed.**'] : []),
  ].join('\n');
}

/** The same of one that has ended. `late`: facts that nothing waited for. */
export function endDetails({ outcomes }: RunDefinition, { outcome, reason }: RunEnd, late: number): string {
  return [
    `Ended: **${outcome}**. ${outcomes[outcome] ?? ''}`,
    ...(reason === null ? [] : ['', `- Because: ${reason}`]),
    ...(late === 0 ? [] : ['', `- Facts that nothing waited for: ${String(late)}`]),
  ].join('\n');
}
