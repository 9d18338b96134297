import type { MessageRecord } from '../../db/write/message-record.ts';
import { recordGroup } from '../../db/write/record-group.ts';
import type { Permits } from './permits.ts';
import type { Run } from './run.ts';

const RECORD_RETRY_MS = 250;

/** The part of the run's tenant in its channel's permits. */
export function permitsOf({ deps, lane }: Run): Permits {
  return deps.permits[lane.channel].of(lane.tenantId);
}

/** A record that cannot commit is tried again before anything else is claimed: what left must be known to have left. */
export async function record(run: Run, attemptId: number, records: readonly MessageRecord[]): Promise<void> {
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
  deps.watch?.metrics.recorded(lane.channel, records);
  for (const { outcome } of records) {
    if (outcome === 'handed_off') totals.handedOff += 1;
    if (outcome === 'refused') totals.refused += 1;
    if (outcome === 'unknown') totals.unknown += 1;
  }
}

/** Records what a group's slow messages came to, each when it is known, one after the other and after `before`; gives their permits back. */
export function recordLate(run: Run, attemptId: number, late: readonly Promise<MessageRecord>[], before: Promise<void>): void {
  const permits = permitsOf(run);
  let recorded = before;
  permits.stall(late.length);
  const all = Promise.all(late.map(async (sending) => {
    const outcome = await sending;
    permits.stall(-1);
    recorded = recorded.then(() => record(run, attemptId, [outcome])).finally(() => permits.give(1));
    await recorded;
  }));
  const done = all.then(() => {}).finally(() => run.late.delete(done));
  run.late.add(done);
}
