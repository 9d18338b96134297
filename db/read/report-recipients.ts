import type { Keyring } from '../../src/config/keyring.ts';
import type { ReportRecipientId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** Somebody whom a tenant named. Instants are epoch ms. */
export type ReportRecipient = { readonly id: ReportRecipientId; readonly email: string; readonly createdAt: number; readonly confirmedAt: number | null; readonly unsubscribedAt: number | null };

type Row = Omit<ReportRecipient, 'email'> & { emailSealed: Uint8Array };

/** All of a tenant's, in the order in which they were named: there are few. Who was removed has no address any more, and is none. */
export async function listReportRecipients(tx: Tx, keyring: Keyring, tenantId: TenantId): Promise<ReportRecipient[]> {
  const rows = await tx.sql<Row[]>`select ${columns(tx)} from report_recipients where tenant_id = ${tenantId} and email_sealed <> '' order by id`;
  return rows.map((row) => opened(row, keyring, tenantId));
}

export async function readReportRecipient(tx: Tx, keyring: Keyring, { tenantId, id }: { tenantId: TenantId; id: ReportRecipientId }): Promise<ReportRecipient | null> {
  const [row] = await tx.sql<Row[]>`select ${columns(tx)} from report_recipients where tenant_id = ${tenantId} and id = ${id} and email_sealed <> ''`;
  return row === undefined ? null : opened(row, keyring, tenantId);
}

function columns({ sql }: Tx) {
  return sql`id, email_sealed as "emailSealed", created_at as "createdAt", confirmed_at as "confirmedAt", unsubscribed_at as "unsubscribedAt"`;
}

function opened({ emailSealed, ...rest }: Row, keyring: Keyring, tenantId: TenantId): ReportRecipient {
  return { ...rest, email: keyring.open(tenantId, emailSealed) };
}
