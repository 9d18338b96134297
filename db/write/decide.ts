import { newId } from '../../src/config/new-id.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { decisions } from '../schema/sending.ts';

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
  await tx.orm.insert(decisions).values(made.map(({ now, ns, inputs, ...decision }) => ({
    ...decision, id: newId('dec', now), ns: ns === undefined ? null : [...ns], inputs: { ...inputs }, at: now,
  })));
}

export async function recordDecision(tx: Tx, decision: Decision): Promise<void> {
  await recordDecisions(tx, [decision]);
}
