import type { BatchId, MemberId, ProgramId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { WHY_NOT_COUNTED } from '../schema/links.ts';
import type { LinkKind, WhyNotCounted } from '../schema/links.ts';

/** A link with what became of it. Instants are epoch ms. `notCounted` holds openings, by reason. What the tenant's term keeps no more is counted no more. */
export type LinkView = {
  code: string;
  kind: LinkKind;
  batchId: BatchId | null;
  n: number | null;
  memberId: MemberId | null;
  resource: string | null;
  programId: ProgramId | null;
  destination: string;
  utm: Record<string, string>;
  createdAt: number;
  revokedAt: number | null;
  publicUrl: string;
  clicks: number;
  views: number;
  notCounted: Record<WhyNotCounted, number>;
};

/** Where a page of the list ends: instant (epoch ms) and code of its last link. */
export type LinkPlace = { createdAt: number; code: string };
export type LinkFilter = { memberId?: MemberId | undefined; resource?: string | undefined };

type Row = Omit<LinkView, 'notCounted' | 'clicks' | 'views'>;

/** One link of the tenant, an invite's too; null where it has no such link. */
export async function readLink(tx: Tx, code: string): Promise<LinkView | null> {
  const rows = await tx.sql<Row[]>`select ${columns(tx)} from links l join tenants t on t.id = l.tenant_id where l.code = ${code}`;
  const [link] = await withCounts(tx, rows);
  return link ?? null;
}

/** The tenant's share links, newest first, up to `limit` after a place. */
export async function listLinks(tx: Tx, page: { after: LinkPlace | null; limit: number; filter: LinkFilter }): Promise<LinkView[]> {
  const { after, limit, filter } = page;
  const rows = await tx.sql<Row[]>`
    select ${columns(tx)} from links l join tenants t on t.id = l.tenant_id
    where l.kind = 'share' and l.tenant_id = current_tenant()
      ${filter.memberId === undefined ? tx.sql`` : tx.sql`and l.member_id = ${filter.memberId}`}
      ${filter.resource === undefined ? tx.sql`` : tx.sql`and l.resource = ${filter.resource}`}
      ${after === null ? tx.sql`` : tx.sql`and (l.created_at, l.code) < (${after.createdAt}::timestamptz, ${after.code})`}
    order by l.created_at desc, l.code desc
    limit ${limit}`;
  return withCounts(tx, rows);
}

function columns({ sql }: Tx) {
  return sql`l.code, l.kind, l.batch_id as "batchId", l.n, l.member_id as "memberId", l.resource, l.program_id as "programId", l.destination, l.utm,
    l.created_at as "createdAt", l.revoked_at as "revokedAt", t.public_url as "publicUrl"`;
}

type Count = { code: string; kind: 'click' | 'view'; whyNot: WhyNotCounted | null; count: number };

async function withCounts(tx: Tx, rows: readonly Row[]): Promise<LinkView[]> {
  if (rows.length === 0) return [];
  const counts = await tx.sql<Count[]>`
    select code, kind, why_not as "whyNot", count(*)::int as count from touches
    where tenant_id = current_tenant() and code = any(${rows.map((row) => row.code)}::text[]) and recorded_at >= ${Math.min(...rows.map((row) => row.createdAt))}
    group by code, kind, why_not`;
  return rows.map((row) => {
    const own = counts.filter((count) => count.code === row.code);
    const sum = (kind: Count['kind'], whyNot: WhyNotCounted | null): number =>
      own.find((count) => count.kind === kind && count.whyNot === whyNot)?.count ?? 0;
    const notCounted = { head: 0, prefetch: 0, preview: 0, bot: 0, repeat: 0 };
    for (const why of WHY_NOT_COUNTED) notCounted[why] = sum('click', why);
    return { ...row, clicks: sum('click', null), views: sum('view', null), notCounted };
  });
}
