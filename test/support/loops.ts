import { randomBytes } from 'node:crypto';
import { isGrpcServiceError } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { Activities } from '../../activities/create-activities.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/system/sender/contract.ts';
import { workflowBundle } from './workflow-bundle.ts';

/** Stands in histories where the SDK would put the process and the machine's name. */
const IDENTITY = 'test';

/** A connection to the server that skips time: days pass while a test awaits a workflow's result or `env.sleep`. */
export type VirtualTime = {
  readonly env: TestWorkflowEnvironment;
  /**
   * Runs `work` beside a worker with these stand-ins for activities, on a task queue of its own; `work` gets its name.
   * Read the time inside a stand-in (`env.currentTimeMs()`): after a result the clock may have jumped on.
   */
  withWorker<T>(activities: Partial<Activities>, work: (taskQueue: string, restart: RestartWorker) => Promise<T>): Promise<T>;
  /** A workflow id nobody has used: files share servers. */
  freshId(name: string): string;
  close(): Promise<void>;
};

/** Lets the worker end, does `whileDown` without any, and has another go on in its place, which knows of its workflows what their histories say. */
export type RestartWorker = (whileDown?: () => Promise<void>) => Promise<void>;

/** Connects one test file. Call `close` in `afterAll`. */
export async function openVirtualTime(): Promise<VirtualTime> {
  const port = portOfThisWorker();
  if (!Number.isInteger(port)) throw new Error('no virtual-time server is running: move this test to test/loops');
  quietOnce();
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    // The server runs already. The SDK wants a program to start before it connects: one that does nothing.
    server: { executable: { type: 'existing-path', path: '/bin/sleep' }, port },
    client: { identity: IDENTITY },
  });
  await registerSearchAttributes(env);
  const freshId = (name: string): string => `${name}-${randomBytes(6).toString('hex')}`;
  return {
    env,
    freshId,
    async withWorker(activities, work) {
      const taskQueue = freshId('queue');
      const begin = () => Worker.create({
        connection: env.nativeConnection,
        taskQueue,
        identity: IDENTITY,
        activities,
        workflowBundle: workflowBundle(),
        // Otherwise the next worker waits up to half a minute for this one's cached workflows.
        maxCachedWorkflows: 0,
      });
      return workThroughRestarts(begin, (restart) => work(taskQueue, restart));
    },
    close: () => env.teardown(),
  };
}

async function workThroughRestarts<T>(begin: () => Promise<Worker>, work: (restart: RestartWorker) => Promise<T>): Promise<T> {
  let worker = await begin();
  let fail: (reason: unknown) => void = () => {};
  // A worker that dies by itself ends the test with its reason; the work would wait for it for ever.
  const died = new Promise<never>((_, reject) => { fail = reject; });
  const run = (): Promise<void> => worker.run().catch(fail);
  let running = run();
  const end = async (): Promise<void> => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
  };
  try {
    return await Promise.race([died, work(async (whileDown) => {
      await end();
      await whileDown?.();
      worker = await begin();
      running = run();
    })]);
  } finally {
    await end();
  }
}

/** Files that run side by side have a server each: on a shared one time skips when any of them awaits a result, in the middle of another's test, too. */
function portOfThisWorker(): number {
  const ports = (process.env['FLYWHEEL_TEST_TIME_PORTS'] ?? '').split(' ').map(Number);
  return ports[(Number(process.env['JEST_WORKER_ID'] ?? 1) - 1) % ports.length] ?? Number.NaN;
}

let quiet = false;

/** The worker's own notes at each start and stop say nothing about a test. */
function quietOnce(): void {
  if (quiet) return;
  quiet = true;
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { forward: {}, filter: 'ERROR' } } });
}

const KEYWORD = 2; // temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD

const ALREADY_EXISTS = 6; // google.rpc.Code

/** The server has no list of them to look at first; whichever file comes first registers all. */
async function registerSearchAttributes({ connection, namespace = 'default' }: TestWorkflowEnvironment): Promise<void> {
  const searchAttributes = Object.fromEntries(Object.values(SEARCH_ATTRIBUTES).map((name) => [name, KEYWORD]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes }).catch((error: unknown) => {
    if (!isGrpcServiceError(error) || Number(error.code) !== ALREADY_EXISTS) throw error;
  });
}
