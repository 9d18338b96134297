import type { Database } from '../client.ts';
import { IDEMPOTENCY_KEPT_MS } from './idempotency.ts';

/** A one-time link is kept this long after its end, so that whoever opens it late is told so. */
const LINK_KEPT_MS = 24 * 3_600_000;

/** Removes, of all tenants (relay role), keyed answers older than seven days and one-time links that are long over. Returns how many. */
export async function purgeExpired(db: Database, now: number): Promise<number> {
  const answers = await db.sql`delete from idempotency where created_at <= ${now - IDEMPOTENCY_KEPT_MS}`;
  const links = await db.sql`delete from explain_links where expires_at <= ${now - LINK_KEPT_MS}`;
  return answers.count + links.count;
}
