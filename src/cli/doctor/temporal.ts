import { SEARCH_ATTRIBUTES, senderWorkflowId, TASK_QUEUE } from '../../../workflows/system/sender/contract.ts';
import type { OverdueLane } from '../../../db/read/overdue-lanes.ts';
import type { Context } from '../context.ts';
import { sayFailure } from '../say-failure.ts';
import { grpcCode, NOT_FOUND, soon, withTemporal } from '../temporal.ts';
import type { Temporal } from '../temporal.ts';
import { count } from '../text/table.ts';
import { nameOf } from './lanes.ts';
import { note, ok, problem, skipped } from './finding.ts';
import type { Finding } from './finding.ts';

/** temporal.api.enums.v1.TaskQueueType */
const QUEUES = [['workflows', 1], ['activities', 2]] as const;
/** A poll lasts a minute; Temporal goes on naming pollers for five after the last. */
const POLLED_LATELY_MS = 150_000;
const MOST_LANES = 5;

/** Is Temporal there, with what a sender's start needs and somebody who works; and what hinders the senders of late lanes? */
export async function checkTemporal(context: Context, overdue: readonly OverdueLane[]): Promise<Finding[]> {
  try {
    const answered = await withTemporal(context, (temporal) => soon(temporal.connection, async () => [
      ...(await namespaceFindings(temporal)),
      ...(await attributeFindings(temporal)),
      ...(await pollerFindings(temporal)),
      ...(await senderFindings(temporal, overdue.slice(0, MOST_LANES))),
    ]));
    return answered.kind === 'failed' ? [problem('Temporal', answered.message, answered.todo)] : answered.value;
  } catch (error) {
    const { message, todo, exitCode } = sayFailure(error);
    return [exitCode === 2 ? skipped('Temporal', `${message}, so Temporal was not asked.`, 'Set it as relay and workers have it.') : problem('Temporal', message, todo)];
  }
}

async function namespaceFindings({ connection, namespace }: Temporal): Promise<Finding[]> {
  const [{ serverVersion }] = await Promise.all([connection.workflowService.getSystemInfo({}), connection.workflowService.describeNamespace({ namespace })]);
  return [ok('Temporal', `Answers: server ${serverVersion === '' ? 'of unknown version' : serverVersion}, namespace ${namespace}.`)];
}

async function attributeFindings({ connection, namespace }: Temporal): Promise<Finding[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(SEARCH_ATTRIBUTES).filter((name) => !(name in (customAttributes ?? {})));
  if (missing.length === 0) return [ok('Temporal', `The search attributes are there: ${Object.values(SEARCH_ATTRIBUTES).join(', ')}.`)];
  const todo = missing.map((name) => `temporal operator search-attribute create --namespace ${namespace} --name ${name} --type Keyword`).join('; ');
  return [problem('Temporal', `Search attributes are missing: ${missing.join(', ')}. No sender can be started.`, `A relay or worker registers them when it starts, where it may; by hand: ${todo}`)];
}

async function pollerFindings({ connection, namespace }: Temporal): Promise<Finding[]> {
  const nowMs = performance.timeOrigin + performance.now();
  const queues = await Promise.all(QUEUES.map(async ([what, taskQueueType]) => {
    const { pollers } = await connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: TASK_QUEUE }, taskQueueType });
    const lately = (pollers ?? []).filter(({ lastAccessTime }) => lastAccessTime == null || nowMs - Number(lastAccessTime.seconds ?? 0) * 1000 < POLLED_LATELY_MS);
    return { what, pollers: new Set(lately.map(({ identity }) => identity ?? '')).size };
  }));
  const idle = queues.filter(({ pollers }) => pollers === 0);
  return idle.length === 0
    ? [ok('Temporal', `The task queue ${TASK_QUEUE} is served by ${count(Math.max(...queues.map(({ pollers }) => pollers)), 'worker')}.`)]
    : [problem('Temporal', `No worker takes ${idle.map(({ what }) => what).join(' or ')} from the task queue ${TASK_QUEUE}: nothing is sent.`, 'Start a worker (src/main.ts worker), or read in its log why it stopped.')];
}

/** Temporal knows what a late lane's sender stumbles over. */
async function senderFindings({ client }: Temporal, overdue: readonly OverdueLane[]): Promise<Finding[]> {
  return Promise.all(overdue.map(async (lane): Promise<Finding> => {
    const workflowId = senderWorkflowId(lane);
    try {
      const { raw, status } = await client.workflow.getHandle(workflowId).describe();
      const failing = (raw.pendingActivities ?? []).find(({ lastFailure }) => lastFailure !== null && lastFailure !== undefined);
      if (failing?.lastFailure != null) {
        return problem('Temporal', `The sender of ${nameOf(lane)} fails again and again (attempt ${String(failing.attempt)}): ${String(failing.lastFailure.message)}`, 'Mend what it names; the sender goes on trying and needs no help.');
      }
      if (status.name !== 'RUNNING') return problem('Temporal', `The sender of ${nameOf(lane)} is not running (${status.name.toLowerCase()}), and something is due.`, 'The relay starts it again within 15 s; see that a relay runs.');
      return note('Temporal', `The sender of ${nameOf(lane)} is running.`, `temporal workflow describe --workflow-id ${workflowId}`);
    } catch (error) {
      if (grpcCode(error) !== NOT_FOUND) throw error;
      return problem('Temporal', `${nameOf(lane)} has no sender, and something is due.`, 'The relay starts it within 15 s; see that a relay runs.');
    }
  }));
}
