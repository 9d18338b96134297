import { drawBytes } from '../../src/config/draw-bytes.ts';
import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import { shareCode } from '../../src/domain/link/code.ts';
import { defaultDestination } from '../../src/domain/link/default-destination.ts';
import type { Signer } from '../../src/domain/link/signer.ts';
import type { Tx } from '../client.ts';
import { destinationRules } from '../read/link-owner.ts';

/** How many members are looked at in one transaction. */
const MOST_AT_ONCE = 1_000;

/**
 * Makes the personal links of these members, in one statement; who has one keeps it. They lead to the first of the tenant's allowed
 * destinations. Answers the codes that were made. A revoked one is not replaced: it was taken away.
 */
export async function makePersonalLinks(tx: Tx, signer: Signer, { tenantId, memberIds, now }: { tenantId: TenantId; memberIds: readonly MemberId[]; now: number }): Promise<Map<MemberId, string>> {
  if (memberIds.length === 0) return new Map();
  const destination = defaultDestination(await destinationRules(tx, tenantId));
  const owners = [...new Set(memberIds)].toSorted();
  const made = await tx.sql<{ memberId: MemberId; code: string }[]>`
    insert into links (code, tenant_id, kind, member_id, destination, utm, created_at)
    select l.code, ${tenantId}, 'personal', l.member_id, ${destination}, '{"source": "flywheel", "medium": "referral"}', ${now}::timestamptz
    from unnest(${owners.map(() => shareCode(signer, drawBytes(16)))}::text[], ${owners}::text[]) with ordinality as l (code, member_id, place)
    order by l.place
    on conflict do nothing
    returning member_id as "memberId", code`;
  return new Map(made.map(({ memberId, code }) => [memberId, code]));
}

/** Makes them for the members after one (null: from the first), 1,000 at a time; `next`: where to go on, null at the end. */
export async function makeMissingPersonalLinks(
  tx: Tx, signer: Signer, { tenantId, after, now }: { tenantId: TenantId; after: MemberId | null; now: number },
): Promise<{ made: number; next: MemberId | null }> {
  const rows = await tx.sql<{ id: MemberId; lacks: boolean }[]>`
    select m.id, not exists (select from links l where l.tenant_id = ${tenantId} and l.member_id = m.id and l.kind = 'personal') as lacks from members m
    where m.tenant_id = ${tenantId} ${after === null ? tx.sql`` : tx.sql`and m.id > ${after}`}
    order by m.id limit ${MOST_AT_ONCE}`;
  const made = await makePersonalLinks(tx, signer, { tenantId, memberIds: rows.flatMap(({ id, lacks }) => (lacks ? [id] : [])), now });
  return { made: made.size, next: rows.length < MOST_AT_ONCE ? null : rows.at(-1)?.id ?? null };
}
