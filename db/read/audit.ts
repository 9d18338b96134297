import type { Id, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** One decision as it was written: ids, codes and figures. `ns`: which invites of a batch; null: all of them, or the subject is no batch. */
export type DecisionView = { id: Id<'dec'>; subjectId: string; ns: number[] | null; kind: string; rule: string; inputs: Readonly<Record<string, unknown>>; actor: string; at: number };

/** Where a page ends: instant (epoch ms) and id of its last decision. */
export type AuditPlace = { at: number; id: Id<'dec'> };

/** Whom or what decisions are about; `n`: one invite of a batch, with what concerns all of them. */
export type AuditSubject = { subjectId: string; n: number | null };

/** The tenant's decisions, newest first, after (older than) a place; all of them or those about one subject. */
export async function listDecisions(tx: Tx, tenantId: TenantId, page: { after: AuditPlace | null; limit: number; about: AuditSubject | null }): Promise<DecisionView[]> {
  const { after, limit, about } = page;
  return tx.sql<DecisionView[]>`
    select id, subject_id as "subjectId", ns, kind, rule, inputs, actor, at from decisions
    where tenant_id = ${tenantId}
      ${about === null ? tx.sql`` : tx.sql`and subject_id = ${about.subjectId}`}
      ${about === null || about.n === null ? tx.sql`` : tx.sql`and (ns is null or ${about.n}::smallint = any(ns))`}
      ${after === null ? tx.sql`` : tx.sql`and at <= ${after.at} and (at, id) < (${after.at}::timestamptz, ${after.id})`}
    order by at desc, id desc limit ${limit}`;
}
