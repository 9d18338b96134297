import type { ImportTurn } from '../../../activities/imports/take-rows.ts';
import type { ImportInput } from './contract.ts';

/** What ops read in the Temporal UI: how far it is, and what it waits for. Markdown, ids only. */
export function importDetails({ tenantId, importId }: ImportInput, turn: ImportTurn): string {
  const left = turn.total - turn.accepted - turn.refused;
  return [
    `\`${importId}\` of \`${tenantId}\`: **${stage(turn)}**.`,
    '',
    `- Rows: ${String(turn.total)}, of them ${String(turn.accepted)} accepted, ${String(turn.refused)} refused, ${String(left)} left`,
    ...(turn.reason === null ? [] : [`- Because: ${turn.reason}`]),
  ].join('\n');
}

function stage({ outcome }: ImportTurn): string {
  switch (outcome) {
    case 'more': return 'rows are taken in';
    case 'held': return 'it waits';
    case 'gone': return 'there is no such import any more';
    case 'completed':
    case 'failed':
    case 'canceled': return outcome;
  }
}
