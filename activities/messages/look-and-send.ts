import { laneOutlook, type LaneOutlook } from '../../db/read/lane-outlook.ts';
import { endOverdue } from '../../db/write/end-overdue.ts';
import { replanStale } from '../../db/write/replan-stale.ts';
import { pump } from './pump.ts';
import { permitsOf } from './record-outcomes.ts';
import type { Run } from './run.ts';
import { bothEnd } from './within.ts';

/** Whoever looks what is due sits at the table already: others let him go first. */
export async function lookAndSend(run: Run): Promise<LaneOutlook> {
  const { deps, lane } = run;
  const seat = permitsOf(run).sit();
  try {
    await endAndReplan(run);
    run.hold = null;
    await bothEnd([pump(run), pump(run)]);
    return await deps.db.asTenant(lane.tenantId, (tx) => laneOutlook(tx, lane));
  } finally {
    seat.rise();
  }
}

async function endAndReplan({ deps, lane, signal }: Run): Promise<void> {
  const until0 = async (step: typeof endOverdue, what: 'ended' | 'replanned'): Promise<void> => {
    for (let rows = 1; rows > 0 && !signal.aborted;) {
      rows = await deps.db.asTenant(lane.tenantId, (tx) => step(tx, lane, deps.clock.now()));
      deps.watch?.metrics.settled(lane.lane, what, rows);
    }
  };
  await until0(endOverdue, 'ended');
  await until0(replanStale, 'replanned');
}
