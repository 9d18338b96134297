import { isGrpcServiceError, ServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import {
  channelOfLane, NUDGE_SIGNAL, SEARCH_ATTRIBUTES, SENDER_WORKFLOW, senderWorkflowId, TASK_QUEUE, type SenderInput,
} from '../../workflows/system/sender/contract.ts';
import type { LaneName } from '../../db/read/late-lanes.ts';
import { withinDeadline } from './deadline.ts';

const TENANT = defineSearchAttributeKey(SEARCH_ATTRIBUTES.tenant, SearchAttributeType.KEYWORD);
/** google.rpc.Code */
const GRPC_INVALID_ARGUMENT = 3;
const LANE = defineSearchAttributeKey(SEARCH_ATTRIBUTES.lane, SearchAttributeType.KEYWORD);

/**
 * Tells a lane's sender to look again, and starts it where none runs. A signal to a closed and one to a never started
 * workflow fail alike; both mean: start it. The id may be used again, since a sender ends when nothing waits.
 */
export function nudgeSender(client: Client, lane: LaneName): Promise<void> {
  return withinDeadline(client.connection, () => nudgeOrStart(client, lane));
}

async function nudgeOrStart(client: Client, lane: LaneName): Promise<void> {
  const workflowId = senderWorkflowId(lane);
  try {
    await client.workflow.getHandle(workflowId).signal(NUDGE_SIGNAL);
  } catch (error) {
    if (isFullOfSignals(error)) return;
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    const input: SenderInput = { tenantId: lane.tenantId, lane: lane.lane, channel: channelOfLane(lane.lane) };
    await client.workflow.signalWithStart(SENDER_WORKFLOW, {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [input],
      signal: NUDGE_SIGNAL,
      signalArgs: [],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      typedSearchAttributes: new TypedSearchAttributes([{ key: TENANT, value: lane.tenantId }, { key: LANE, value: lane.lane }]),
      staticSummary: `Sends what is due in ${lane.lane} of ${lane.tenantId}`,
    });
  }
}

/**
 * Temporal takes 10,000 signals a run and refuses the next as an invalid argument. A sender that has so many before it,
 * because no worker ran for long, will look again anyway.
 */
function isFullOfSignals(error: unknown): boolean {
  return error instanceof ServiceError && isGrpcServiceError(error.cause) && Number(error.cause.code) === GRPC_INVALID_ARGUMENT;
}
