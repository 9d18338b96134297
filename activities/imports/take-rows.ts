import { Context } from '@temporalio/activity';
import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import { refuseNextRow, runImportBatch, type ImportProgress } from '../../db/write/run-import-batch.ts';
import type { Keyring } from '../../src/config/keyring.ts';
import { asId, type ImportId, type TenantId } from '../../src/domain/ids.ts';
import { ROWS_A_BATCH } from '../../src/domain/import/limits.ts';
import type { Logger } from '../../src/telemetry/logger.ts';
import { isRowsFault } from './rows-fault.ts';

export type ImportDeps = { db: Database; clock: Clock; keyring: Keyring; log: Logger; /** Aborts when the worker drains: end after the batch at hand. */ draining: AbortSignal };
export type ImportTurn = ImportProgress;

/** A call gives its slot back after this long, so that the imports and senders of all tenants take turns. */
const TURN_MS = 3_000;
const HEARTBEAT_MS = 2_000;
/** A batch that cannot be taken is tried in parts so much smaller, down to the row at fault. */
const SMALLER = 10;
/** So many in one turn are not about rows any more: the turn fails, and somebody sees it. */
const MOST_LEFT_OUT = 20;

/**
 * Takes rows of an import, batch after batch, each one transaction with its progress, until they are all taken or the turn is over.
 * A row that no try can take is left out as `internal_error`, with an ERROR in the log, and stops none of the others. Throws for what a
 * later try may mend (the database is away): what was committed stays, and the next call goes on behind it.
 */
export async function takeImportRows(deps: ImportDeps, input: { tenantId: string; importId: string }): Promise<ImportTurn> {
  const context = Context.current();
  const heartbeat = setInterval(() => { context.heartbeat(); }, HEARTBEAT_MS);
  try {
    return await takeTurn(deps, input, context.cancellationSignal);
  } finally {
    clearInterval(heartbeat);
  }
}

async function takeTurn(deps: ImportDeps, input: { tenantId: string; importId: string }, canceled: AbortSignal): Promise<ImportTurn> {
  const [tenantId, importId] = [asId('tnt', input.tenantId), asId('imp', input.importId)];
  const endsMs = performance.now() + TURN_MS;
  let most = ROWS_A_BATCH;
  let leftOut = 0;
  for (;;) {
    const progress = await takeBatch(deps, { tenantId, importId, most, mayLeaveOut: leftOut < MOST_LEFT_OUT });
    if (progress === 'too_many') most = Math.max(1, Math.floor(most / SMALLER));
    else if (progress === 'left_out') {
      most = ROWS_A_BATCH;
      leftOut += 1;
    } else if (progress.outcome !== 'more' || deps.draining.aborted || canceled.aborted || performance.now() > endsMs) return told(deps, { tenantId, importId }, progress);
  }
}

type Batch = { tenantId: TenantId; importId: ImportId; most: number; mayLeaveOut: boolean };

async function takeBatch({ db, clock, keyring, log }: ImportDeps, { tenantId, importId, most, mayLeaveOut }: Batch): Promise<ImportProgress | 'too_many' | 'left_out'> {
  try {
    return await db.asTenant(tenantId, (tx) => runImportBatch(tx, keyring, { tenantId, importId, now: clock.now(), most }));
  } catch (error) {
    if (!isRowsFault(error) || !mayLeaveOut) throw error;
    if (most > 1) return 'too_many';
    log.error({ tenantId, importId, err: error }, 'a row of an import could not be taken and was left out');
    await db.asTenant(tenantId, (tx) => refuseNextRow(tx, { importId, now: clock.now() }));
    return 'left_out';
  }
}

function told({ log }: ImportDeps, ids: { tenantId: TenantId; importId: ImportId }, progress: ImportProgress): ImportProgress {
  const { outcome, total, accepted, refused, reason } = progress;
  if (outcome !== 'more' && outcome !== 'held') log.info({ ...ids, outcome, total, accepted, refused, reason }, 'an import ended');
  return progress;
}
