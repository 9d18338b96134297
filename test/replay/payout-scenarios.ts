import type { History } from '@temporalio/common/lib/proto-utils';
import { makeId } from '../../src/domain/ids.ts';
import type { PayoutLook } from '../../src/domain/payout/look.ts';
import type { ToldFact } from '../../src/domain/run/fact.ts';
import { TELL_SIGNAL } from '../../workflows/kit/contract.ts';
import type { VirtualTime } from '../support/loops.ts';
import { RUN_TENANT, runStandIn } from '../support/runs.ts';

const MINUTE_MS = 60_000;
const PAYOUT = makeId('pyt', 1_780_000_000_000, new Uint8Array(10).fill(4));

/** One look: where the payout stands then, and what the run is told while it is under way. `inMinutes`: when to look again, from then. */
type Turn =
  | { readonly stage: 'approved' | 'unknown' | 'sent'; readonly next: 'hand_over' | 'reconcile'; readonly inMinutes: number | null; readonly told?: string }
  | { readonly over: 'completed' | 'failed' | 'canceled' };

/** Lives of a payout worth keeping. */
export const PAYOUT_SCENARIOS: Readonly<Record<string, (time: VirtualTime) => Promise<History>>> = {
  /** The rail says "later", then loses its answer; it is found by its list. */
  'payout-unknown-then-found': (time) => liveAsPayout(time, [
    { stage: 'approved', next: 'hand_over', inMinutes: 1 }, { stage: 'unknown', next: 'reconcile', inMinutes: 15 }, { stage: 'sent', next: 'reconcile', inMinutes: 60 }, { over: 'completed' },
  ]),
  /** Told to the tenant's own system, which did not answer; told again, and confirmed. */
  'payout-told-again-then-confirmed': (time) => liveAsPayout(time, [
    { stage: 'unknown', next: 'reconcile', inMinutes: null, told: 'resend' }, { stage: 'sent', next: 'reconcile', inMinutes: null, told: 'payout_moved' }, { over: 'completed' },
  ]),
  /** Refused at once. */
  'payout-refused': (time) => liveAsPayout(time, [{ over: 'failed' }]),
};

async function liveAsPayout(time: VirtualTime, turns: readonly Turn[]): Promise<History> {
  const workflowId = time.freshId('payout');
  const handle = time.env.client.workflow.getHandle(workflowId);
  const left = [...turns];
  const look = async (): Promise<PayoutLook> => {
    const turn = left.shift() ?? turns.at(-1);
    if (turn === undefined) throw new Error('a life takes a look');
    if ('over' in turn) return { kind: 'over', outcome: turn.over };
    const now = await time.env.currentTimeMs();
    if (turn.told !== undefined) await handle.signal<[ToldFact]>(TELL_SIGNAL, { id: `${turn.told}-${String(left.length)}`, kind: turn.told, data: {}, at: now });
    return { kind: 'goes_on', stage: turn.stage, next: turn.next, nextAt: turn.inMinutes === null ? null : now + turn.inMinutes * MINUTE_MS };
  };
  await time.withWorker({ ...runStandIn().activities, handOverPayout: look, reconcilePayout: look }, (taskQueue) =>
    time.env.client.workflow.execute('payout', { taskQueue, workflowId, args: [{ tenantId: RUN_TENANT, runId: PAYOUT, generation: 1, input: {} }] }));
  return handle.fetchHistory();
}
