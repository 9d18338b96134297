import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { z } from 'zod';
import { serveCommands } from './serve-commands.ts';

/** What the two activities are: neither touches a database, which a real one would. */
export type NaiveActivities = { plan(inviteId: string): Promise<number>; send(inviteId: string): Promise<string> };

const [address, namespace] = [z.string().parse(process.argv[2]), z.string().parse(process.argv[3])];
const TASK_QUEUE = 'naive';
const TYPE = 'naiveInvite';
const AT_ONCE = 50;

async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  let sent: string[] = [];
  const activities: NaiveActivities = {
    plan: () => Promise.resolve(1),
    send: (inviteId) => {
      sent.push(inviteId);
      return Promise.resolve('handed_off');
    },
  };
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection, namespace, taskQueue: TASK_QUEUE, workflowsPath: require.resolve('./naive-workflow.ts'), activities,
    maxConcurrentActivityTaskExecutions: 100, maxConcurrentWorkflowTaskExecutions: 100, maxCachedWorkflows: 1000,
  });
  const running = worker.run();
  const clientConnection = await Connection.connect({ address });
  const client = new Client({ connection: clientConnection, namespace });
  let round = 0;
  serveCommands({
    /** Starts so many bare runs, then tells each its fact; how long each of the two took in calls alone, and until all had ended. */
    async runs(input) {
      const count = z.number().parse(input);
      round += 1;
      const ids = Array.from({ length: count }, (_, i) => `naive-run-${String(process.pid)}-${String(round)}-${String(i)}`);
      const each = async (work: (id: string) => Promise<unknown>): Promise<number> => {
        const todo = ids.values();
        const startedMs = performance.now();
        await Promise.all(Array.from({ length: AT_ONCE }, async () => { for (const id of todo) await work(id); }));
        return performance.now() - startedMs;
      };
      const startsMs = await each((workflowId) => client.workflow.start('naiveRun', { workflowId, taskQueue: TASK_QUEUE }));
      const factsMs = await each((workflowId) => client.workflow.getHandle(workflowId).signal('tell'));
      const endedMs = await each((workflowId) => client.workflow.getHandle(workflowId).result());
      return { startsMs, factsMs, endedMs };
    },
    async run(input) {
      const count = z.number().parse(input);
      round += 1;
      sent = [];
      const ids = Array.from({ length: count }, (_, i) => `naive-${String(process.pid)}-${String(round)}-${String(i)}`);
      const todo = ids.values();
      const startedMs = performance.now();
      await Promise.all(Array.from({ length: AT_ONCE }, async () => {
        for (const workflowId of todo) await client.workflow.execute(TYPE, { workflowId, taskQueue: TASK_QUEUE, args: [workflowId] });
      }));
      const ms = performance.now() - startedMs;
      return { ms, sent: new Set(sent).size };
    },
  }, async () => {
    worker.shutdown();
    await running;
    await clientConnection.close();
    await connection.close();
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
