import { makeId } from '../../src/domain/ids.ts';
import { makeMessageId } from '../../src/domain/webhook/message-id.ts';
import type { Database } from '../client.ts';
import { REFUSED_ROWS_KEPT_MS } from '../../src/domain/import/limits.ts';
import { IDEMPOTENCY_KEPT_MS } from './idempotency.ts';

/** A one-time link is kept this long after its end, so that whoever opens it late is told so. */
const LINK_KEPT_MS = 24 * 3_600_000;

/** A span of a cap is over for every zone after two days; one more costs nothing. */
const CAP_SPANS_KEPT_MS = 3 * 24 * 3_600_000;

/** For so long a vendor's event is known to have counted; none goes on telling for half of it. */
const PROVIDER_EVENTS_KEPT_MS = 90 * 24 * 3_600_000;

/** What was told in the app is old news after so long. */
const FEED_KEPT_MS = 90 * 24 * 3_600_000;

/** Limits look back for 90 days at most; after twice that an offer tells nobody anything. */
const PROMPTS_KEPT_MS = 180 * 24 * 3_600_000;

/** A run that has closed may begin again for some time, and then says a name again. */
const PRIVATE_KEPT_MS = 30 * 24 * 3_600_000;

/** What was told to webhooks can be read, and sent again, for so long. */
const WEBHOOKS_KEPT_MS = 30 * 24 * 3_600_000;

/** No file takes so long to come in: its sender, or the process that received it, is gone. */
const UPLOAD_KEPT_MS = 3_600_000;

/**
 * Removes, of all tenants (relay role), keyed answers older than seven days, one-time links that are long over, tokens of referral pages too, links to previews, spans of caps
 * that are past, vendors' events, of messages and of payments, that are 90 days old, imports that were never received whole, refused rows of imports that ended a week
 * ago, events of webhooks with their deliveries and endpoints that were deleted, both after 30 days, and rate limits' buckets that are full again: without its row a bucket
 * is full; items of feeds that are 90 days old; offers that are 180 days old; what runs that closed 30 days ago knew of somebody; mails of reports that are
 * 90 days old, and who was removed from their readers so long ago and had not said no. Returns how many.
 */
export async function purgeExpired(db: Database, now: number): Promise<number> {
  const answers = await db.sql`delete from idempotency where created_at <= ${now - IDEMPOTENCY_KEPT_MS}`;
  const links = await db.sql`delete from explain_links where expires_at <= ${now - LINK_KEPT_MS}`;
  const previews = await db.sql`delete from preview_links where expires_at <= ${now}`;
  const spans = await db.sql`delete from member_caps where bucket < ${new Date(now - CAP_SPANS_KEPT_MS).toISOString().slice(0, 10)}`;
  const events = await db.sql`delete from provider_events where recorded_at <= ${now - PROVIDER_EVENTS_KEPT_MS}`;
  const halves = await db.sql`delete from imports where state = 'receiving' and moved_at <= ${now - UPLOAD_KEPT_MS}`;
  const rows = await db.sql`delete from import_rows where import_id in (select id from imports where finished_at <= ${now - REFUSED_ROWS_KEPT_MS})`;
  const webhooks = await db.sql`delete from webhook_events where id < ${makeMessageId(Math.max(0, now - WEBHOOKS_KEPT_MS), new Uint8Array(10))}`;
  const endpoints = await db.sql`delete from webhook_endpoints where deleted_at <= ${now - WEBHOOKS_KEPT_MS}`;
  const billing = await db.sql`delete from billing_events where received_at <= ${now - PROVIDER_EVENTS_KEPT_MS}`;
  const tokens = await db.sql`delete from embed_tokens where expires_at <= ${now - LINK_KEPT_MS}`;
  const items = await db.sql`delete from feed_items where created_at <= ${now - FEED_KEPT_MS}`;
  const prompts = await db.sql`delete from prompts where id < ${makeId('prm', Math.max(0, now - PROMPTS_KEPT_MS), new Uint8Array(10))}`;
  const privates = await db.sql`delete from run_private p using runs r where r.tenant_id = p.tenant_id and r.id = p.run_id and r.closed_at <= ${now - PRIVATE_KEPT_MS}`;
  const mails = await db.sql`delete from report_mails where queued_at <= ${now - PROVIDER_EVENTS_KEPT_MS}`;
  const readers = await db.sql`delete from report_recipients where removed_at <= ${now - PROVIDER_EVENTS_KEPT_MS} and unsubscribed_at is null`;
  const buckets = await db.sql`delete from rate_buckets where full_at_us <= ${now * 1000}`;
  return answers.count + links.count + previews.count + spans.count + events.count + halves.count + rows.count + webhooks.count + endpoints.count + billing.count + tokens.count + items.count + prompts.count + privates.count + mails.count + readers.count + buckets.count;
}
