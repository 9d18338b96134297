import type { ReportRecipientId, TenantId } from '../../../src/domain/ids.ts';
import { CLAIM_HOLDS_MS, HELD_FOR_MS, type ReportMailAbout, type ReportMailState } from '../../../src/domain/report/report-mail-state.ts';
import type { Tx } from '../../client.ts';
import { addSuppression } from '../add-suppression.ts';

/** A mail that nobody else sends now. `queuedAt` (epoch ms) tells one asking from the next. */
export type ClaimedReportMail = { readonly recipientId: ReportRecipientId; readonly about: ReportMailAbout; readonly emailSealed: Uint8Array; /** BCP 47; null: none was named. */ readonly locale: string | null; readonly tries: number; readonly queuedAt: number };

/**
 * Claims one mail of a tenant that is due, with every check made afresh: still wanted, not suppressed, not expired, nothing stops the tenant's
 * e-mail. What may never leave ends as `not_sent`; what somebody claimed and never recorded ends as `unknown` and is not sent again. Null: nothing may leave now.
 */
export async function claimReportMail(tx: Tx, tenantId: TenantId, now: number): Promise<ClaimedReportMail | null> {
  await tx.sql`
    update report_mails set state = 'unknown', reason = 'interrupted', due_at = null, recorded_at = ${now}
    where tenant_id = ${tenantId} and state = 'claimed' and due_at <= ${now}`;
  await endUnwanted(tx, tenantId, now);
  if (await isHeld(tx, tenantId)) {
    await tx.sql`update report_mails set due_at = ${now + HELD_FOR_MS} where tenant_id = ${tenantId} and state = 'waiting' and due_at <= ${now}`;
    return null;
  }
  const [mail] = await tx.sql<ClaimedReportMail[]>`
    with next as (
      select m.recipient_id, m.about, m.queued_at, r.email_sealed, r.locale
      from report_mails m join report_recipients r on r.tenant_id = m.tenant_id and r.id = m.recipient_id
      where m.tenant_id = ${tenantId} and m.state = 'waiting' and m.due_at <= ${now}
      order by m.due_at, m.recipient_id limit 1 for no key update of m skip locked
    )
    update report_mails m set state = 'claimed', tries = least(m.tries + 1, 1000), due_at = ${now + CLAIM_HOLDS_MS}
    from next where m.tenant_id = ${tenantId} and m.recipient_id = next.recipient_id and m.about = next.about and m.queued_at = next.queued_at
    returning m.recipient_id as "recipientId", m.about, next.email_sealed as "emailSealed", next.locale, m.tries, m.queued_at as "queuedAt"`;
  return mail ?? null;
}

/** What is due and may not leave any more. */
async function endUnwanted(tx: Tx, tenantId: TenantId, now: number): Promise<void> {
  await tx.sql`
    update report_mails m set state = 'not_sent', due_at = null, recorded_at = ${now}, reason = case
        when m.expires_at <= ${now} then 'expired'
        when r.removed_at is not null or (m.about <> 'confirm' and (r.confirmed_at is null or r.unsubscribed_at is not null)) then 'unsubscribed'
        else 'suppressed' end
    from report_recipients r
    where m.tenant_id = ${tenantId} and m.state = 'waiting' and m.due_at <= ${now} and r.tenant_id = m.tenant_id and r.id = m.recipient_id
      and (m.expires_at <= ${now}
        or r.removed_at is not null or (m.about <> 'confirm' and (r.confirmed_at is null or r.unsubscribed_at is not null))
        or exists (select 1 from suppressions s where s.tenant_id = m.tenant_id and s.recipient_hash = r.email_hash and s.lifted_at is null))`;
}

async function isHeld(tx: Tx, tenantId: TenantId): Promise<boolean> {
  const [row] = await tx.sql<{ held: boolean }[]>`
    select t.paused_at is not null or exists (select 1 from hard_stops h where h.tenant_id = t.id and h.channel = 'email') as held from tenants t where t.id = ${tenantId}`;
  return row?.held ?? true;
}

/** `providerMessageId`: by which the vendor will tell what became of it. `suppress`: the mailbox itself is bad. */
export type ReportMailRecord =
  | { readonly state: Extract<ReportMailState, 'handed_off' | 'refused' | 'unknown'>; readonly reason: string | null; readonly providerMessageId?: string; readonly suppress?: boolean }
  | { readonly state: 'waiting'; readonly reason: string; readonly dueAt: number };

/** Writes down what became of a claimed mail. A late record of one that was given up as unknown tells the truth; an earlier asking's tells nothing of the next. */
export async function recordReportMail(tx: Tx, of: { tenantId: TenantId; mail: ClaimedReportMail; record: ReportMailRecord; now: number }): Promise<void> {
  const { tenantId, mail, record, now } = of;
  const known = record.state === 'waiting' ? null : now;
  const dueAt = record.state === 'waiting' ? record.dueAt : null;
  await tx.sql`
    update report_mails set state = ${record.state}, reason = ${record.reason}, due_at = ${dueAt}, recorded_at = ${known}, provider_message_id = coalesce(${'providerMessageId' in record ? record.providerMessageId ?? null : null}, provider_message_id)
    where tenant_id = ${tenantId} and recipient_id = ${mail.recipientId} and about = ${mail.about} and queued_at = ${mail.queuedAt}
      and state in ('claimed', 'unknown')`;
  if ('suppress' in record && record.suppress === true) await suppressRecipient(tx, { tenantId, recipientId: mail.recipientId, now });
}

/** As for any mail that is refused for what it is sent to. */
async function suppressRecipient(tx: Tx, { tenantId, recipientId, now }: { tenantId: TenantId; recipientId: ReportRecipientId; now: number }): Promise<void> {
  const [recipient] = await tx.sql<{ emailHash: Uint8Array }[]>`select email_hash as "emailHash" from report_recipients where tenant_id = ${tenantId} and id = ${recipientId}`;
  if (recipient !== undefined) await addSuppression(tx, { tenantId, recipientHash: recipient.emailHash, reason: 'hard_bounce', actor: 'sender', now });
}
