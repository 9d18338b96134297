import type { InviteRef, TenantId } from '../../src/domain/ids.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import type { Tx } from '../client.ts';

/** One message: of an invite, its step, and by which way it went. */
export type MessageRef = InviteRef & { step: number; channel: Channel };

export function messageKey({ batchId, n, step, channel }: MessageRef): string {
  return `${batchId} ${String(n)} ${String(step)} ${channel}`;
}

/** The messages that a vendor knows by these ids, by id; what is not in it is not known here. */
export async function findMessages(tx: Tx, tenantId: TenantId, providerMessageIds: readonly string[]): Promise<Map<string, MessageRef>> {
  if (providerMessageIds.length === 0) return new Map();
  const rows = await tx.sql<({ id: string } & MessageRef)[]>`
    select provider_message_id as id, batch_id as "batchId", n, step, channel from messages
    where tenant_id = ${tenantId} and provider_message_id = any(${providerMessageIds}::text[])`;
  return new Map(rows.map(({ id, ...message }) => [id, message]));
}
