import { newId } from '../../src/config/new-id.ts';
import type { InviteRef } from '../../src/domain/ids.ts';
import type { Accepted } from '../../src/domain/invite/decide-invites.ts';
import type { Tx } from '../client.ts';
import type { BatchToWrite, ContactRow } from './batch-rows.ts';

type DecisionGroup = { kind: string; rule: string; inputs: Record<string, unknown>; ns: number[] };

/** One decision row for all invites that one reasoning covers: a plan's key, or a refusal's reason. */
export async function insertDecisions(tx: Tx, batch: BatchToWrite, lost: ReadonlyMap<number, InviteRef>): Promise<void> {
  const groups = new Map<string, DecisionGroup>();
  for (const { decision, contact, n } of batch.rows) {
    const [key, group] = decision.outcome === 'accepted' && contact !== null && !lost.has(n)
      ? [`planned ${decision.planKey} ${String(decision.sendAt)}`, planGroup(batch, decision, contact)]
      : refusalGroup(decision.outcome === 'refused' ? decision.reason : 'duplicate_in_cooling_period', decision.outcome === 'refused' ? decision.detail : undefined);
    const held = groups.get(key) ?? group;
    held.ns.push(n);
    groups.set(key, held);
  }
  const rows = [...groups.values()];
  tx.answerLater(tx.sql`
    insert into decisions (id, tenant_id, subject_id, ns, kind, rule, inputs, actor, at)
    select d.id, ${batch.tenantId}, ${batch.batchId}, string_to_array(d.ns, ' ')::smallint[], d.kind, d.rule, d.inputs, ${batch.actor}, ${batch.now}
    from unnest(${rows.map(() => newId('dec', batch.now))}::text[], ${rows.map((row) => row.ns.join(' '))}::text[], ${rows.map((row) => row.kind)}::text[],
                ${rows.map((row) => row.rule)}::text[], ${rows.map((row) => JSON.stringify(row.inputs))}::jsonb[]) as d (id, ns, kind, rule, inputs)`);
}

function planGroup(batch: BatchToWrite, { why, sendAt, permittedUntil, law, capBucket }: Accepted, contact: ContactRow): DecisionGroup {
  const { offer } = batch;
  return {
    kind: 'accepted_and_planned',
    rule: why,
    inputs: {
      zones: contact.zones,
      zoneSource: contact.zoneSource,
      ...(contact.places.length === 0 ? {} : { places: contact.places }),
      ...(law.length === 0 ? {} : { law }),
      ...(offer.peak === null ? {} : { peak: offer.peak }),
      ...(capBucket === null || !batch.keepsPlaces ? {} : { capBucket }),
      sendAt: new Date(sendAt).toISOString(),
      permittedUntil: new Date(permittedUntil).toISOString(),
      expiresAt: new Date(batch.expiresAt).toISOString(),
      programVersion: offer.programVersion,
      planVersion: offer.planVersion,
    },
    ns: [],
  };
}

function refusalGroup(reason: string, detail: string | undefined): [string, DecisionGroup] {
  return [`refused ${reason} ${detail ?? ''}`, { kind: 'refused', rule: reason, inputs: detail === undefined ? {} : { detail }, ns: [] }];
}
