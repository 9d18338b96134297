import type { Keyring } from '../../src/config/keyring.ts';
import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { memberFields, type MemberFields } from './member-fields.ts';

/** A member with its contact opened. Instants in epoch ms. */
export type MemberView = MemberFields & {
  email: string | null;
  phone: string | null;
  name: string | null;
  createdAt: number;
  updatedAt: number;
  /** Null: not made yet, or revoked. */
  personalCode: string | null;
  /** Where the tenant's links are served. */
  publicUrl: string;
};

type Sealed = { emailSealed: Uint8Array | null; phoneSealed: Uint8Array | null; nameSealed: Uint8Array | null };
type Row = Omit<MemberView, 'email' | 'phone' | 'name'> & Sealed;
type Reader = { keyring: Keyring; tenantId: TenantId };

/** One member by its id or the tenant's own id of the user; null where there is none. */
export async function readMember(tx: Tx, reader: Reader, which: { id: MemberId } | { externalId: string }): Promise<MemberView | null> {
  const [row] = await tx.sql<Row[]>`${selectMembers(tx)}
    where m.tenant_id = ${reader.tenantId} and ${'id' in which ? tx.sql`m.id = ${which.id}` : tx.sql`m.external_id = ${which.externalId}`}`;
  return row === undefined ? null : open(row, reader);
}

/** Members, newest first, after (older than) an id. */
export async function listMembers(tx: Tx, reader: Reader, page: { after: string | null; limit: number; externalId?: string | undefined }): Promise<MemberView[]> {
  const rows = await tx.sql<Row[]>`${selectMembers(tx)}
    where m.tenant_id = ${reader.tenantId}
      ${page.after === null ? tx.sql`` : tx.sql`and m.id < ${page.after}`}
      ${page.externalId === undefined ? tx.sql`` : tx.sql`and m.external_id = ${page.externalId}`}
    order by m.id desc limit ${page.limit}`;
  return rows.map((row) => open(row, reader));
}

function selectMembers(tx: Tx) {
  return tx.sql`
    select ${memberFields(tx)},
           m.created_at as "createdAt", m.updated_at as "updatedAt",
           c.email_sealed as "emailSealed", c.phone_sealed as "phoneSealed", c.name_sealed as "nameSealed", t.public_url as "publicUrl",
           (select l.code from links l where l.tenant_id = m.tenant_id and l.member_id = m.id and l.kind = 'personal' and l.revoked_at is null) as "personalCode"
    from members m join tenants t on t.id = m.tenant_id left join contacts c on c.id = m.contact_id`;
}

function open({ emailSealed, phoneSealed, nameSealed, ...member }: Row, { keyring, tenantId }: Reader): MemberView {
  const unseal = (sealed: Uint8Array | null): string | null => (sealed === null ? null : keyring.open(tenantId, sealed));
  return { ...member, email: unseal(emailSealed), phone: unseal(phoneSealed), name: unseal(nameSealed) };
}
