import type { BatchId, MemberId, ProgramId, RunId, TenantId } from '../../src/domain/ids.ts';
import type { Utm } from '../../src/domain/link/landing-url.ts';
import type { Tx } from '../client.ts';

export type NewShareLink = {
  code: string;
  tenantId: TenantId;
  memberId: MemberId | null;
  resource: string | null;
  /** For which program it speaks; left out: the tenant's oldest open one. */
  programId?: ProgramId | null;
  /** To whose landing page it leads; left out: to none. */
  runId?: RunId | null;
  /** `checkDestination` has allowed it. */
  destination: string;
  utm: Utm;
  now: number;
};

/** Stores a share link. Its code is fresh and random; one that exists already is a failure and is thrown. */
export async function createShareLink(tx: Tx, link: NewShareLink): Promise<void> {
  await insertShareLinks(tx, [link]);
}

/** The same of many in one statement, whose answer nobody waits for. */
export function createShareLinks(tx: Tx, rows: readonly NewShareLink[]): void {
  if (rows.length > 0) tx.answerLater(insertShareLinks(tx, rows));
}

function insertShareLinks(tx: Tx, rows: readonly NewShareLink[]) {
  return tx.sql`
    insert into links (code, tenant_id, kind, member_id, resource, program_id, run_id, destination, utm, created_at)
    select l.code, l.tenant_id, 'share', l.member_id, l.resource, l.program_id, l.run_id, l.destination, l.utm, l.created_at
    from unnest(${rows.map(({ code }) => code)}::text[], ${rows.map(({ tenantId }) => tenantId)}::text[], ${rows.map(({ memberId }) => memberId)}::text[], ${rows.map(({ resource }) => resource)}::text[],
                ${rows.map(({ programId }) => programId ?? null)}::text[], ${rows.map(({ runId }) => runId ?? null)}::text[], ${rows.map(({ destination }) => destination)}::text[],
                ${rows.map(({ utm }) => JSON.stringify(given(utm)))}::jsonb[], ${rows.map(({ now }) => now)}::timestamptz[]) as l (code, tenant_id, member_id, resource, program_id, run_id, destination, utm, created_at)`;
}

export type NewInviteLink = { code: string; batchId: BatchId; n: number; memberId: MemberId | null; runId?: RunId | null; leadsTo: LinkTarget };
/** Where links lead, and how their visits are named: one object for all links of a group that lead there. */
export type LinkTarget = { destination: string; utm: Utm };

/**
 * Stores the links of a group of invites in one statement, the transaction's last. What is there already stays: an invite's code is derived
 * from the invite, so that claiming it again, or its reminder, asks for the same row.
 */
export async function insertInviteLinks(tx: Tx, rows: readonly NewInviteLink[], tenantId: TenantId, now: number): Promise<void> {
  if (rows.length === 0) return;
  const targets = [...new Set(rows.map((row) => row.leadsTo))];
  const placeOf = new Map(targets.map((target, i) => [target, i + 1]));
  tx.answerLater(tx.sql`
    insert into links (code, tenant_id, kind, batch_id, n, member_id, run_id, destination, utm, created_at)
    select l.code, ${tenantId}, 'invite', l.batch_id, l.n, l.member_id, l.run_id, t.destination, t.utm, ${now}::timestamptz
    from unnest(${rows.map((row) => row.code)}::text[], ${rows.map((row) => row.batchId)}::text[], ${rows.map((row) => row.n)}::smallint[],
                ${rows.map((row) => row.memberId)}::text[], ${rows.map((row) => row.runId ?? null)}::text[], ${rows.map((row) => placeOf.get(row.leadsTo) ?? 0)}::integer[]) as l (code, batch_id, n, member_id, run_id, target)
    join unnest(${targets.map((target) => target.destination)}::text[], ${targets.map((target) => JSON.stringify(given(target.utm)))}::jsonb[])
      with ordinality as t (destination, utm, place) on t.place = l.target
    on conflict do nothing`);
}

function given(utm: Utm): Record<string, string> {
  return Object.fromEntries(Object.entries(utm).flatMap(([field, value]) => (value === undefined ? [] : [[field, value]])));
}
