import { Context } from '@temporalio/activity';
import type { Database } from '../../db/client.ts';
import { batchTraces } from '../../db/read/batch-traces.ts';
import type { ClaimedMessage, Lane } from '../../db/write/claim-group.ts';
import type { SendingWatch } from '../../src/telemetry/sending-watch.ts';
import { NO_SPAN } from '../../src/telemetry/tracing/tracing.ts';
import type { Span } from '../../src/telemetry/tracing/tracing.ts';
import type { SentGroup } from './send-group.ts';

type Turn = { readonly deps: { readonly db: Database; readonly watch?: SendingWatch }; readonly lane: Lane; readonly epoch: number; readonly span: Span };

/** The span of one call of `sendDue`. A trace of its own: a turn serves many requests, and what it waits for is none of theirs. */
export function beginTurn(watch: SendingWatch | undefined, lane: Lane): Span {
  if (watch?.tracing.isOn !== true) return NO_SPAN;
  const run = Context.current().info.workflowExecution;
  return watch.tracing.start('send due', {
    kind: 'consumer',
    attributes: { 'flywheel.tenant_id': lane.tenantId, 'flywheel.lane': lane.lane, 'temporal.workflow_id': run?.workflowId ?? '', 'temporal.run_id': run?.runId ?? '' },
  });
}

/**
 * Sends a claimed group under a span, one for the group and none for each message: it goes on from the oldest request among
 * the group's that is traced, and links the others and the turn. A group without a traced request has none.
 */
export async function watchedGroup(turn: Turn, messages: readonly ClaimedMessage[], send: () => Promise<SentGroup>): Promise<SentGroup> {
  const span = await beginGroup(turn, messages);
  if (span === NO_SPAN) return send();
  try {
    const sent = await send();
    const count = (outcome: string): number => sent.soon.filter((record) => record.outcome === outcome).length;
    span.set({
      'flywheel.handed_off': count('handed_off'), 'flywheel.refused': count('refused'), 'flywheel.unknown': count('unknown'), 'flywheel.put_back': count('put_back'),
      'flywheel.still_on_the_wire': sent.late.length,
    });
    return sent;
  } catch (error) {
    span.fail(error instanceof Error ? error.name : 'unknown');
    throw error;
  } finally {
    span.end();
  }
}

async function beginGroup({ deps, lane, epoch, span: turn }: Turn, messages: readonly ClaimedMessage[]): Promise<Span> {
  const tracing = deps.watch?.tracing;
  if (tracing?.isOn !== true) return NO_SPAN;
  // Nothing is lost with a trace.
  const traces = await deps.db.asTenant(lane.tenantId, (tx) => batchTraces(tx, messages.map(({ batchId }) => batchId))).catch(() => []);
  const [parent, ...others] = traces;
  if (parent === undefined) return NO_SPAN;
  return tracing.start('hand off', {
    kind: 'producer',
    parent,
    links: [...(turn.traceparent === null ? [] : [turn.traceparent]), ...others],
    attributes: { 'flywheel.tenant_id': lane.tenantId, 'flywheel.lane': lane.lane, 'flywheel.epoch': epoch, 'flywheel.messages': messages.length },
  });
}
