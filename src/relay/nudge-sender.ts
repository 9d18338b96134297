import { isGrpcServiceError, ServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType, TypedSearchAttributes } from '@temporalio/common';
import {
  DELIVER_WEBHOOKS_WORKFLOW, isWebhooksLane, LOOK_AGAIN_SIGNAL, webhooksWorkflowId, type DeliverWebhooksInput,
} from '../../workflows/system/deliver-webhooks/contract.ts';
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
 * Tells a lane's sender (or the run that delivers a tenant's webhooks) to look again, and starts it where none runs. A signal to a
 * closed and one to a never started workflow fail alike; both mean: start it. The id may be used again, since it ends when nothing waits.
 */
export function nudgeSender(client: Client, lane: LaneName): Promise<void> {
  return withinDeadline(client.connection, () => nudgeOrStart(client, lane));
}

async function nudgeOrStart(client: Client, lane: LaneName): Promise<void> {
  const { workflowType, workflowId, signal, input, summary } = servedBy(lane);
  try {
    await client.workflow.getHandle(workflowId).signal(signal);
  } catch (error) {
    if (isFullOfSignals(error)) return;
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    await client.workflow.signalWithStart(workflowType, {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [input],
      signal,
      signalArgs: [],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      typedSearchAttributes: new TypedSearchAttributes([{ key: TENANT, value: lane.tenantId }, { key: LANE, value: lane.lane }]),
      staticSummary: summary,
    });
  }
}

type Server = { workflowType: string; workflowId: string; signal: string; input: SenderInput | DeliverWebhooksInput; summary: string };

/** The workflow that looks after a lane. Throws for a lane that nothing serves. */
function servedBy({ tenantId, lane }: LaneName): Server {
  if (isWebhooksLane(lane)) {
    return { workflowType: DELIVER_WEBHOOKS_WORKFLOW, workflowId: webhooksWorkflowId({ tenantId }), signal: LOOK_AGAIN_SIGNAL, input: { tenantId }, summary: `Delivers the webhooks of ${tenantId}` };
  }
  const input: SenderInput = { tenantId, lane, channel: channelOfLane(lane) };
  return { workflowType: SENDER_WORKFLOW, workflowId: senderWorkflowId(input), signal: NUDGE_SIGNAL, input, summary: `Sends what is due in ${lane} of ${tenantId}` };
}

/**
 * Temporal takes 10,000 signals a run and refuses the next as an invalid argument. A run that has so many before it,
 * because no worker ran for long, will look again anyway.
 */
function isFullOfSignals(error: unknown): boolean {
  return error instanceof ServiceError && isGrpcServiceError(error.cause) && Number(error.cause.code) === GRPC_INVALID_ARGUMENT;
}
