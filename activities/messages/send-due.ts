import { setMaxListeners } from 'node:events';
import { Context } from '@temporalio/activity';
import { laneOutlook, type LaneOutlook } from '../../db/read/lane-outlook.ts';
import { messagesPerMinute } from '../../db/read/send-settings.ts';
import type { Channel } from '../../src/domain/message/channel.ts';
import type { Lane } from '../../db/write/claim-group.ts';
import { holdLane } from '../../db/write/hold-lane.ts';
import { BATCHES_A_CLAIM } from '../../db/write/lock-due-batches.ts';
import { leaveLane, raiseEpoch } from '../../db/write/raise-epoch.ts';
import { asId } from '../../src/domain/ids.ts';
import type { LaneListener } from '../lanes/lane-listener.ts';
import { clockHold } from './clock-hold.ts';
import { lookAndSend } from './look-and-send.ts';
import { allRecorded, mayGoOn, type PumpDeps, type Run } from './run.ts';
import type { TurnPlaces } from './turn-places.ts';
import { beginTurn } from './watched-group.ts';
import { pause } from './within.ts';

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
  turns: TurnPlaces;
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
/** A breaker may close sooner than it says: a turn that waits inside looks again so often. */
const LOOK_AT_HOLD_MS = 500;
/** A turn that found itself held lasts so long at least, however often its lane is called. */
const HELD_TURN_MS = 100;
/** A lane whose tenant has its part of this worker asks again when about half a turn is over, here or elsewhere. */
const NO_PLACE_MS = 3_000;
const NO_PLACE = 'slots: other lanes of this tenant have all the places that it may have in a worker at once';

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
  const lane: Lane = { tenantId: asId('tnt', input.tenantId), lane: input.lane, channel: input.channel };
  const leavePlace = deps.turns.begin(lane.tenantId);
  try {
    if (leavePlace === null) return withoutPlace(await deps.db.asTenant(lane.tenantId, (tx) => laneOutlook(tx, lane)), deps.clock.now());
    if (clockHold(deps.clock, deps.log) !== null) {
      return reportOf(deps, { handedOff: 0, refused: 0, unknown: 0 }, await deps.db.asTenant(lane.tenantId, (tx) => leaveLane(tx, lane, deps.clock)));
    }
    const startedMs = performance.now();
    const [{ epoch, unknown }, perMinute] = await deps.db.asTenant(lane.tenantId, (tx) => Promise.all([raiseEpoch(tx, lane, deps.clock), messagesPerMinute(tx, lane)]));
    deps.watch?.metrics.epochRaised(lane.lane, unknown);
    if (unknown > 0) deps.log.warn({ tenantId: lane.tenantId, lane: lane.lane, unknown }, 'an earlier sender was lost; what it had claimed is unknown now');
    const run: Turn = {
      deps, lane, name: `${lane.tenantId}/${lane.lane}`, epoch, span: beginTurn(deps.watch, lane), signal: ended.signal, totals: { handedOff: 0, refused: 0, unknown }, late: new Set(),
      hold: null, batchesAClaim: BATCHES_A_CLAIM, perMinute: { value: perMinute, readAtMs: startedMs },
      turnEndsMs: startedMs + TURN_MS, longestUntilMs: startedMs + Math.max(TURN_MS, context.info.startToCloseTimeoutMs - SPARE_MS),
    };
    const outlook = await takeTurn(run);
    return await withHold(run, reportOf(deps, run.totals, outlook));
  } finally {
    leavePlace?.();
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

/** How long a breaker or a send rate holds what is due, 0 or less: it does not. */
function heldFor({ hold, deps }: Turn): number {
  return hold === null ? 0 : hold.until - deps.clock.now();
}

/** What a breaker or a send rate holds is not due before that ends; the lane says so where the relay and an operator look. */
async function withHold(run: Turn, report: SendDueReport): Promise<SendDueReport> {
  const { deps, lane, hold } = run;
  if (hold === null || report.nextInMs === null || report.heldBatches === report.openBatches) return report;
  const heldForMs = heldFor(run);
  if (heldForMs <= report.nextInMs) return report;
  if (hold.kind === 'rate') await deps.db.asTenant(lane.tenantId, (tx) => holdLane(tx, lane, hold));
  return { ...report, nextInMs: heldForMs, heldBatches: report.openBatches, heldBy: hold.by };
}

/** Nothing was looked after, so what is due stays so: but not at once. */
function withoutPlace({ nextAt, ...outlook }: LaneOutlook, now: number): SendDueReport {
  const totals = { handedOff: 0, refused: 0, unknown: 0 };
  if (nextAt === null) return { ...totals, ...outlook, nextInMs: null };
  return { ...totals, ...outlook, nextInMs: Math.max(NO_PLACE_MS, nextAt - now), heldBatches: outlook.openBatches, heldBy: outlook.heldBy ?? NO_PLACE };
}

async function takeTurn(run: Turn): Promise<LaneOutlook> {
  try {
    return await sendWhileDue(run);
  } finally {
    await allRecorded(run);
    run.span.end();
  }
}

async function sendWhileDue(run: Turn): Promise<LaneOutlook> {
  const { deps, signal } = run;
  let lingerEndsMs = performance.now() + LINGER_MS;
  for (;;) {
    const seen = deps.listener.version(run.name);
    const before = run.totals.handedOff;
    const outlook = await lookAndSend(run);
    if (run.totals.handedOff > before) lingerEndsMs = performance.now() + LINGER_MS;
    const heldForMs = heldFor(run);
    const untilDueMs = outlook.nextAt === null ? Number.POSITIVE_INFINITY : outlook.nextAt - deps.clock.now();
    const idleMs = run.late.size > 0 ? LINGER_MS : Math.min(lingerEndsMs, run.turnEndsMs) - performance.now();
    if (!mayGoOn(run) || idleMs <= 0) return outlook;
    if (heldForMs > Math.max(0, untilDueMs)) {
      // Whatever comes meanwhile is held, too: it wakes nobody.
      const isToLeave = run.late.size === 0 && !deps.hasFreeSlots();
      await pause(Math.min(idleMs, heldForMs, isToLeave ? HELD_TURN_MS : LOOK_AT_HOLD_MS), signal);
      if (isToLeave) return outlook;
      continue;
    }
    if (untilDueMs <= 0) {
      await deps.listener.moved(run.name, seen, LOOK_AGAIN_MS, signal);
      continue;
    }
    if (run.late.size === 0 && !deps.hasFreeSlots()) return outlook;
    const moved = await deps.listener.moved(run.name, seen, Math.min(idleMs, untilDueMs), signal);
    if (run.late.size === 0 && !moved && untilDueMs > idleMs) return outlook;
  }
}
