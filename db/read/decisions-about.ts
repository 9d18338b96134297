import type { Id } from '../../src/domain/ids.ts';

/** One decision as it was written: ids, codes and figures. `ns`: which invites of a batch; null: all of them, or the subject is no batch. */
export type DecisionView = { id: Id<'dec'>; subjectId: string; ns: number[] | null; kind: string; rule: string; inputs: Readonly<Record<string, unknown>>; actor: string; at: number };
