import { inviteId, type BatchId, type InviteRef, type TenantId } from '../../src/domain/ids.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import type { Tx } from '../client.ts';
import type { ClosedInvite } from './close-invites.ts';
import { tellOfMessages, tellOfOptedOut } from './runs/tell-of-messages.ts';
import { announce } from './webhooks/announce.ts';

type Message = { readonly channel: Channel; readonly step: number };

/** What a tenant hears of its invites. That a reminder is not sent ends nothing, and is in `explain` alone. */
export type InviteNews = InviteRef & (
  | ({ readonly type: 'invite.sent' | 'invite.delivered' | 'invite.complained' } & Message)
  | ({ readonly type: 'invite.bounced'; readonly reason: string; readonly permanent: boolean } & Message)
  | { readonly type: 'invite.opted_out'; readonly topic: string; readonly channel: string }
  | { readonly type: 'invite.refused'; readonly reason: string }
  | { readonly type: 'invite.canceled' | 'invite.expired' | 'invite.unknown' }
) & {
  /** When it happened (epoch ms); left out: now. */
  readonly at?: number;
};

/**
 * As a column of a statement that moves invites anyway: is there an endpoint that any of these types goes to? Asked once a statement,
 * however many rows it has; where it is false nothing more is done.
 */
export function endpointWants(tx: Tx, tenantId: TenantId, types: readonly InviteNews['type'][]) {
  return tx.sql`(select exists (select 1 from webhook_endpoints w where w.tenant_id = ${tenantId} and w.deleted_at is null and w.event_types && ${['*', 'invite.*', ...types]}::text[]))`;
}

/** `endpointWants`, and the batch by that id (SQL) invites somebody: notices leave and end like invites, and are none. */
export function inviteIsHeard(tx: Tx, tenantId: TenantId, types: readonly InviteNews['type'][], batchId: ReturnType<Tx['sql']>) {
  return tx.sql`case when ${endpointWants(tx, tenantId, types)} then exists (select 1 from invite_batches heard where heard.id = ${batchId} and heard.notice is null) else false end`;
}

/** Tells the tenant's webhooks, in the transaction in which it happened. The caller leaves out notices. */
export async function tellOfInvites(tx: Tx, { tenantId, news, now }: { tenantId: TenantId; news: readonly InviteNews[]; now: number }): Promise<void> {
  await announce(tx, {
    tenantId, now,
    news: news.map(({ type, batchId, n, at, ...data }) => {
      const id = inviteId({ batchId, n });
      return { type, subjectId: id, sequenceOf: null, at: at ?? now, data: { inviteId: id, batchId, ...data } };
    }),
  });
}

/** Of what a suppression or an opt-out closed, that which was still to be sent; what is on the wire is told of by its record. Runs hear what it means for them. */
export async function tellOfSuppressed(tx: Tx, { tenantId, closed, now }: { tenantId: TenantId; closed: readonly ClosedInvite[]; now: number }): Promise<void> {
  const ofRuns = closed.filter(({ ofRun }) => ofRun);
  await tellOfMessages(tx, { tenantId, refs: ofRuns, now });
  await tellOfOptedOut(tx, { tenantId, refs: ofRuns, now });
  const ended = closed.filter(({ was, isNotice }) => was === 'closed' && !isNotice);
  await tellOfInvites(tx, { tenantId, now, news: ended.map(({ batchId, n }) => ({ batchId, n, type: 'invite.refused', reason: 'suppressed' })) });
}

type OptOuts = { tenantId: TenantId; batchId: BatchId; n: number; from: readonly { topic: string; channel: string }[]; now: number };

/** Of what a recipient no longer wants, as said by way of an invite: each topic and channel once. Said by way of a notice it is no news of an invite. */
export async function tellOfOptOuts(tx: Tx, { tenantId, batchId, n, from, now }: OptOuts): Promise<void> {
  const once = new Map(from.map(({ topic, channel }) => [`${topic} ${channel}`, { topic, channel }]));
  if (once.size === 0) return;
  const [row] = await tx.sql<{ heard: boolean }[]>`select ${inviteIsHeard(tx, tenantId, ['invite.opted_out'], tx.sql`${batchId}`)} as heard`;
  if (row?.heard === true) await tellOfInvites(tx, { tenantId, now, news: [...once.values()].map((out) => ({ batchId, n, type: 'invite.opted_out', ...out })) });
}
