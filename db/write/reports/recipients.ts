import type { Keyring } from '../../../src/config/keyring.ts';
import { newId } from '../../../src/config/new-id.ts';
import type { ReportRecipientId, TenantId } from '../../../src/domain/ids.ts';
import { ASK_AGAIN_AFTER_MS, CONFIRM_EXPIRES_MS } from '../../../src/domain/report/report-mail-state.ts';
import type { Tx } from '../../client.ts';

/** Of one tenant. Reports are for a team, not for a list. */
export const MOST_RECIPIENTS = 50;
/** Asked by one tenant within `ASK_AGAIN_AFTER_MS`, whoever was removed since: the question is no way to write to strangers. */
export const MOST_ASKED = 100;

export type NamedRecipient = { readonly outcome: 'asked' | 'asked_before' | 'confirmed_before' | 'unsubscribed_before'; readonly id: ReportRecipientId } | { readonly outcome: 'too_many' };
type Which = { readonly tenantId: TenantId; readonly id: ReportRecipientId; readonly now: number };

/**
 * Names somebody as a recipient and asks them by mail whether they want that: nothing else goes to them before they said so. Naming them
 * again asks again, but nobody twice within a day, and nobody who said no: they can come back by their own link alone. That they were removed in
 * between changes none of that.
 */
export async function nameRecipient(tx: Tx, keyring: Keyring, of: { tenantId: TenantId; address: string; mailbox: string; /** In which language they are written to (BCP 47); left out: as before, else English. */ locale?: string | undefined; now: number }): Promise<NamedRecipient> {
  const { tenantId, address, mailbox, locale, now } = of;
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(${`report recipients ${tenantId}`}, 0))`;
  const hash = keyring.hashRecipient(tenantId, mailbox);
  const [known] = await tx.sql<Known[]>`
    select r.id, r.confirmed_at as "confirmedAt", r.unsubscribed_at as "unsubscribedAt", r.email_sealed = '' as "isRemoved",
           (select max(m.queued_at) from report_mails m where m.tenant_id = r.tenant_id and m.recipient_id = r.id and m.about = 'confirm') as "askedAt"
    from report_recipients r
    where r.tenant_id = ${tenantId} and r.email_hash = ${hash}`;
  const answered = known === undefined ? null : answeredBefore(known, now);
  if ((answered === null || known?.isRemoved === true) && await isFull(tx, { tenantId, now, isNew: known === undefined || known.isRemoved, asks: answered === null })) return { outcome: 'too_many' };
  if (known !== undefined && (answered === null || known.isRemoved)) {
    await tx.sql`update report_recipients set email_sealed = ${keyring.seal(tenantId, address)}, removed_at = null where tenant_id = ${tenantId} and id = ${known.id}`;
  }
  if (known !== undefined && locale !== undefined) await tx.sql`update report_recipients set locale = ${locale} where tenant_id = ${tenantId} and id = ${known.id}`;
  if (known !== undefined && answered !== null) return { outcome: answered, id: known.id };
  if (known !== undefined) {
    await ask(tx, { tenantId, id: known.id, now });
    return { outcome: 'asked', id: known.id };
  }
  const id = newId('rrc', now);
  await tx.sql`insert into report_recipients (id, tenant_id, email_hash, email_sealed, created_at, locale) values (${id}, ${tenantId}, ${hash}, ${keyring.seal(tenantId, address)}, ${now}, ${locale ?? null})`;
  await ask(tx, { tenantId, id, now });
  return { outcome: 'asked', id };
}

type Known = { id: ReportRecipientId; confirmedAt: number | null; unsubscribedAt: number | null; askedAt: number | null; isRemoved: boolean };

/** Why somebody is not asked (again); null: they are. */
function answeredBefore({ confirmedAt, unsubscribedAt, askedAt }: Known, now: number): 'asked_before' | 'confirmed_before' | 'unsubscribed_before' | null {
  if (unsubscribedAt !== null) return 'unsubscribed_before';
  if (confirmedAt !== null) return 'confirmed_before';
  return askedAt !== null && askedAt > now - ASK_AGAIN_AFTER_MS ? 'asked_before' : null;
}

async function isFull({ sql }: Tx, { tenantId, now, isNew, asks }: { tenantId: TenantId; now: number; isNew: boolean; asks: boolean }): Promise<boolean> {
  const [count] = await sql<{ named: number; asked: number }[]>`
    select (select count(*)::int from report_recipients where tenant_id = ${tenantId} and email_sealed <> '') as named,
           (select count(*)::int from report_mails where tenant_id = ${tenantId} and about = 'confirm' and queued_at > ${now - ASK_AGAIN_AFTER_MS}) as asked`;
  return (isNew && (count?.named ?? 0) >= MOST_RECIPIENTS) || (asks && (count?.asked ?? 0) >= MOST_ASKED);
}

/** In the place of a question that still waits; one that left stands beside it, for what vendors tell of it. */
async function ask(tx: Tx, { tenantId, id, now }: Which): Promise<void> {
  await tx.sql`delete from report_mails where tenant_id = ${tenantId} and recipient_id = ${id} and about = 'confirm' and state = 'waiting'`;
  await tx.sql`insert into report_mails (tenant_id, recipient_id, about, state, due_at, expires_at, queued_at) values (${tenantId}, ${id}, 'confirm', 'waiting', ${now}, ${now + CONFIRM_EXPIRES_MS}, ${now})`;
}

/** They want reports. The first time counts, also after they had unsubscribed; null where they were removed. */
export async function confirmRecipient(tx: Tx, { tenantId, id, now }: Which): Promise<'confirmed' | null> {
  const rows = await tx.sql`
    update report_recipients set confirmed_at = case when confirmed_at is null or unsubscribed_at is not null then ${now} else confirmed_at end, unsubscribed_at = null
    where tenant_id = ${tenantId} and id = ${id} and email_sealed <> '' returning id`;
  return rows.length === 0 ? null : 'confirmed';
}

/** They want no more of them, whatever waits. Saying it again changes nothing; null where they were removed. */
export async function unsubscribeRecipient(tx: Tx, { tenantId, id, now }: Which): Promise<'unsubscribed' | null> {
  const rows = await tx.sql`
    update report_recipients set unsubscribed_at = coalesce(unsubscribed_at, ${now}) where tenant_id = ${tenantId} and id = ${id} returning id`;
  return rows.length === 0 ? null : 'unsubscribed';
}

/**
 * Forgets their address, and what waits for them. Under the keyed hash alone are kept that they said no, or were asked within the day, else removing would be a
 * way to ask again, and for 90 days what was sent to them: a complaint about it still counts.
 */
export async function removeRecipient(tx: Tx, { tenantId, id, now }: Which): Promise<'removed' | null> {
  const [known] = await tx.sql<{ hasSaidNo: boolean }[]>`
    select unsubscribed_at is not null as "hasSaidNo" from report_recipients where tenant_id = ${tenantId} and id = ${id} and email_sealed <> '' for update`;
  if (known === undefined) return null;
  await tx.sql`delete from report_mails where tenant_id = ${tenantId} and recipient_id = ${id} and state = 'waiting'`;
  const [sent] = await tx.sql`select 1 from report_mails where tenant_id = ${tenantId} and recipient_id = ${id}`;
  if (known.hasSaidNo || sent !== undefined) await tx.sql`update report_recipients set email_sealed = '', confirmed_at = null, locale = null, removed_at = ${now} where tenant_id = ${tenantId} and id = ${id}`;
  else await tx.sql`delete from report_recipients where tenant_id = ${tenantId} and id = ${id}`;
  return 'removed';
}
