import { queueMessages } from '../../db/write/runs/queue-messages.ts';
import { narrowInvites } from '../../db/write/runs/narrow-invites.ts';
import { asId } from '../../src/domain/ids.ts';
import type { RunsDeps } from './move-run.ts';

export type RunMessageValues = Readonly<Record<string, string | number>>;
/** `before`: what has not left by then is let go (epoch ms). `values`: ids, figures and instants; nothing of a person. */
export type QueueRunMessageInput = { readonly tenantId: string; readonly runId: string; readonly step: string; readonly before: number } & (
  | { readonly kind: 'message'; readonly to: readonly string[]; readonly message: string; readonly values: RunMessageValues }
  | { readonly kind: 'invites' }
);
/** How many rows the run is to hear of; 0: none can be sent, and why. */
export type QueuedRunMessage = { readonly count: number; readonly reason: string | null };

/** Queues a message to those in a run, once a step; or has the invites of its start leave before that instant. */
export async function queueRunMessage({ db, clock }: RunsDeps, input: QueueRunMessageInput): Promise<QueuedRunMessage> {
  const tenantId = asId('tnt', input.tenantId);
  const of = { tenantId, runId: asId('run', input.runId), step: input.step, before: input.before, now: clock.now() };
  return db.asTenant(tenantId, (tx) => (input.kind === 'invites' ? narrowInvites(tx, of) : queueMessages(tx, { ...of, to: input.to, message: input.message, values: input.values })));
}
