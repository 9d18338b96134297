import type { BatchId, InviteRef, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

export type MessageRef = InviteRef & { step: number };

export function messageKey({ batchId, n, step }: MessageRef): string {
  return `${batchId} ${String(n)} ${String(step)}`;
}

/** The messages that a vendor knows by these ids, by id; what is not in it is not known here. */
export async function findMessages(tx: Tx, tenantId: TenantId, providerMessageIds: readonly string[]): Promise<Map<string, MessageRef>> {
  if (providerMessageIds.length === 0) return new Map();
  const rows = await tx.sql<{ id: string; batchId: BatchId; n: number; step: number }[]>`
    select provider_message_id as id, batch_id as "batchId", n, step from messages
    where tenant_id = ${tenantId} and provider_message_id = any(${providerMessageIds}::text[])`;
  return new Map(rows.map(({ id, batchId, n, step }) => [id, { batchId, n, step }]));
}
