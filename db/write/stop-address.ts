import { newId } from '../../src/config/new-id.ts';
import type { SuppressionId, TenantId } from '../../src/domain/ids.ts';
import { ALL } from '../../src/domain/preference/consent-act.ts';
import type { ConsentSource } from '../../src/domain/preference/consent-act.ts';
import type { Tx } from '../client.ts';
import { openInvitesOf } from './close-invites.ts';
import { recordConsent } from './record-consent.ts';
import { lockBatches } from './refresh-next-due.ts';
import { suppressWaiting } from './suppress-waiting.ts';

/** A recipient's own word about an address, and which words they had read, in which language. */
export type Stop = { tenantId: TenantId; recipientHash: Uint8Array; source: ConsentSource; wordingVersion: string | null; locale: string | null; now: number };

/** `added`: the suppression; `replaced`: the reason of the one whose place it took. `already`: it was stopped for good before. */
export type Stopped = { outcome: 'added'; suppressionId: SuppressionId; replaced: string | null; closed: number } | { outcome: 'already' };

/**
 * Its owner wants nothing more sent to this address: never contact, close what waits, log it as an opt-out of everything.
 * The recipient's own word takes the place of a bounce's or of the tenant's, because those may be lifted without asking; a
 * complaint, a legal reason and a STOP stay, for they weigh as much. Repeating it changes nothing.
 */
export async function stopAddress(tx: Tx, { tenantId, recipientHash, source, wordingVersion, locale, now }: Stop): Promise<Stopped> {
  // Batches first, like everywhere: see add-suppression.ts.
  await lockBatches(tx, (await openInvitesOf(tx, recipientHash, 'person')).map((open) => open.batchId));
  const [replaced] = await tx.sql<{ reason: string }[]>`
    update suppressions set lifted_at = ${now}
    where tenant_id = ${tenantId} and recipient_hash = ${recipientHash} and lifted_at is null and reason in ('manual', 'hard_bounce')
    returning reason`;
  const [added] = await tx.sql<{ id: SuppressionId }[]>`
    insert into suppressions (id, tenant_id, recipient_hash, reason, created_at)
    values (${newId('sup', now)}, ${tenantId}, ${recipientHash}, 'unsubscribe', ${now})
    on conflict (tenant_id, recipient_hash) where lifted_at is null do nothing
    returning id`;
  const closed = added === undefined ? 0 : await suppressWaiting(tx, { tenantId, recipientHash, reason: 'unsubscribe', now, actor: 'recipient' });
  const [out] = await tx.sql`
    select 1 from preferences where tenant_id = ${tenantId} and recipient_hash = ${recipientHash} and topic = ${ALL} and channel = ${ALL} and state = 'out'`;
  if (out === undefined) {
    await recordConsent(tx, { tenantId, recipientHash, topic: ALL, channel: ALL, action: 'withdrawn', basis: null, wordingVersion, locale, source, givenAt: now, now, actor: 'recipient' });
  }
  return added === undefined ? { outcome: 'already' } : { outcome: 'added', suppressionId: added.id, replaced: replaced?.reason ?? null, closed };
}
