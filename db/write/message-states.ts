import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { messageKey } from '../read/messages-by-provider-id.ts';
import type { MessageRef } from '../read/messages-by-provider-id.ts';
import { endpointWants } from './invite-news.ts';

/** A message that was handed over or is on its way, and what may follow it. Instants in epoch ms. */
export type MessageState = {
  /** Not settled: called unknown, or claimed and not recorded yet. */
  open: boolean;
  /** On its way, as far as we know: its sender will record it, or the fence will call it unknown. */
  claimed: boolean;
  attemptId: number;
  /** The vendor's id of it, as far as it was told. */
  providerMessageId: string | null;
  deliveredAt: number | null;
  recipientHash: Uint8Array | null;
  /** Is there a reminder after this one? */
  hasNext: boolean;
  expiresAt: number;
  /** A run sent it. */
  ofRun: boolean;
  /** It is an invite's, and a webhook is to be told of it. */
  heard: boolean;
};

type Row = Omit<MessageState, 'attemptId'> & MessageRef & { attemptId: number | null };

/** The states of messages (their batches are locked), by `messageKey`; what was never handed over is not in it. */
export async function loadMessageStates(tx: Tx, tenantId: TenantId, messages: readonly MessageRef[]): Promise<Map<string, MessageState>> {
  if (messages.length === 0) return new Map();
  const rows = await tx.sql<Row[]>`
    select r.batch_id as "batchId", r.n, r.step, r.channel, case r.channel when 'sms' then i.phone_hash else i.recipient_hash end as "recipientHash", b.expires_at as "expiresAt",
           coalesce(m.state in ('unknown', 'unknown_expired'), true) as open, m.state is null as claimed,
           m.provider_message_id as "providerMessageId", m.delivered_at as "deliveredAt",
           coalesce(m.attempt_id, case when i.step = r.step and i.channel = r.channel then i.attempt_id end) as "attemptId",
           b.notice is null and coalesce(jsonb_array_length(v.terms -> 'reminders'), 0) > r.step as "hasNext", b.run_id is not null as "ofRun",
           case when b.notice is null then ${endpointWants(tx, tenantId, ['invite.sent', 'invite.delivered', 'invite.bounced', 'invite.complained'])} else false end as heard
    from (select distinct * from unnest(${messages.map(({ batchId }) => batchId)}::text[], ${messages.map(({ n }) => n)}::smallint[], ${messages.map(({ step }) => step)}::smallint[],
      ${messages.map(({ channel }) => channel)}::text[]) as r (batch_id, n, step, channel)) r
    join invites i on i.batch_id = r.batch_id and i.n = r.n
    join invite_batches b on b.id = r.batch_id
    join program_versions v on v.program_id = b.program_id and v.version = b.program_version
    left join messages m on m.batch_id = r.batch_id and m.n = r.n and m.step = r.step and m.channel = r.channel`;
  return new Map(rows.flatMap(({ batchId, n, step, channel, attemptId, ...state }) => (attemptId === null ? [] : [[messageKey({ batchId, n, step, channel }), { ...state, attemptId }]])));
}
