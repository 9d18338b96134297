import type { TenantId } from '../../../src/domain/ids.ts';
import { RAILS, type RailKind } from '../../../src/domain/payout/rails.ts';
import type { Tx } from '../../client.ts';
import { recordDecision } from '../decide.ts';

export type NewRail = { readonly tenantId: TenantId; readonly kind: RailKind; readonly url: string | null; /** Null: as it was, for the same address. */ readonly secretSealed: Uint8Array | null; readonly actor: string; readonly now: number };

/**
 * Chooses the rail that batches are approved for from now on. Payouts under way stay with the rail they have. `payouts_open`: its address may not
 * change while some of them do, since they would be looked for where they are not. `secret_required`: none is kept
 * for this address. One that was given for another does not go along: it would be sent to whomever the new address belongs to.
 */
export async function setRail(tx: Tx, { tenantId, kind, url, secretSealed, actor, now }: NewRail): Promise<'set' | 'payouts_open' | 'secret_required'> {
  const [before] = await tx.sql<{ url: string | null; secretSealed: Uint8Array | null }[]>`
    select url, secret_sealed as "secretSealed" from payout_rails where tenant_id = ${tenantId} and kind = ${kind} for no key update`;
  const secret = RAILS[kind].hasAddress ? secretSealed ?? (before?.url === url ? before.secretSealed : null) : null;
  if (RAILS[kind].hasAddress && secret === null) return 'secret_required';
  if (before !== undefined && before.url !== url) {
    const [open] = await tx.sql`select 1 from payouts where tenant_id = ${tenantId} and rail = ${kind} and state in ('approved', 'sending', 'unknown', 'sent') limit 1`;
    if (open !== undefined) return 'payouts_open';
  }
  await tx.sql`update payout_rails set chosen = false where tenant_id = ${tenantId} and chosen and kind <> ${kind}`;
  await tx.sql`
    insert into payout_rails (tenant_id, kind, url, secret_sealed, chosen, changed_at) values (${tenantId}, ${kind}, ${url}, ${secret}, true, ${now})
    on conflict (tenant_id, kind) do update set url = excluded.url, secret_sealed = excluded.secret_sealed, chosen = true, changed_at = excluded.changed_at`;
  await recordDecision(tx, {
    tenantId, subjectId: tenantId, kind: 'payout_rail_set', rule: 'Batches that are approved from now on are paid by this rail.',
    inputs: { rail: kind, secretChanged: secretSealed !== null }, actor, now,
  });
  return 'set';
}
