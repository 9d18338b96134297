import type { BatchId, InviteRef, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { recordDecisions } from './decide.ts';

/** An invite that the sender found at its end: by time, unknown for good, or (by the suppression's reason) not to be written to. */
export type FoundEnd = InviteRef & ({ end: 'expired' | 'given_up' } | { end: 'suppressed'; reason: string });

type Group = { subjectId: BatchId; kind: FoundEnd['end']; inputs: Record<string, string>; ns: number[] };

const RULES: Readonly<Record<FoundEnd['end'], string>> = {
  expired: 'An invite is open until it expires.',
  given_up: 'What nothing settled in 72 hours stays unknown, and is not sent again.',
  suppressed: 'Looked at afresh right before it would have left: who is suppressed is not written to.',
};

/** Writes why invites ended that no request and no report ended: one decision for all of a batch that ended alike. */
export async function decideEnds(tx: Tx, tenantId: TenantId, ends: readonly FoundEnd[], now: number): Promise<void> {
  const groups = new Map<string, Group>();
  for (const found of ends) {
    const alike: Group = { subjectId: found.batchId, kind: found.end, inputs: found.end === 'suppressed' ? { was: 'closed', reason: found.reason } : {}, ns: [] };
    const key = JSON.stringify(alike);
    const group = groups.get(key) ?? alike;
    group.ns.push(found.n);
    groups.set(key, group);
  }
  await recordDecisions(tx, [...groups.values()].map((group) => ({ ...group, tenantId, rule: RULES[group.kind], actor: 'sender', now })));
}
