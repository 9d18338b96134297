import type { SendDueReport } from '../../../activities/messages/send-due.ts';
import type { SenderInput } from './contract.ts';

/** What ops read in the Temporal UI: how many wait, what is next, why it is held. Markdown, ids only. */
export function senderDetails(input: SenderInput, report: SendDueReport): string {
  const next = report.nextInMs === null ? 'nothing is planned' : report.nextInMs === 0 ? 'more is due now' : `next in ${duration(report.nextInMs)}`;
  return [
    `**${input.lane}** of \`${input.tenantId}\`: ${next}.`,
    '',
    `- Batches with something to come: ${String(report.openBatches)}`,
    `- Last turn: ${String(report.handedOff)} handed off, ${String(report.refused)} refused, ${String(report.unknown)} unknown`,
    ...(report.heldBatches > 0 ? [`- **Held: ${String(report.heldBatches)} batches, because ${report.heldBy ?? 'a hold is set'}.**`] : []),
  ].join('\n');
}

function duration(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  if (minutes < 60) return `${String(minutes)} min`;
  return minutes < 48 * 60 ? `${String(Math.floor(minutes / 60))} h ${String(minutes % 60)} min` : `${String(Math.round(minutes / 1440))} days`;
}
