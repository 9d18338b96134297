import { isReferralEvent } from '../../src/domain/event/event-detail.ts';
import type { MemberId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { SqlPart } from '../read/consent.ts';
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
  const payers = tx.sql`
    select p.member_id from unnest(${[...new Set(names)]}::text[]) as w (name)
    cross join lateral (select payment_id from payment_names where tenant_id = current_tenant() and name = w.name limit 1) n
    cross join lateral (select member_id from payments where id = n.payment_id limit 1) p
    where p.member_id is not null`;
  const locked = await tx.sql<{ id: MemberId }[]>`${lockInOrder(tx, tx.sql`select unnest(${ids}::text[]) as id union ${payers}`)}`;
  return new Set(locked.map(({ id }) => id));
}

export async function lockMembers(tx: Tx, ids: readonly MemberId[]): Promise<void> {
  if (ids.length > 0) await tx.sql`${lockInOrder(tx, tx.sql`select distinct unnest(${ids}::text[]) as id`)}`;
}

/**
 * Locks members against facts, too: a fact refers to its member, so of whoever stores one at this instant one waits for the other. Sent with
 * the next statement. Call it before anything else is locked.
 */
export function holdMembers(tx: Tx, ids: readonly MemberId[]): void {
  if (ids.length > 0) tx.answerLater(tx.sql`${lockInOrder(tx, tx.sql`select distinct unnest(${ids}::text[]) as id`, tx.sql`for update`)}`);
}

/**
 * Of rows that refer to members each would else be locked as it is written, in whatever order: keeps them from whoever holds them (`holdMembers`), in the
 * order of locks. Sent with the next statement.
 */
export function keepMembers(tx: Tx, ids: readonly MemberId[]): void {
  if (new Set(ids).size > 1) tx.answerLater(tx.sql`${lockInOrder(tx, tx.sql`select distinct unnest(${ids}::text[]) as id`, tx.sql`for key share`)}`);
}

/** Locks members and reads these columns of them, in one statement. `ids`: a query for their ids; whoever is not there is left out. */
export function lockReading(tx: Tx, ids: SqlPart, columns: SqlPart) {
  return lockInOrder(tx, ids, tx.sql`for no key update`, columns);
}

/** Each is looked up by its key, in the order in which they are locked. */
function lockInOrder({ sql }: Tx, ids: SqlPart, how: SqlPart = sql`for no key update`, columns: SqlPart = sql`id`) {
  return sql`
    select held.* from (
      select m.id from (${ids}) as named cross join lateral (select id, external_id from members where id = named.id limit 1) m order by m.external_id collate "C" offset 0
    ) as placed cross join lateral (select ${columns} from members where id = placed.id limit 1 ${how}) held`;
}
