import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import { laneOutlook, type LaneOutlook } from '../../db/read/lane-outlook.ts';
import type { Channel } from '../../db/schema/programs.ts';
import { claimGroup, type Lane } from '../../db/write/claim-group.ts';
import { endOverdue } from '../../db/write/end-overdue.ts';
import { raiseEpoch } from '../../db/write/raise-epoch.ts';
import { recordGroup, type MessageRecord } from '../../db/write/record-group.ts';
import { replanStale } from '../../db/write/replan-stale.ts';
import type { Keyring } from '../../src/config/keyring.ts';
import { asId } from '../../src/domain/ids.ts';
import type { Transport } from '../../src/providers/transport.ts';
import type { Logger } from '../../src/telemetry/logger.ts';
import type { LaneListener } from '../lanes/lane-listener.ts';
import { prepareGroup, type GroupContext } from './compose-claimed.ts';
import type { Permits } from './permits.ts';
import { sendGroup } from './send-group.ts';

export type SendDueInput = { tenantId: string; lane: string; channel: Channel };

/** What one call did and what the lane has before it; delays in milliseconds. Ids only: it stands in the history. */
export type SendDueReport = {
  handedOff: number;
  refused: number;
  unknown: number;
  /** How long until the next thing is due that nothing holds: 0 when it is, null when nothing waits. */
  nextInMs: number | null;
  openBatches: number;
  heldBatches: number;
  heldBy: string | null;
};

export type SendDueDeps = {
  db: Database;
  clock: Clock;
  keyring: Keyring;
  log: Logger;
  transports: Record<Channel, Transport>;
  permits: Record<Channel, Permits>;
  listener: LaneListener;
  /** Aborts when the worker drains: finish what is claimed, claim no more. */
  draining: AbortSignal;
  /** Is there room to wait idly on this worker? */
  hasFreeSlots(): boolean;
};

/** A call gives its slot back after this long, so that tenants take turns. */
const TURN_MS = 8_000;
/** An idle call waits this long for more, so that many small requests share one wake. */
const LINGER_MS = 2_000;
/** Between two looks at something that is due and was not there to claim: somebody else had it locked. */
const LOOK_AGAIN_MS = 20;
const HEARTBEAT_MS = 1_000;
const RECORD_RETRY_MS = 250;

type Run = { deps: SendDueDeps; lane: Lane; name: string; epoch: number; signal: AbortSignal; totals: Totals };
type Totals = { handedOff: number; refused: number; unknown: number };

/**
 * Sends what is due in a lane. First it raises the lane's epoch, which fences off every older call; then, until nothing is
 * due or its turn is over: end what is overdue, plan stale rows again, claim, send, record. Throws only for what a later
 * try may mend (database away, fenced off): Temporal retries it without limit.
 */
export async function sendDue(deps: SendDueDeps, input: SendDueInput): Promise<SendDueReport> {
  const context = Context.current();
  const heartbeat = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
  const ended = new AbortController();
  const end = (): void => ended.abort();
  for (const cause of [context.cancellationSignal, deps.draining]) {
    if (cause.aborted) end();
    cause.addEventListener('abort', end);
  }
  try {
    const lane: Lane = { tenantId: asId('tnt', input.tenantId), lane: input.lane, channel: input.channel };
    const { epoch, unknown } = await deps.db.asTenant(lane.tenantId, (tx) => raiseEpoch(tx, lane, deps.clock.now()));
    if (unknown > 0) deps.log.warn({ tenantId: lane.tenantId, lane: lane.lane, unknown }, 'an earlier sender was lost; what it had claimed is unknown now');
    const run: Run = { deps, lane, name: `${lane.tenantId}/${lane.lane}`, epoch, signal: ended.signal, totals: { handedOff: 0, refused: 0, unknown } };
    const outlook = await takeTurn(run);
    const { nextAt, ...rest } = outlook;
    return { ...run.totals, ...rest, nextInMs: nextAt === null ? null : Math.max(0, nextAt - deps.clock.now()) };
  } finally {
    clearInterval(heartbeat);
    for (const cause of [context.cancellationSignal, deps.draining]) cause.removeEventListener('abort', end);
  }
}

async function takeTurn(run: Run): Promise<LaneOutlook> {
  const { deps, lane, signal } = run;
  const turnEndsMs = performance.now() + TURN_MS;
  let lingerEndsMs = performance.now() + LINGER_MS;
  for (;;) {
    const seen = deps.listener.version(run.name);
    await endAndReplan(run);
    const before = run.totals.handedOff;
    await bothEnd([pump(run, turnEndsMs), pump(run, turnEndsMs)]);
    const outlook = await deps.db.asTenant(lane.tenantId, (tx) => laneOutlook(tx, lane));
    if (run.totals.handedOff > before) lingerEndsMs = performance.now() + LINGER_MS;
    const untilDueMs = outlook.nextAt === null ? Number.POSITIVE_INFINITY : outlook.nextAt - deps.clock.now();
    const idleMs = Math.min(lingerEndsMs, turnEndsMs) - performance.now();
    if (signal.aborted || idleMs <= 0) return outlook;
    if (untilDueMs <= 0) {
      await deps.listener.moved(run.name, seen, LOOK_AGAIN_MS, signal);
      continue;
    }
    if (!deps.hasFreeSlots()) return outlook;
    const moved = await deps.listener.moved(run.name, seen, Math.min(idleMs, untilDueMs), signal);
    if (!moved && untilDueMs > idleMs) return outlook;
  }
}

async function endAndReplan({ deps, lane, signal }: Run): Promise<void> {
  const until0 = async (step: typeof endOverdue): Promise<void> => {
    while (!signal.aborted && (await deps.db.asTenant(lane.tenantId, (tx) => step(tx, lane, deps.clock.now()))) > 0);
  };
  await until0(endOverdue);
  await until0(replanStale);
}

/** Waits for both, also when one fails: the other may have mail on the wire, whose outcome has yet to be recorded. */
async function bothEnd(pumps: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(pumps)).find((pumped) => pumped.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** Claims, sends and records group after group. Two of them run at once, so that the pool is never idle while one records. */
async function pump(run: Run, turnEndsMs: number): Promise<void> {
  const { deps, lane, signal } = run;
  const transport = deps.transports[lane.channel];
  const permits = deps.permits[lane.channel];
  while (!signal.aborted && performance.now() < turnEndsMs) {
    let held = await permits.take(transport.wireLimit, signal);
    try {
      if (held === 0) return;
      const group = await claim(run, held);
      if (group === null) return;
      permits.give(held - group.messages.length);
      held = group.messages.length;
      if (held === 0) continue;
      const records = await sendGroup({ keyring: deps.keyring, transport, permits, log: deps.log, now: deps.clock.now }, { tenantId: lane.tenantId, ...group });
      await record(run, group.attemptId, records);
    } finally {
      permits.give(held);
    }
  }
}

type Group = { attemptId: number; messages: Extract<Awaited<ReturnType<typeof claimGroup>>, { outcome: 'claimed' }>['messages']; context: GroupContext; checkedAtMs: number };

async function claim(run: Run, limit: number): Promise<Group | null> {
  const { deps, lane } = run;
  const now = deps.clock.now();
  const claimed = await deps.db.asTenant(lane.tenantId, (tx) => claimGroup(tx, lane, run.epoch, limit, now));
  if (claimed.outcome === 'fenced') throw ApplicationFailure.create({ message: 'a newer sender has taken this lane over', type: 'Fenced' });
  if (claimed.outcome === 'nothing') return null;
  const { attemptId, messages, checkedAtMs } = claimed;
  // In a transaction of its own, so that the batch's lock is held for the claim only.
  try {
    const context = await deps.db.asTenant(lane.tenantId, (tx) => prepareGroup(tx, deps.keyring, lane.tenantId, messages, now));
    return { attemptId, messages, context, checkedAtMs };
  } catch (error) {
    // Nothing has left: unclaimed again, rather than unknown to the next sender.
    const putBack = messages.map(({ batchId, n, step, expiresAt }): MessageRecord => ({ batchId, n, step, expiresAt, outcome: 'put_back', dueAt: now, reason: null, tried: false }));
    await record(run, attemptId, putBack);
    throw error;
  }
}

/** A record that cannot commit is tried again before anything else is claimed: what left must be known to have left. */
async function record(run: Run, attemptId: number, records: readonly MessageRecord[]): Promise<void> {
  const { deps, lane, totals } = run;
  for (;;) {
    try {
      await deps.db.asTenant(lane.tenantId, (tx) => recordGroup(tx, { tenantId: lane.tenantId, channel: lane.channel, attemptId }, records, deps.clock.now()));
      break;
    } catch (error) {
      deps.log.warn({ tenantId: lane.tenantId, lane: lane.lane, attemptId, err: error }, 'outcomes could not be recorded; trying again');
      await new Promise((resolve) => { setTimeout(resolve, RECORD_RETRY_MS); });
    }
  }
  for (const { outcome } of records) {
    if (outcome === 'handed_off') totals.handedOff += 1;
    if (outcome === 'refused') totals.refused += 1;
    if (outcome === 'unknown') totals.unknown += 1;
  }
}
