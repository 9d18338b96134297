import type { BatchId, GuestId, MemberId, ProgramId, RunId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** Somebody in a run; `joinedAt` in epoch ms. */
export type RunPersonView = { readonly id: MemberId | GuestId; readonly externalId: string | null; readonly role: string; readonly hears: Readonly<Record<string, string>>; readonly joinedAt: number };

/** Who is in a run, in the order of joining; for whom it was started first. */
export async function readRunPeople(tx: Tx, tenantId: TenantId, runId: string): Promise<RunPersonView[]> {
  return tx.sql<RunPersonView[]>`
    select p.person_id as id, m.external_id as "externalId", p.role, p.hears, p.joined_at as "joinedAt"
    from run_people p left join members m on m.tenant_id = p.tenant_id and m.id = p.person_id
    where p.tenant_id = ${tenantId} and p.run_id = ${runId} order by p.joined_at, p.role <> 'member', p.role, p.person_id`;
}

/** A message of a run or an invite of its start: where it stands. Instants in epoch ms. */
export type RunMessageView = { readonly batchId: BatchId; readonly n: number; readonly step: string; readonly kind: 'invite' | 'message'; readonly state: string; readonly reason: string | null; readonly dueAt: number | null; readonly expiresAt: number };

/** What a run sends, in the order of queueing. */
export async function readRunMessages(tx: Tx, tenantId: TenantId, runId: string): Promise<RunMessageView[]> {
  return tx.sql<RunMessageView[]>`
    select b.id as "batchId", i.n, b.run_step as step, case when b.notice is null then 'invite' else 'message' end as kind, i.state, i.reason, i.due_at as "dueAt", b.expires_at as "expiresAt"
    from invite_batches b join invites i on i.batch_id = b.id
    where b.tenant_id = ${tenantId} and b.run_id = ${runId} order by b.id, i.n limit 1000`;
}

/** The code of the link to a run's landing page; null where it has none. */
export async function readRunLink(tx: Tx, tenantId: TenantId, runId: string): Promise<string | null> {
  const [row] = await tx.sql<{ code: string }[]>`select code from links where tenant_id = ${tenantId} and run_id = ${runId} and kind = 'share' order by created_at, code limit 1`;
  return row?.code ?? null;
}

/** A member who is to be told something of a run, and in which words. */
export type RunListener = { readonly memberId: MemberId; readonly programId: ProgramId; readonly loop: string; readonly topic: string; readonly programTitle: string; readonly tenantName: string; readonly locale: string | null; readonly zone: string };

/** The members in some roles of an open run; guests have no feed. */
export async function readListeners(tx: Tx, { tenantId, runId, roles }: { tenantId: TenantId; runId: RunId; roles: readonly string[] }): Promise<RunListener[]> {
  return tx.sql<RunListener[]>`
    select ${listenerColumns(tx)}
    from run_people p
    join runs r on r.tenant_id = p.tenant_id and r.id = p.run_id and r.closed_at is null
    join programs g on g.id = r.program_id
    join program_versions v on v.program_id = r.program_id and v.version = r.program_version
    join tenants t on t.id = p.tenant_id
    join members m on m.tenant_id = p.tenant_id and m.id = p.person_id
    left join contacts c on c.id = m.contact_id
    where p.tenant_id = ${tenantId} and p.run_id = ${runId} and p.role = any(${[...roles]}::text[]) order by m.id`;
}

/** The same of members by their ids, whether or not the run has them in a role: who is on its board alone has none. */
export async function readListenersById(tx: Tx, { tenantId, runId, memberIds }: { tenantId: TenantId; runId: RunId; memberIds: readonly MemberId[] }): Promise<RunListener[]> {
  return tx.sql<RunListener[]>`
    select ${listenerColumns(tx)}
    from runs r
    join programs g on g.id = r.program_id
    join program_versions v on v.program_id = r.program_id and v.version = r.program_version
    join tenants t on t.id = r.tenant_id
    join members m on m.tenant_id = r.tenant_id and m.id = any(${[...memberIds]}::text[])
    left join contacts c on c.id = m.contact_id
    where r.tenant_id = ${tenantId} and r.id = ${runId} and r.closed_at is null order by m.id`;
}

/** Of the member `m` with the contact `c`, the run `r`, its program `g` in the version `v`, and the tenant `t`. */
function listenerColumns({ sql }: Tx) {
  return sql`
    m.id as "memberId", g.id as "programId", r.loop, g.topic, v.title as "programTitle", t.name as "tenantName", coalesce(m.locale, c.locale) as locale, coalesce(m.zone, t.zone) as zone`;
}
