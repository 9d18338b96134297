import { setMaxListeners } from 'node:events';
import { Context } from '@temporalio/activity';
import { laneOutlook, type LaneOutlook } from '../../db/read/lane-outlook.ts';
import type { Channel } from '../../db/schema/programs.ts';
import type { Lane } from '../../db/write/claim-group.ts';
import { endOverdue } from '../../db/write/end-overdue.ts';
import { leaveLane, raiseEpoch } from '../../db/write/raise-epoch.ts';
import { replanStale } from '../../db/write/replan-stale.ts';
import { asId } from '../../src/domain/ids.ts';
import type { LaneListener } from '../lanes/lane-listener.ts';
import { clockHold } from './clock-hold.ts';
import { allRecorded, mayGoOn, pump, type PumpDeps, type Run } from './pump.ts';

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

export type SendDueDeps = PumpDeps & {
  listener: LaneListener;
  /** Aborts when the worker drains: finish what is claimed, claim no more. */
  draining: AbortSignal;
  /** Is there room to wait idly on this worker? */
  hasFreeSlots(): boolean;
};

/** A call gives its slot back after this long, so that tenants take turns. */
const TURN_MS = 8_000;
/** What a call may need after its last message: the records, and the way back to Temporal. */
const SPARE_MS = 15_000;
/** An idle call waits this long for more, so that many small requests share one wake. */
const LINGER_MS = 2_000;
/** Between two looks at something that is due and was not there to claim: somebody else had it locked. */
const LOOK_AGAIN_MS = 20;
const HEARTBEAT_MS = 1_000;
/** While the clocks disagree nothing tells us when they no longer do. */
const LOOK_AT_CLOCKS_MS = 30_000;

type Turn = Run & { readonly deps: SendDueDeps; readonly name: string };

/**
 * Sends what is due in a lane. First it raises the lane's epoch, which fences off every older call; then, until nothing is
 * due or its turn is over: end what is overdue, plan stale rows again, claim, send, record. While this machine's clock and
 * the database's disagree it does none of that: nobody knows what is due. Throws only for what a later
 * try may mend (database away, fenced off): Temporal retries it without limit.
 */
export async function sendDue(deps: SendDueDeps, input: SendDueInput): Promise<SendDueReport> {
  const context = Context.current();
  const heartbeat = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
  const ended = new AbortController();
  const end = (): void => ended.abort();
  // Each lane's turn listens to it.
  setMaxListeners(0, deps.draining);
  for (const cause of [context.cancellationSignal, deps.draining]) {
    if (cause.aborted) end();
    cause.addEventListener('abort', end);
  }
  try {
    const lane: Lane = { tenantId: asId('tnt', input.tenantId), lane: input.lane, channel: input.channel };
    if (clockHold(deps.clock, deps.log) !== null) {
      return reportOf(deps, { handedOff: 0, refused: 0, unknown: 0 }, await deps.db.asTenant(lane.tenantId, (tx) => leaveLane(tx, lane, deps.clock)));
    }
    const { epoch, unknown } = await deps.db.asTenant(lane.tenantId, (tx) => raiseEpoch(tx, lane, deps.clock));
    if (unknown > 0) deps.log.warn({ tenantId: lane.tenantId, lane: lane.lane, unknown }, 'an earlier sender was lost; what it had claimed is unknown now');
    const startedMs = performance.now();
    const run: Turn = {
      deps, lane, name: `${lane.tenantId}/${lane.lane}`, epoch, signal: ended.signal, totals: { handedOff: 0, refused: 0, unknown }, late: new Set(),
      turnEndsMs: startedMs + TURN_MS, longestUntilMs: startedMs + Math.max(TURN_MS, context.info.startToCloseTimeoutMs - SPARE_MS),
    };
    return reportOf(deps, run.totals, await takeTurn(run));
  } finally {
    clearInterval(heartbeat);
    for (const cause of [context.cancellationSignal, deps.draining]) cause.removeEventListener('abort', end);
  }
}

/** With the clocks apart all is held, whatever else holds it, and the sender is to look again soon. */
function reportOf({ clock, log }: SendDueDeps, totals: Run['totals'], { nextAt, ...rest }: LaneOutlook): SendDueReport {
  const nextInMs = nextAt === null ? null : Math.max(0, nextAt - clock.now());
  const hold = clockHold(clock, log);
  if (hold === null || nextInMs === null) return { ...totals, ...rest, nextInMs };
  return { ...totals, ...rest, nextInMs: Math.max(LOOK_AT_CLOCKS_MS, nextInMs), heldBatches: rest.openBatches, heldBy: hold };
}

async function takeTurn(run: Turn): Promise<LaneOutlook> {
  try {
    return await sendWhileDue(run);
  } finally {
    await allRecorded(run);
  }
}

async function sendWhileDue(run: Turn): Promise<LaneOutlook> {
  const { deps, lane, signal } = run;
  let lingerEndsMs = performance.now() + LINGER_MS;
  for (;;) {
    const seen = deps.listener.version(run.name);
    await endAndReplan(run);
    const before = run.totals.handedOff;
    await bothEnd([pump(run), pump(run)]);
    const outlook = await deps.db.asTenant(lane.tenantId, (tx) => laneOutlook(tx, lane));
    if (run.totals.handedOff > before) lingerEndsMs = performance.now() + LINGER_MS;
    const untilDueMs = outlook.nextAt === null ? Number.POSITIVE_INFINITY : outlook.nextAt - deps.clock.now();
    const idleMs = run.late.size > 0 ? LINGER_MS : Math.min(lingerEndsMs, run.turnEndsMs) - performance.now();
    if (!mayGoOn(run) || idleMs <= 0) return outlook;
    if (untilDueMs <= 0) {
      await deps.listener.moved(run.name, seen, LOOK_AGAIN_MS, signal);
      continue;
    }
    if (run.late.size === 0 && !deps.hasFreeSlots()) return outlook;
    const moved = await deps.listener.moved(run.name, seen, Math.min(idleMs, untilDueMs), signal);
    if (run.late.size === 0 && !moved && untilDueMs > idleMs) return outlook;
  }
}

async function endAndReplan({ deps, lane, signal }: Turn): Promise<void> {
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
