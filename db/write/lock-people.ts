import { isReferralEvent } from '../../src/domain/event/event-detail.ts';
import type { MemberId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { EventRow } from './write-events.ts';

/**
 * Locks the members about whom these facts tell something that moves a referral, payers of payments that are named included, in the
 * order of their external ids: of two facts about one member, each would else be decided without the other. Answers who is locked.
 */
export async function lockPeople(tx: Tx, rows: readonly EventRow[]): Promise<Set<MemberId>> {
  const moving = rows.filter(({ fact }) => isReferralEvent(fact.type));
  if (moving.length === 0) return new Set();
  const ids = moving.flatMap(({ memberId }) => memberId ?? []);
  const names = moving.flatMap(({ fact }) => fact.detail?.paymentNames ?? []);
  const locked = await tx.sql<{ id: MemberId }[]>`
    select id from members
    where id = any(${ids}::text[]) or id = any(array(
      select p.member_id from payment_names n join payments p on p.id = n.payment_id
      where n.tenant_id = current_tenant() and n.name = any(${names}::text[]) and p.member_id is not null))
    order by external_id collate "C" for no key update`;
  return new Set(locked.map(({ id }) => id));
}

export async function lockMembers(tx: Tx, ids: readonly MemberId[]): Promise<void> {
  if (ids.length > 0) await tx.sql`select 1 from members where id = any(${ids}::text[]) order by external_id collate "C" for no key update`;
}
