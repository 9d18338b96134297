import { ApplicationFailure } from '@temporalio/activity';
import { laneIsDue } from '../../db/read/lane-outlook.ts';
import { messagesPerMinute } from '../../db/read/send-settings.ts';
import { claimGroup, type ClaimedGroup } from '../../db/write/claim-group.ts';
import type { MessageRecord } from '../../db/write/message-record.ts';
import { prepareGroup, type GroupContext } from './compose-claimed.ts';
import { heardTransport } from './heard-transport.ts';
import type { Seat } from './permits.ts';
import { permitsOf, record, recordLate } from './record-outcomes.ts';
import { mayGoOn, type Run } from './run.ts';
import type { Pass } from './send-gate.ts';
import { sendGroup } from './send-group.ts';
import { watchedGroup } from './watched-group.ts';
import { within } from './within.ts';

/** A change of a tenant's send rate binds after this. */
const RATE_FRESH_MS = 1_000;
/** A trial that is on the wire for longer counts as failed: others wait for what it tells. Less than its lease. */
const TRIAL_MS = 20_000;
/** Of a tenant that has stalled messages on the wire, permits may not come for minutes: there is something else to do meanwhile. */
const PATIENCE_MS = 1_000;

/** Claims, sends and records group after group. Two of them run at once, so that the pool is never idle while one records. */
export async function pump(run: Run): Promise<void> {
  const permits = permitsOf(run);
  const seat = permits.sit();
  try {
    while (mayGoOn(run)) {
      const held = await takePermits(run, seat);
      if (held === 0 && run.late.size > 0) return;
      if (held > 0 && !(await passGate(run, held))) return;
    }
  } finally {
    seat.rise();
  }
}

/** Waits for permits, but not for ever: 0 where none came, or the turn is to end. */
async function takePermits({ deps, lane, signal }: Run, seat: Seat): Promise<number> {
  const patience = new AbortController();
  const end = (): void => patience.abort();
  const timer = setTimeout(end, PATIENCE_MS);
  if (signal.aborted) end();
  signal.addEventListener('abort', end);
  try {
    return await seat.take(deps.transports[lane.channel].wireLimit, patience.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

/** Claims and sends as many as there are permits for and the gate lets pass; false where nothing was there to claim, or it is held. */
async function passGate(run: Run, permitted: number): Promise<boolean> {
  const { deps, lane } = run;
  const permits = permitsOf(run);
  let held = permitted;
  try {
    const pass = await deps.gates[lane.channel].ask({
      tenantId: lane.tenantId,
      perMinute: await ownRate(run),
      isDue: () => deps.db.asTenant(lane.tenantId, (tx) => laneIsDue(tx, lane, deps.clock.now())),
    }, held);
    run.hold = pass.kind === 'held' ? { ...pass.hold, kind: pass.by } : null;
    if (pass.kind === 'held') deps.watch?.metrics.held(lane.channel, pass.by);
    if (pass.kind !== 'go') return false;
    permits.give(held - pass.count);
    held = 0;
    return await sendOneGroup(run, pass);
  } finally {
    permits.give(held);
  }
}

async function ownRate(run: Run): Promise<number | null> {
  const { deps, lane } = run;
  if (performance.now() - run.perMinute.readAtMs > RATE_FRESH_MS) {
    const readAtMs = performance.now();
    run.perMinute = { value: await deps.db.asTenant(lane.tenantId, (tx) => messagesPerMinute(tx, lane)), readAtMs };
  }
  return run.perMinute.value;
}

/** Claims and sends as many as the pass says, and gives their permits back; false where nothing was there to claim. */
async function sendOneGroup(run: Run, pass: Extract<Pass, { kind: 'go' }>): Promise<boolean> {
  const { deps, lane } = run;
  const permits = permitsOf(run);
  let held = pass.count;
  let used = 0;
  let isLate = false;
  try {
    const group = await claim(run, held);
    if (group === null) return false;
    used = group.messages.length;
    permits.give(held - used);
    held = used;
    const { context } = group;
    if (context === null) return true;
    const transport = heardTransport(deps.transports[lane.channel], pass.hear);
    const handedOffLate = (byMs: number): void => deps.watch?.metrics.handedOffLate(lane.channel, byMs);
    const { soon, late } = await watchedGroup(run, group.messages, () =>
      sendGroup({ keyring: deps.keyring, transport, permits, log: deps.log, now: deps.clock.now, handedOffLate }, { tenantId: lane.tenantId, ...group, context }));
    held = soon.length;
    const recorded = soon.length === 0 ? Promise.resolve() : record(run, group.attemptId, soon);
    if (late.length > 0) recordLate(run, group.attemptId, late, recorded);
    await recorded;
    if (pass.isTrial && late.length > 0) isLate = await isStill(late);
    return true;
  } finally {
    permits.give(held);
    await pass.end({ used, late: isLate });
  }
}

/** A trial that has not come back yet is waited for, but not for long: is it still on the wire then? */
async function isStill(late: readonly Promise<MessageRecord>[]): Promise<boolean> {
  let isBack = false;
  await within(TRIAL_MS, Promise.all(late).then(() => { isBack = true; }));
  return !isBack;
}

type Group = Omit<Extract<ClaimedGroup, { outcome: 'claimed' }>, 'outcome'> & { context: GroupContext | null };

/** Claims a group and prepares it in one transaction: where that fails, nothing is claimed. No context: none of it may leave now. */
async function claim(run: Run, limit: number): Promise<Group | null> {
  const { deps, lane } = run;
  const now = deps.clock.now();
  const claimed = await deps.db.asTenant(lane.tenantId, async (tx) => {
    const group = await claimGroup(tx, lane, run.epoch, limit, now, run.batchesAClaim);
    if (group.outcome !== 'claimed') return group;
    const context = group.messages.length === 0 ? null : await prepareGroup(tx, deps.keyring, lane.tenantId, group.messages, now);
    return { ...group, context };
  });
  if (claimed.outcome === 'fenced') deps.watch?.metrics.fenced(lane.lane);
  if (claimed.outcome === 'fenced') throw ApplicationFailure.create({ message: 'a newer sender has taken this lane over', type: 'Fenced' });
  if (claimed.outcome === 'nothing') return null;
  run.batchesAClaim = claimed.batches;
  deps.watch?.metrics.claimed(lane.channel, claimed.messages.length);
  return claimed;
}
