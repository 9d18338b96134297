import { ApplicationFailure } from '@temporalio/activity';
import { isSkewed, type Clock } from '../../db/clock.ts';
import type { Database } from '../../db/client.ts';
import type { Channel } from '../../db/schema/programs.ts';
import { claimGroup, type Lane } from '../../db/write/claim-group.ts';
import type { MessageRecord } from '../../db/write/message-record.ts';
import { recordGroup } from '../../db/write/record-group.ts';
import type { Keyring } from '../../src/config/keyring.ts';
import type { Transport } from '../../src/providers/transport.ts';
import type { Logger } from '../../src/telemetry/logger.ts';
import { prepareGroup, type GroupContext } from './compose-claimed.ts';
import type { Permits } from './permits.ts';
import { sendGroup } from './send-group.ts';
import { within } from './within.ts';

const RECORD_RETRY_MS = 250;

export type PumpDeps = {
  db: Database;
  clock: Clock;
  keyring: Keyring;
  log: Logger;
  transports: Record<Channel, Transport>;
  permits: Record<Channel, Permits>;
};

/** One call of `sendDue`, as its pumps share it. */
export type Run = {
  readonly deps: PumpDeps;
  readonly lane: Lane;
  readonly epoch: number;
  readonly signal: AbortSignal;
  readonly turnEndsMs: number;
  /** Beyond this Temporal would take the turn for lost. */
  readonly longestUntilMs: number;
  readonly totals: { handedOff: number; refused: number; unknown: number };
  /** Groups with messages that a slow server has not answered yet. */
  readonly late: Set<Promise<void>>;
};

/** A turn goes on while something of it is on the wire, since the next one would call that unknown; but not until it counts as lost. */
export function mayGoOn({ deps, late, turnEndsMs, longestUntilMs, signal }: Run): boolean {
  return !signal.aborted && !isSkewed(deps.clock) && performance.now() < (late.size > 0 ? longestUntilMs : turnEndsMs);
}

/** Resolves when nothing of the run is on the wire any more, or it may wait no longer: what is recorded after that turns unknown into the truth. */
export async function allRecorded({ late, longestUntilMs }: Run): Promise<void> {
  await within(longestUntilMs - performance.now(), Promise.all(late));
}

/** Claims, sends and records group after group. Two of them run at once, so that the pool is never idle while one records. */
export async function pump(run: Run): Promise<void> {
  const { deps, lane, signal } = run;
  const transport = deps.transports[lane.channel];
  const permits = deps.permits[lane.channel];
  const seat = permits.sit();
  try {
    while (mayGoOn(run)) {
      const held = await seat.take(transport.wireLimit, signal);
      if (held === 0 || !(await sendOneGroup(run, held))) return;
    }
  } finally {
    seat.rise();
  }
}

/** Claims and sends as many as there are permits for, and gives those back; false where nothing was there to claim. */
async function sendOneGroup(run: Run, permitted: number): Promise<boolean> {
  const { deps, lane } = run;
  const transport = deps.transports[lane.channel];
  const permits = deps.permits[lane.channel];
  let held = permitted;
  try {
    const group = await claim(run, held);
    if (group === null) return false;
    permits.give(held - group.messages.length);
    held = group.messages.length;
    if (held === 0) return true;
    const { soon, late } = await sendGroup({ keyring: deps.keyring, transport, permits, log: deps.log, now: deps.clock.now }, { tenantId: lane.tenantId, ...group });
    held = soon.length;
    const recorded = soon.length === 0 ? Promise.resolve() : record(run, group.attemptId, soon);
    if (late.length > 0) recordLate(run, group.attemptId, late, recorded);
    await recorded;
    return true;
  } finally {
    permits.give(held);
  }
}

/** Records what a group's slow messages came to, each when it is known, one after the other and after `before`; gives their permits back. */
function recordLate(run: Run, attemptId: number, late: readonly Promise<MessageRecord>[], before: Promise<void>): void {
  const permits = run.deps.permits[run.lane.channel];
  let recorded = before;
  const all = Promise.all(late.map(async (sending) => {
    const outcome = await sending;
    recorded = recorded.then(() => record(run, attemptId, [outcome])).finally(() => permits.give(1));
    await recorded;
  }));
  const done = all.then(() => {}).finally(() => run.late.delete(done));
  run.late.add(done);
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
