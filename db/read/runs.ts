import type { TenantId } from '../../src/domain/ids.ts';
import type { ToldFact } from '../../src/domain/run/fact.ts';
import type { Sql, Tx } from '../client.ts';

/** A run as it stands. Instants in epoch ms. */
export type RunView = {
  id: string;
  loop: string;
  generation: number;
  input: Readonly<Record<string, unknown>>;
  stage: string;
  dueAt: number | null;
  capAt: number | null;
  pausedAt: number | null;
  outcome: string | null;
  reason: string | null;
  openedAt: number;
  movedAt: number;
  seenAt: number;
  closedAt: number | null;
};

export type RunState = 'open' | 'paused' | 'closed';
export type RunFactView = ToldFact & { readonly recordedAt: number };

const MOST_FACTS = 200;

/** One run of this tenant, or null. */
export async function readRun(tx: Tx, tenantId: TenantId, id: string): Promise<RunView | null> {
  const [row] = await tx.sql<RunView[]>`${selectRuns(tx)} where tenant_id = ${tenantId} and id = ${id}`;
  return row ?? null;
}

/** The latest of what a run was told, newest first. */
export async function readRunFacts(tx: Tx, tenantId: TenantId, runId: string): Promise<RunFactView[]> {
  return tx.sql<RunFactView[]>`
    select fact_id as id, kind, data, at, recorded_at as "recordedAt" from run_facts where tenant_id = ${tenantId} and run_id = ${runId} order by recorded_at desc, fact_id desc limit ${MOST_FACTS}`;
}

export type RunPlace = { openedAt: number; id: string };

/** Runs, those opened last first, after (older than) a place; of one loop, in one state (`open`: paused ones, too). */
export async function listRuns(tx: Tx, tenantId: TenantId, page: { after: RunPlace | null; limit: number; loop: string | null; state: RunState | null }): Promise<RunView[]> {
  const { after, limit, loop, state } = page;
  return tx.sql<RunView[]>`${selectRuns(tx)}
    where tenant_id = ${tenantId}
      ${loop === null ? tx.sql`` : tx.sql`and loop = ${loop}`}
      ${state === null ? tx.sql`` : inState(tx, state)}
      ${after === null ? tx.sql`` : tx.sql`and opened_at <= ${after.openedAt} and (opened_at, id) < (${after.openedAt}::timestamptz, ${after.id})`}
    order by opened_at desc, id desc limit ${limit}`;
}

function inState(tx: Tx, state: RunState) {
  switch (state) {
    case 'open': return tx.sql`and closed_at is null`;
    case 'paused': return tx.sql`and closed_at is null and paused_at is not null`;
    case 'closed': return tx.sql`and closed_at is not null`;
  }
}

function selectRuns(tx: Tx) {
  return tx.sql`
    select id, loop, generation, input, stage, due_at as "dueAt", cap_at as "capAt", paused_at as "pausedAt", outcome, reason,
           opened_at as "openedAt", moved_at as "movedAt", seen_at as "seenAt", closed_at as "closedAt"
    from runs`;
}

/** An open run of any tenant, as the relay sees it. */
export type OpenRun = { tenantId: TenantId; runId: string; loop: string; generation: number; dueAt: number | null; seenAt: number; openedAt: number };

/** Open runs of all tenants (relay role), those whose deadline comes first or has passed longest first; `dueBefore`: only those due before it. */
export async function openRunsOfAll(relay: Sql, { dueBefore, loop, tenantId, limit }: { dueBefore: number | null; loop: string | null; tenantId: TenantId | null; limit: number }): Promise<OpenRun[]> {
  return relay<OpenRun[]>`
    select tenant_id as "tenantId", id as "runId", loop, generation, due_at as "dueAt", seen_at as "seenAt", opened_at as "openedAt" from runs
    where closed_at is null ${dueBefore === null ? relay`` : relay`and due_at < ${dueBefore}`}
      ${loop === null ? relay`` : relay`and loop = ${loop}`} ${tenantId === null ? relay`` : relay`and tenant_id = ${tenantId}`}
    order by due_at nulls last, opened_at limit ${limit}`;
}
