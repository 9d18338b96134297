import type { BatchId, ContactId, InviteRef, MemberId, TenantId } from '../../src/domain/ids.ts';
import type { ZoneOrigin } from '../../src/domain/zone/zone-candidates.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import type { QuietHours } from '../schema/people.ts';
import { located, whereabouts } from './whereabouts.ts';

/** What is known of one recipient of a tenant. */
export type KnownRecipient = {
  contactId: ContactId | null;
  zones: readonly string[];
  zoneSource: ZoneOrigin | null;
  /** A member's own zone: no invite knows better. */
  hasOwnZone: boolean;
  places: readonly string[];
  isMinor: boolean;
  memberId: MemberId | null;
  memberQuiet: QuietHours | null;
  suppressed: boolean;
  cooling: InviteRef | null;
};

type Row = Omit<KnownRecipient, 'cooling'> & { key: string; coolingBatch: BatchId | null; coolingN: number | null };

/** Looks recipients up by their keyed hashes; the answer is keyed by the hash in hex. Unknown ones are in it too. */
export async function loadRecipients(tx: Tx, tenantId: TenantId, hashes: readonly Buffer[], now: number): Promise<Map<string, KnownRecipient>> {
  if (hashes.length === 0) return new Map();
  const rows = await tx.sql<Row[]>`
    select encode(h.hash, 'hex') as key, c.id as "contactId",
           ${whereabouts(tx)}, m.zone is not null as "hasOwnZone",
           m.id as "memberId", m.quiet_hours as "memberQuiet", s.id is not null as suppressed,
           k.batch_id as "coolingBatch", k.n as "coolingN"
    from unnest(${bytesArray(hashes)}::bytea[]) as h (hash)
    left join contacts c on c.tenant_id = ${tenantId} and c.email_hash = h.hash
    left join lateral (select * from members m where m.contact_id = c.id order by m.id limit 1) m on true
    left join suppressions s on s.tenant_id = ${tenantId} and s.recipient_hash = h.hash and s.lifted_at is null
    left join cooling k on k.tenant_id = ${tenantId} and k.recipient_hash = h.hash and k.until > ${now}`;
  return new Map(rows.map(({ key, coolingBatch, coolingN, ...row }) => [
    key,
    { ...located(row), cooling: coolingBatch === null || coolingN === null ? null : { batchId: coolingBatch, n: coolingN } },
  ]));
}
