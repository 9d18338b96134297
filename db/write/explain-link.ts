import type { InviteRef, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { lookAtExplainLink, type ExplainLinkState } from '../read/explain-link.ts';
import { explainLinks } from '../schema/links.ts';
import { recordDecision } from './decide.ts';

export type NewExplainLink = InviteRef & { tenantId: TenantId; tokenHash: Uint8Array; expiresAt: number; madeBy: string };

/** `publicUrl`: the origin under which the tenant's pages are served. */
export type CreatedExplainLink = { outcome: 'made'; publicUrl: string } | { outcome: 'unknown_invite' };

/** Stores a link that opens an invite's story once, by the hash of its token. `unknown_invite`: this tenant has no such invite. */
export async function createExplainLink(tx: Tx, { tenantId, batchId, n, tokenHash, expiresAt, madeBy }: NewExplainLink): Promise<CreatedExplainLink> {
  const [invite] = await tx.sql<{ publicUrl: string }[]>`
    select t.public_url as "publicUrl" from invites i join tenants t on t.id = i.tenant_id where i.batch_id = ${batchId} and i.n = ${n}`;
  if (invite === undefined) return { outcome: 'unknown_invite' };
  await tx.orm.insert(explainLinks).values({ tokenHash, tenantId, batchId, n, expiresAt, openedAt: null, madeBy });
  return { outcome: 'made', publicUrl: invite.publicUrl };
}

export type OpenedExplainLink = { outcome: 'opened'; invite: InviteRef } | Exclude<ExplainLinkState, { outcome: 'ready' }>;

/** Uses a link up, notes that it was opened and says which invite it is for. Of any number of openings at once, one gets it; the others hear `used`. */
export async function openExplainLink(tx: Tx, { tenantId, tokenHash, now }: { tenantId: TenantId; tokenHash: Uint8Array; now: number }): Promise<OpenedExplainLink> {
  const [opened] = await tx.sql<(InviteRef & { madeBy: string | null })[]>`
    update explain_links set opened_at = ${now}
    where token_hash = ${tokenHash} and opened_at is null and expires_at > ${now}
    returning batch_id as "batchId", n, made_by as "madeBy"`;
  if (opened !== undefined) {
    const { batchId, n, madeBy } = opened;
    await recordDecision(tx, {
      tenantId, subjectId: batchId, ns: [n], kind: 'explain_opened', rule: 'Whoever has a one-time link may read the story of its invite once.', inputs: { madeBy }, actor: 'link_holder', now,
    });
    return { outcome: 'opened', invite: { batchId, n } };
  }
  const state = await lookAtExplainLink(tx, tokenHash, now);
  if (state.outcome === 'ready') throw new Error('an explain link could not be opened and is ready all the same');
  return state;
}
