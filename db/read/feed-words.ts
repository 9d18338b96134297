import type { MemberId, ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { listUnits } from './tenant-units.ts';

/** What a notice's words name besides its own values. */
export type FeedWordsContext = {
  tenantName: string;
  zone: string;
  locale: string | null;
  programs: ReadonlyMap<ProgramId, { loop: string; title: string }>;
  unitTitles: ReadonlyMap<string, string>;
};

/** For a member and these programs; null where there is no such member. */
export async function feedWordsContext(tx: Tx, { tenantId, memberId, programIds }: { tenantId: TenantId; memberId: MemberId; programIds: readonly ProgramId[] }): Promise<FeedWordsContext | null> {
  const [member] = await tx.sql<{ tenantName: string; zone: string; locale: string | null }[]>`
    select t.name as "tenantName", coalesce(m.zone, t.zone) as zone, m.locale from members m join tenants t on t.id = m.tenant_id where m.tenant_id = ${tenantId} and m.id = ${memberId}`;
  if (member === undefined) return null;
  const programs = await tx.sql<{ id: ProgramId; loop: string; title: string }[]>`
    select id, loop, title from programs where tenant_id = ${tenantId} and id = any(${[...new Set(programIds)]}::text[])`;
  const units = await listUnits(tx, tenantId);
  return { ...member, programs: new Map(programs.map(({ id, ...program }) => [id, program])), unitTitles: new Map(units.map(({ unit, title }) => [unit, title])) };
}
