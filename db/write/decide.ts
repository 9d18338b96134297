import { newId } from '../../src/config/new-id.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** One decision: about whom or what, by which rule, from which inputs (ids and figures, nothing personal), by whom. */
export type Decision = {
  tenantId: TenantId;
  /** A batch, program, member, tenant, suppression … */
  subjectId: string;
  /** Which invites of a batch; left out: all of them, or the subject is no batch. */
  ns?: readonly number[];
  /** What happened, in one word or two: `program_paused`. */
  kind: string;
  /** Why, as a sentence for ops. */
  rule: string;
  inputs: Readonly<Record<string, unknown>>;
  /** `key_…`, `sender`, `relay`, `recipient`. */
  actor: string;
  now: number;
};

/** Writes decisions beside their effects, in the effects' transaction. */
export async function recordDecisions(tx: Tx, made: readonly Decision[]): Promise<void> {
  if (made.length === 0) return;
  tx.answerLater(tx.sql`
    insert into decisions (id, tenant_id, subject_id, ns, kind, rule, inputs, actor, at)
    select d.id, d.tenant_id, d.subject_id, string_to_array(d.ns, ' ')::smallint[], d.kind, d.rule, d.inputs, d.actor, d.at
    from unnest(${made.map(({ now }) => newId('dec', now))}::text[], ${made.map(({ tenantId }) => tenantId)}::text[], ${made.map(({ subjectId }) => subjectId)}::text[],
                ${made.map(({ ns }) => ns?.join(' ') ?? null)}::text[], ${made.map(({ kind }) => kind)}::text[], ${made.map(({ rule }) => rule)}::text[],
                ${made.map(({ inputs }) => JSON.stringify(inputs))}::jsonb[], ${made.map(({ actor }) => actor)}::text[], ${made.map(({ now }) => now)}::timestamptz[])
      as d (id, tenant_id, subject_id, ns, kind, rule, inputs, actor, at)`);
}

export async function recordDecision(tx: Tx, decision: Decision): Promise<void> {
  await recordDecisions(tx, [decision]);
}
