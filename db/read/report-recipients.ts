import type { Keyring } from '../../src/config/keyring.ts';
import type { ReportRecipientId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { SuppressionReason } from '../schema/people.ts';

/** Somebody whom a tenant named. Instants are epoch ms. */
export type ReportRecipient = { readonly id: ReportRecipientId; readonly email: string; readonly createdAt: number; readonly confirmedAt: number | null; readonly unsubscribedAt: number | null; /** In which language they are written to (BCP 47); null: English. */ readonly locale: string | null; /** Why nothing is sent there whatever they said, and since when; null: nothing forbids it. */ readonly suppressed: { readonly reason: SuppressionReason; readonly since: number } | null };

type Row = Omit<ReportRecipient, 'email' | 'suppressed'> & { emailSealed: Uint8Array; reason: SuppressionReason | null; since: number | null };

/** All of a tenant's, in the order in which they were named: there are few. Who was removed has no address any more, and is none. */
export async function listReportRecipients(tx: Tx, keyring: Keyring, tenantId: TenantId): Promise<ReportRecipient[]> {
  const rows = await tx.sql<Row[]>`${selectRecipients(tx)} where r.tenant_id = ${tenantId} and r.email_sealed <> '' order by r.id`;
  return rows.map((row) => opened(row, keyring, tenantId));
}

export async function readReportRecipient(tx: Tx, keyring: Keyring, { tenantId, id }: { tenantId: TenantId; id: ReportRecipientId }): Promise<ReportRecipient | null> {
  const [row] = await tx.sql<Row[]>`${selectRecipients(tx)} where r.tenant_id = ${tenantId} and r.id = ${id} and r.email_sealed <> ''`;
  return row === undefined ? null : opened(row, keyring, tenantId);
}

function selectRecipients({ sql }: Tx) {
  return sql`
    select r.id, r.email_sealed as "emailSealed", r.created_at as "createdAt", r.confirmed_at as "confirmedAt", r.unsubscribed_at as "unsubscribedAt", r.locale, s.reason, s.created_at as since
    from report_recipients r left join suppressions s on s.tenant_id = r.tenant_id and s.recipient_hash = r.email_hash and s.lifted_at is null`;
}

function opened({ emailSealed, reason, since, ...rest }: Row, keyring: Keyring, tenantId: TenantId): ReportRecipient {
  return { ...rest, suppressed: reason === null || since === null ? null : { reason, since }, email: keyring.open(tenantId, emailSealed) };
}
