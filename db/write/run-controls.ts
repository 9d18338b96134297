import { newId } from '../../src/config/new-id.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { RUN_CONTROLS, type FactScalar, type RunControl } from '../../src/domain/run/fact.ts';
import type { Tx } from '../client.ts';
import { recordDecision } from './decide.ts';
import { unparkMessages } from './runs/let-go.ts';
import { tellRuns } from './tell-runs.ts';

/** What an operator wants of a run, and why. */
export type ControlOrder = { readonly tenantId: TenantId; readonly runId: string; readonly reason: string; readonly actor: string; readonly now: number };
/** `unchanged`: it is so already. `ended`: the run is over. Null: there is none. */
export type Controlled = 'done' | 'unchanged' | 'ended' | null;

type Row = { stage: string; generation: number; pausedAt: number | null; capAt: number | null; movedAt: number; closedAt: number | null };

const RULES = {
  pause: 'A paused run has no effects; its deadlines run on.',
  resume: 'What was held back is looked at again.',
  shorten: 'No deadline of a shortened run is later than that.',
  cancel: 'A canceled run ends by its own name.',
} as const satisfies Record<RunControl, string>;
const KINDS = { pause: 'run_paused', resume: 'run_resumed', shorten: 'run_shortened', cancel: 'run_canceled' } as const satisfies Record<RunControl, string>;

/** Pauses a run: it has no effects until it is resumed; its deadlines run on. */
export async function pauseRun(tx: Tx, order: ControlOrder): Promise<Controlled> {
  return controlRun(tx, order, 'pause', async ({ pausedAt }, at) => {
    if (pausedAt !== null) return null;
    await tx.sql`update runs set paused_at = ${order.now}, moved_at = ${at} where tenant_id = ${order.tenantId} and id = ${order.runId}`;
    return {};
  });
}

export async function resumeRun(tx: Tx, order: ControlOrder): Promise<Controlled> {
  await unparkMessages(tx, order);
  return controlRun(tx, order, 'resume', async ({ pausedAt }, at) => {
    if (pausedAt === null) return null;
    await tx.sql`update runs set paused_at = null, moved_at = ${at} where tenant_id = ${order.tenantId} and id = ${order.runId}`;
    return {};
  });
}

/** Lowers the cap on a run's deadlines to `capAt` (epoch ms); one that is as low already stays. */
export async function shortenRun(tx: Tx, order: ControlOrder & { readonly capAt: number }): Promise<Controlled> {
  return controlRun(tx, order, 'shorten', async ({ capAt }, at) => {
    if (capAt !== null && capAt <= order.capAt) return null;
    await tx.sql`update runs set cap_at = ${order.capAt}, moved_at = ${at} where tenant_id = ${order.tenantId} and id = ${order.runId}`;
    return { capAt: order.capAt };
  });
}

/** Asks a run to end as `canceled`: its workflow closes the row. Asking again changes nothing. */
export async function cancelRun(tx: Tx, order: ControlOrder): Promise<Controlled> {
  return controlRun(tx, order, 'cancel', async ({ generation }) => {
    const [asked] = await tx.sql`
      select 1 from run_facts f join runs r on r.tenant_id = f.tenant_id and r.id = f.run_id
      where f.tenant_id = ${order.tenantId} and f.run_id = ${order.runId} and f.kind = ${RUN_CONTROLS.cancel} and f.recorded_at >= r.opened_at`;
    return asked === undefined ? { generation } : null;
  });
}

/** Locks the run, changes it, tells it and writes down who wanted it and why, in one transaction. `change` answers null where there is nothing to change. */
async function controlRun(tx: Tx, { tenantId, runId, reason, actor, now }: ControlOrder, control: RunControl, change: (row: Row, at: number) => Promise<Record<string, FactScalar> | null>): Promise<Controlled> {
  const [row] = await tx.sql<Row[]>`
    select stage, generation, paused_at as "pausedAt", cap_at as "capAt", moved_at as "movedAt", closed_at as "closedAt" from runs where tenant_id = ${tenantId} and id = ${runId} for no key update`;
  if (row === undefined) return null;
  if (row.closedAt !== null) return 'ended';
  // Of two words in one millisecond the second is later: a run heeds them by their time.
  const at = Math.max(now, row.movedAt + 1);
  const data = await change(row, at);
  if (data === null) return 'unchanged';
  await tellRuns(tx, { tenantId, facts: [{ runId, factId: newId('dec', now), kind: RUN_CONTROLS[control], data, at }], now });
  await recordDecision(tx, { tenantId, subjectId: runId, kind: KINDS[control], rule: RULES[control], inputs: { ...data, reason, stage: row.stage }, actor, now });
  return 'done';
}
