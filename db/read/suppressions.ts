import type { Keyring } from '../../src/config/keyring.ts';
import type { SuppressionId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { SuppressionReason } from '../schema/people.ts';

/** A suppression holds no address, only a keyed hash: `email` is known where a contact has it. Instants in epoch ms. */
export type SuppressionView = { id: SuppressionId; email: string | null; reason: SuppressionReason; createdAt: number; liftedAt: number | null };

type Row = Omit<SuppressionView, 'email'> & { emailSealed: Uint8Array | null };
type Reader = { keyring: Keyring; tenantId: TenantId };

/** One suppression, lifted or not; null where there is none. */
export async function readSuppression(tx: Tx, reader: Reader, id: SuppressionId): Promise<SuppressionView | null> {
  const [row] = await tx.sql<Row[]>`${selectSuppressions(tx)} where s.tenant_id = ${reader.tenantId} and s.id = ${id}`;
  return row === undefined ? null : open(row, reader);
}

/** Suppressions, newest first, after (older than) an id; lifted ones too where asked for. */
export async function listSuppressions(tx: Tx, reader: Reader, page: { after: string | null; limit: number; lifted: boolean }): Promise<SuppressionView[]> {
  const rows = await tx.sql<Row[]>`${selectSuppressions(tx)}
    where s.tenant_id = ${reader.tenantId}
      ${page.lifted ? tx.sql`` : tx.sql`and s.lifted_at is null`} ${page.after === null ? tx.sql`` : tx.sql`and s.id < ${page.after}`}
    order by s.id desc limit ${page.limit}`;
  return rows.map((row) => open(row, reader));
}

function selectSuppressions(tx: Tx) {
  return tx.sql`
    select s.id, s.reason, s.created_at as "createdAt", s.lifted_at as "liftedAt", c.email_sealed as "emailSealed"
    from suppressions s left join contacts c on c.tenant_id = s.tenant_id and c.email_hash = s.recipient_hash`;
}

function open({ emailSealed, ...row }: Row, { keyring, tenantId }: Reader): SuppressionView {
  return { ...row, email: emailSealed === null ? null : keyring.open(tenantId, emailSealed) };
}
