import { inviteRef, isId, type TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { lookAtExplainLink, subjectOf, type ExplainLinkState, type StorySubject, type SubjectRow } from '../read/explain-link.ts';
import { explainLinks } from '../schema/links.ts';
import { recordDecision } from './decide.ts';

export type NewExplainLink = { tenantId: TenantId; subject: StorySubject; tokenHash: Uint8Array; expiresAt: number; madeBy: string };

/** `publicUrl`: the origin under which the tenant's pages are served. */
export type CreatedExplainLink = { outcome: 'made'; publicUrl: string } | { outcome: 'unknown_subject' };

/** Stores a link that opens a story once, by the hash of its token. `unknown_subject`: this tenant has no such invite or referral. */
export async function createExplainLink(tx: Tx, { tenantId, subject, tokenHash, expiresAt, madeBy }: NewExplainLink): Promise<CreatedExplainLink> {
  const about = aboutOf(subject);
  const [found] = await tx.sql<{ publicUrl: string }[]>`
    select t.public_url as "publicUrl" from tenants t where t.id = ${tenantId} and (
      exists (select from referrals r where r.id = ${about.referralId}) or exists (select from invites i where i.batch_id = ${about.batchId} and i.n = ${about.n}))`;
  if (found === undefined) return { outcome: 'unknown_subject' };
  await tx.orm.insert(explainLinks).values({ tokenHash, tenantId, ...about, expiresAt, openedAt: null, madeBy });
  return { outcome: 'made', publicUrl: found.publicUrl };
}

function aboutOf(subject: StorySubject): SubjectRow {
  if (isId('ref', subject)) return { batchId: null, n: null, referralId: subject };
  const ref = inviteRef(subject);
  if (ref === null) throw new Error('a story is about an invite or a referral');
  return { ...ref, referralId: null };
}

export type OpenedExplainLink = { outcome: 'opened'; subject: StorySubject } | Exclude<ExplainLinkState, { outcome: 'ready' }>;

/** Uses a link up, notes that it was opened and says what it is about. Of any number of openings at once, one gets it; the others hear `used`. */
export async function openExplainLink(tx: Tx, { tenantId, tokenHash, now }: { tenantId: TenantId; tokenHash: Uint8Array; now: number }): Promise<OpenedExplainLink> {
  const [opened] = await tx.sql<(SubjectRow & { madeBy: string | null })[]>`
    update explain_links set opened_at = ${now}
    where token_hash = ${tokenHash} and opened_at is null and expires_at > ${now}
    returning batch_id as "batchId", n, referral_id as "referralId", made_by as "madeBy"`;
  if (opened !== undefined) {
    const { batchId, n, referralId, madeBy } = opened;
    const subject = subjectOf(opened);
    await recordDecision(tx, {
      tenantId, subjectId: referralId ?? batchId ?? subject, ...(n === null ? {} : { ns: [n] }), kind: 'explain_opened',
      rule: 'Whoever has a one-time link may read its story once.', inputs: { madeBy }, actor: 'link_holder', now,
    });
    return { outcome: 'opened', subject };
  }
  const state = await lookAtExplainLink(tx, tokenHash, now);
  if (state.outcome === 'ready') throw new Error('an explain link could not be opened and is ready all the same');
  return state;
}
