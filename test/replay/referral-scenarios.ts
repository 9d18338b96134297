import type { History } from '@temporalio/common/lib/proto-utils';
import type { ReferralLook } from '../../src/domain/referral/look.ts';
import { RUN_CONTROLS, type ToldFact } from '../../src/domain/run/fact.ts';
import { TELL_SIGNAL } from '../../workflows/kit/contract.ts';
import type { VirtualTime } from '../support/loops.ts';
import { runStandIn, runStart } from '../support/runs.ts';

const DAY_MS = 86_400_000;

/** One look of a life: what it answers, and what the run is told while it is under way. `inDays`: from then. */
type Turn = { readonly stage: 'activated' | 'holding' | 'paused'; readonly inDays: number | null; readonly told?: readonly string[] } | { readonly over: 'rewarded' | 'voided' };

/** Lives of a referral worth keeping. */
export const REFERRAL_SCENARIOS: Readonly<Record<string, (time: VirtualTime) => Promise<History>>> = {
  /** First value, then a payment, which is held for 30 days and released. */
  'referral-held-then-released': (time) => liveAsReferral(time, [{ stage: 'activated', inDays: null, told: ['paid'] }, { stage: 'holding', inDays: 30 }, { over: 'rewarded' }]),
  /** A dispute pauses what is held; it is lost, and all is taken back. */
  'referral-voided': (time) => liveAsReferral(time, [{ stage: 'holding', inDays: 30, told: ['disputed'] }, { stage: 'paused', inDays: null, told: ['lost'] }, { over: 'voided' }]),
  /** An operator paused it, and canceled it then. */
  'referral-canceled': (time) => liveAsReferral(time, [{ stage: 'holding', inDays: 30, told: [RUN_CONTROLS.pause, RUN_CONTROLS.cancel] }]),
  /** The hold was made shorter: it is told, looks, and sleeps until the new instant. */
  'referral-shortened': (time) => liveAsReferral(time, [{ stage: 'holding', inDays: 30, told: ['hold changed'] }, { stage: 'holding', inDays: 2 }, { over: 'rewarded' }]),
  /** It began again: recalls what it was told, and pause and resume among that. */
  'referral-second-life': (time) => liveAsReferral(time, [{ stage: 'holding', inDays: 3 }, { over: 'rewarded' }], { generation: 2, before: ['paid', RUN_CONTROLS.pause, RUN_CONTROLS.resume] }),
};

async function liveAsReferral(time: VirtualTime, turns: readonly Turn[], { generation = 1, before = [] }: { generation?: number; before?: readonly string[] } = {}): Promise<History> {
  const workflowId = time.freshId('referral');
  const handle = time.env.client.workflow.getHandle(workflowId);
  const row = runStandIn();
  row.told.push(...before.map((word, i) => factOf(word, i + 1)));
  const left = [...turns];
  const settleReferral = async (): Promise<ReferralLook> => {
    const turn = left.shift() ?? turns.at(-1);
    if (turn === undefined) throw new Error('a life takes a look');
    if ('over' in turn) return { kind: 'over', outcome: turn.over };
    const now = await time.env.currentTimeMs();
    for (const word of turn.told ?? []) await handle.signal<[ToldFact]>(TELL_SIGNAL, factOf(word, now));
    return { kind: 'goes_on', stage: turn.stage, nextAt: turn.inDays === null ? null : now + turn.inDays * DAY_MS };
  };
  await time.withWorker({ ...row.activities, settleReferral }, (taskQueue) =>
    time.env.client.workflow.execute('referral', { taskQueue, workflowId, args: [runStart({}, generation)] }));
  return handle.fetchHistory();
}

/** A word for a run: an operator's, or the id of something that changed. */
function factOf(word: string, at: number): ToldFact {
  return { id: word, kind: word.startsWith('#') ? word : 'changed', data: {}, at };
}
