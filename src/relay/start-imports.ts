import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import { stillImports } from '../../db/read/imports.ts';
import { takeImportStarts, type ImportName } from '../../db/write/take-import-starts.ts';
import { IMPORT_WORKFLOW, importWorkflowId, type ImportInput } from '../../workflows/system/import/contract.ts';
import { SEARCH_ATTRIBUTES, TASK_QUEUE } from '../../workflows/system/sender/contract.ts';
import type { Logger } from '../telemetry/logger.ts';
import { withinDeadline } from './deadline.ts';

const TENANT = defineSearchAttributeKey(SEARCH_ATTRIBUTES.tenant, SearchAttributeType.KEYWORD);
/** A run moves its import every few seconds, a held one every half minute. */
const STILL_MS = 120_000;

type Deps = { db: Database; clock: Clock; client: Client; log: Logger };

/** Starts the runs of imports that stand in the outbox; answers whether there may be more. Throws when one could not be started, after the others were. */
export async function startQueuedImports({ db, client }: Pick<Deps, 'db' | 'client'>): Promise<boolean> {
  const failures: unknown[] = [];
  const more = await takeImportStarts(db, async (starts) => {
    const { started, failed } = await startAll(client, starts);
    failures.push(...failed);
    return started;
  });
  if (failures.length > 0) throw failures[0];
  return more;
}

/** Starts imports again whose run nobody hears of, as after Temporal lost its store; where the run is there, nothing happens. */
export async function startStillImports({ db, clock, client, log }: Deps): Promise<void> {
  const still = await stillImports(db, clock.now() - STILL_MS);
  if (still.length === 0) return;
  log.info({ imports: still.length }, 'imports that stand still are started again');
  const { failed } = await startAll(client, still);
  if (failed.length > 0) throw failed[0];
}

/** One that cannot be started holds up no other. */
async function startAll(client: Client, imports: readonly ImportName[]): Promise<{ started: ImportName[]; failed: unknown[] }> {
  const results = await Promise.allSettled(imports.map((each) => startImport(client, each)));
  return {
    started: imports.filter((_each, i) => results[i]?.status === 'fulfilled'),
    failed: results.filter((result) => result.status === 'rejected').map((result): unknown => result.reason),
  };
}

/** Starts an import's run, once and for all: "already started" is success, also where it has ended. */
function startImport(client: Client, { tenantId, importId }: ImportName): Promise<void> {
  const input: ImportInput = { tenantId, importId };
  return withinDeadline(client.connection, async () => {
    try {
      await client.workflow.start(IMPORT_WORKFLOW, {
        workflowId: importWorkflowId(input),
        taskQueue: TASK_QUEUE,
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        typedSearchAttributes: new TypedSearchAttributes([{ key: TENANT, value: tenantId }]),
        staticSummary: `Takes in the rows of ${importId} of ${tenantId}`,
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  });
}
