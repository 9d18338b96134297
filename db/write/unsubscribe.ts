import type { BatchId, TenantId } from '../../src/domain/ids.ts';
import { ALL } from '../../src/domain/preference/consent-act.ts';
import type { Tx } from '../client.ts';
import { recordDecision } from './decide.ts';
import { tellOfOptOuts } from './invite-news.ts';
import { stopAddress } from './stop-address.ts';

/** `wordingVersion`, `locale`: what the page said, and in which language. */
export type OptOutRequest = { tenantId: TenantId; batchId: BatchId; n: number; channel: string; wordingVersion: string | null; locale: string | null; now: number };

/** `already`: this recipient had stopped it before. `unknown`: the invite is gone, or its recipient was forgotten. */
export type OptOutOutcome = { outcome: 'unsubscribed' | 'already' | 'unknown' };

/** The recipient of an invite wants no more of this tenant's messages: see stopAddress. Repeating it changes nothing. */
export async function unsubscribe(tx: Tx, { tenantId, batchId, n, channel, wordingVersion, locale, now }: OptOutRequest): Promise<OptOutOutcome> {
  const [invite] = await tx.sql<{ recipientHash: Uint8Array }[]>`
    select recipient_hash as "recipientHash" from invites where batch_id = ${batchId} and n = ${n} and recipient_hash is not null`;
  if (invite === undefined) return { outcome: 'unknown' };
  const stopped = await stopAddress(tx, { tenantId, recipientHash: invite.recipientHash, source: 'unsubscribe_link', wordingVersion, locale, now });
  if (stopped.outcome === 'already') return stopped;
  const { suppressionId, closed, replaced } = stopped;
  await recordDecision(tx, {
    tenantId, subjectId: batchId, ns: [n], kind: 'unsubscribed', actor: 'recipient', now,
    rule: 'the recipient opted out through the link of this invite',
    inputs: { channel, suppressionId, invitesStopped: closed, ...(replaced === null ? {} : { replaced }) },
  });
  await tellOfOptOuts(tx, { tenantId, batchId, n, from: [{ topic: ALL, channel: ALL }], now });
  return { outcome: 'unsubscribed' };
}
