import { asId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { readRun } from '../read/runs.ts';
import { recordDecision } from './decide.ts';
import { holdReward } from './rewards/hold-reward.ts';
import { voidReferral } from './rewards/void-referral.ts';
import { cancelRun, shortenRun, type Controlled, type ControlOrder } from './run-controls.ts';

/** `elsewhere`: a run of this loop is not steered that way, and what to do instead. */
export type Ordered = Controlled | { readonly elsewhere: string };
export type ShortenOrder = ControlOrder & { readonly capAt: number };
type LoopOrders = { shorten(tx: Tx, order: ShortenOrder): Promise<Ordered>; cancel(tx: Tx, order: ControlOrder): Promise<Ordered> };

/** What shortening and canceling mean where rows, not the run's deadlines, carry what is promised. Other loops: the run's own deadlines and end. */
const ORDERS: Readonly<Record<string, LoopOrders>> = {
  referral: {
    /** What it holds is held until then at the longest. */
    async shorten(tx, { tenantId, runId, capAt, reason, actor, now }) {
      const held = await tx.sql<{ id: string }[]>`
        select id from rewards where tenant_id = ${tenantId} and referral_id = ${runId} and state = 'held' and hold_until > ${capAt} order by id`;
      let shortened = 0;
      for (const { id } of held) {
        const done = await holdReward(tx, { tenantId, rewardId: asId('rew', id), hold: { until: capAt }, actor, now });
        if (done?.outcome === 'done') shortened += 1;
      }
      if (shortened === 0) return 'unchanged';
      await recordDecision(tx, { tenantId, subjectId: runId, kind: 'run_shortened', rule: 'What a shortened referral holds is held until then at the longest.', inputs: { capAt, reason, rewards: shortened }, actor, now });
      return 'done';
    },
    /** All that it earned is taken back, and the run ends. In the order of locks: the referral, its run, and the books last. */
    async cancel(tx, order) {
      const { tenantId, runId, reason, actor, now } = order;
      await tx.sql`select 1 from referrals where tenant_id = ${tenantId} and id = ${runId} for no key update`;
      const canceled = await cancelRun(tx, order);
      if (canceled === 'done') await voidReferral(tx, { tenantId, referralId: asId('ref', runId), reason, actor, now });
      return canceled;
    },
  },
  payout: {
    shorten: async () => ({ elsewhere: 'A payout has no deadline that could be shortened: what has left is looked for until it is found.' }),
    cancel: async () => ({ elsewhere: 'Cancel the payout itself: its run ends with it.' }),
  },
};

/** Shortens an open run, as its loop understands it. */
export async function orderShorter(tx: Tx, order: ShortenOrder): Promise<Ordered> {
  return orderOpen(tx, order, (loop) => loop?.shorten(tx, order) ?? shortenRun(tx, order));
}

/** Cancels an open run, as its loop understands it. */
export async function orderCanceled(tx: Tx, order: ControlOrder): Promise<Ordered> {
  return orderOpen(tx, order, (loop) => loop?.cancel(tx, order) ?? cancelRun(tx, order));
}

async function orderOpen(tx: Tx, { tenantId, runId }: ControlOrder, give: (loop: LoopOrders | undefined) => Promise<Ordered>): Promise<Ordered> {
  const run = await readRun(tx, tenantId, runId);
  if (run === null) return null;
  return run.closedAt === null ? give(ORDERS[run.loop]) : 'ended';
}
