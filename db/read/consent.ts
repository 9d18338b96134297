import type { PendingQuery, Row } from 'postgres';
import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** A part of a statement: a column (`i.recipient_hash`), a parameter, an expression. */
export type SqlPart = PendingQuery<Row[]>;

/** Of whom and of what: `hash` is the keyed hash of a mailbox or number (bytea), topic and channel are text. */
export type ConsentAsked = { tenantId: TenantId; hash: SqlPart; topic: SqlPart; channel: SqlPart };

/**
 * Has this recipient opted out of such a message? A boolean expression, false where nothing was ever said. Every opt-out
 * that covers the message counts, one of all topics or channels too: it ends by an opt-in to the very same, not by one to
 * a part of it.
 */
export function optedOut(tx: Tx, of: ConsentAsked) {
  return tx.sql`exists (select 1 from preferences pref where ${covering(tx, of)} and pref.state = 'out')`;
}

/** Has this recipient opted in to such a message, and not out of it? A boolean expression, false where nothing was ever said. */
export function hasGranted(tx: Tx, of: ConsentAsked) {
  return tx.sql`(exists (select 1 from preferences pref where ${covering(tx, of)} and pref.state = 'in') and not ${optedOut(tx, of)})`;
}

/** Four look-ups by the whole primary key at most. */
function covering(tx: Tx, { tenantId, hash, topic, channel }: ConsentAsked) {
  return tx.sql`pref.tenant_id = ${tenantId} and pref.recipient_hash = ${hash} and pref.topic in ('*', ${topic}) and pref.channel in ('*', ${channel})`;
}
