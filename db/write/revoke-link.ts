import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { recordDecision } from './decide.ts';

/** `already`: it was revoked before, at its first instant. `unknown`: this tenant has no such link. */
export type RevokeOutcome = { outcome: 'revoked' | 'already' | 'unknown' };

/** A revoked link leads nowhere from this commit on, for good. Repeating it changes nothing. */
export async function revokeLink(tx: Tx, link: { tenantId: TenantId; code: string; now: number; actor: string }): Promise<RevokeOutcome> {
  const { tenantId, code, now, actor } = link;
  const revoked = await tx.sql`update links set revoked_at = ${now} where code = ${code} and revoked_at is null returning code`;
  if (revoked.length === 0) {
    const [known] = await tx.sql`select 1 from links where code = ${code}`;
    return { outcome: known === undefined ? 'unknown' : 'already' };
  }
  await recordDecision(tx, { tenantId, subjectId: code, kind: 'link_revoked', rule: 'the tenant revoked the link', inputs: {}, actor, now });
  return { outcome: 'revoked' };
}
