import { Client, Connection } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import { z } from 'zod';
import { RUN_SEARCH_ATTRIBUTES, runWorkflowId, runWorkflowType, TELL_SIGNAL } from '../../../workflows/kit/contract.ts';
import { SEARCH_ATTRIBUTES, TASK_QUEUE } from '../../../workflows/system/sender/contract.ts';
import { serveCommands } from './serve-commands.ts';

/** Starts and tells the product's own workflows by Temporal's client alone: no API, no outbox, no relay. */
const [address, namespace] = [z.string().parse(process.argv[2]), z.string().parse(process.argv[3])];
const AT_ONCE = 50;

const run = z.object({ tenantId: z.string(), runId: z.string(), loop: z.string(), stage: z.string(), input: z.record(z.string(), z.unknown()) });
const fact = z.object({ id: z.string(), kind: z.string(), data: z.record(z.string(), z.unknown()), at: z.number() });
const starts = z.array(run);
const facts = z.array(z.object({ runId: z.string(), loop: z.string(), fact }));
const key = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
const [TENANT, LOOP, STAGE] = [key(SEARCH_ATTRIBUTES.tenant), key(RUN_SEARCH_ATTRIBUTES.loop), key(RUN_SEARCH_ATTRIBUTES.stage)];

/** How long all took. */
async function each<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<number> {
  const todo = all.values();
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => { for (const one of todo) await work(one); }));
  return performance.now() - startedMs;
}

async function main(): Promise<void> {
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  serveCommands({
    start: (input) => each(starts.parse(input), ({ tenantId, runId, loop, stage, input: given }) => client.workflow.start(runWorkflowType(loop), {
      workflowId: runWorkflowId({ loop, runId, generation: 1 }), taskQueue: TASK_QUEUE, args: [{ tenantId, runId, generation: 1, input: given }],
      typedSearchAttributes: new TypedSearchAttributes([{ key: TENANT, value: tenantId }, { key: LOOP, value: loop }, { key: STAGE, value: stage }]),
    })),
    tell: (input) => each(facts.parse(input), ({ runId, loop, fact: told }) => client.workflow.getHandle(runWorkflowId({ loop, runId, generation: 1 })).signal(TELL_SIGNAL, told)),
  }, () => connection.close());
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
