import type { History } from '@temporalio/common/lib/proto-utils';
import type { StreaksPlace } from '../../activities/streaks/find-streaks-at-risk.ts';
import type { SendDueReport } from '../../activities/messages/send-due.ts';
import { asId } from '../../src/domain/ids.ts';
import type { ImportTurn } from '../../activities/imports/take-rows.ts';
import { IMPORT_WORKFLOW } from '../../workflows/system/import/contract.ts';
import type { importFile } from '../../workflows/system/import/workflow.ts';
import { LEARN_PEAKS_WORKFLOW } from '../../workflows/system/learn-peaks/contract.ts';
import type { learnPeakTimes } from '../../workflows/system/learn-peaks/workflow.ts';
import { RETENTION_WORKFLOW } from '../../workflows/system/retention/contract.ts';
import type { retention } from '../../workflows/system/retention/workflow.ts';
import { SEAL_LEDGER_WORKFLOW } from '../../workflows/system/seal-ledger/contract.ts';
import type { sealLedger } from '../../workflows/system/seal-ledger/workflow.ts';
import { NUDGE_SIGNAL, SENDER_WORKFLOW } from '../../workflows/system/sender/contract.ts';
import type { SenderInput } from '../../workflows/system/sender/contract.ts';
import type { sender } from '../../workflows/system/sender/workflow.ts';
import { FIND_STREAKS_WORKFLOW } from '../../workflows/system/find-streaks-at-risk/contract.ts';
import type { findStreaks } from '../../workflows/system/find-streaks-at-risk/workflow.ts';
import { SETTLE_SMS_WORKFLOW } from '../../workflows/system/settle-sms/contract.ts';
import type { settleSms } from '../../workflows/system/settle-sms/workflow.ts';
import { SWEEP_PUSHES_WORKFLOW } from '../../workflows/system/sweep-pushes/contract.ts';
import type { sweepPushes } from '../../workflows/system/sweep-pushes/workflow.ts';
import { SWEEP_REWARDS_WORKFLOW } from '../../workflows/system/sweep-rewards/contract.ts';
import type { sweepRewards } from '../../workflows/system/sweep-rewards/workflow.ts';
import type { VirtualTime } from '../support/loops.ts';
import { PAYOUT_SCENARIOS } from './payout-scenarios.ts';
import { REFERRAL_SCENARIOS } from './referral-scenarios.ts';
import { REPORT_SCENARIOS } from './report-scenarios.ts';
import { WEBHOOK_SCENARIOS } from './webhook-scenarios.ts';

/** Lives worth keeping: name -> how to live it. The file of a recorded one begins with its workflow's name. */
export const SCENARIOS: Readonly<Record<string, (time: VirtualTime) => Promise<History>>> = {
  ...PAYOUT_SCENARIOS,
  ...REFERRAL_SCENARIOS,
  ...WEBHOOK_SCENARIOS,
  ...REPORT_SCENARIOS,
  /** Sends at once, sleeps until the next is due, hears a nudge while it works, ends after an idle day. */
  'sender-whole-life': (time) => {
    const nothing: SendDueReport = { handedOff: 0, refused: 0, unknown: 0, nextInMs: null, openBatches: 0, heldBatches: 0, heldBy: null };
    return liveAsSender(time, [
      { ...nothing, handedOff: 3, refused: 1, nextInMs: 0, openBatches: 1 },
      { ...nothing, unknown: 1, nextInMs: 7_200_000, openBatches: 1 },
      'nudged',
      { ...nothing, openBatches: 1, heldBatches: 1, heldBy: 'hard_stop' },
      nothing,
    ]);
  },
  /** Asleep on its timer, as most of them are at the time of a deployment: a life that goes on. */
  'sender-asleep': async (time) => {
    const workflowId = time.freshId(SENDER_WORKFLOW);
    const handle = time.env.client.workflow.getHandle(workflowId);
    const report: SendDueReport = { handedOff: 2, refused: 0, unknown: 0, nextInMs: 7_200_000, openBatches: 1, heldBatches: 0, heldBy: null };
    const history = await time.withWorker({ sendDue: async () => report }, async (taskQueue) => {
      await time.env.client.workflow.start<typeof sender>(SENDER_WORKFLOW, { taskQueue, workflowId, args: [SENDER_INPUT] });
      for (;;) {
        const soFar = await handle.fetchHistory();
        if (soFar.events?.some((event) => event.timerStartedEventAttributes != null) === true) return soFar;
        await new Promise((wake) => { setTimeout(wake, 20); });
      }
    });
    await handle.terminate();
    return history;
  },
  /** A day with something to remove in every step, one of which takes two turns. */
  'retention-whole-day': async (time) => {
    const workflowId = time.freshId(RETENTION_WORKFLOW);
    let turns = 0;
    await time.withWorker({
      makePartitions: async () => ({ made: 3 }),
      beginRetention: async () => ({ outcome: 'begun', day: '2026-11-21' }),
      forgetNetworkData: async () => { turns += 1; return { outcome: turns === 1 ? 'more' : 'done', count: 2_000 }; },
      dropMonths: async () => ({ outcome: 'done', count: 1 }),
      removeRows: async () => ({ outcome: 'done', count: 70 }),
      finishRetention: async () => ({ outcome: 'finished', rowsRemoved: 570, partitionsDropped: 2, networkDataRemoved: 4_000, inDefault: 0 }),
    }, (taskQueue) => time.env.client.workflow.execute<typeof retention>(RETENTION_WORKFLOW, { taskQueue, workflowId, args: [] }));
    return time.env.client.workflow.getHandle(workflowId).fetchHistory();
  },
  /** A file that takes three turns and waits for its program once. */
  'import-whole-file': async (time) => {
    const workflowId = time.freshId(IMPORT_WORKFLOW);
    const soFar: ImportTurn = { outcome: 'more', total: 9_000, accepted: 4_000, refused: 3, reason: null };
    const turns: ImportTurn[] = [soFar, { ...soFar, outcome: 'held', reason: 'program_paused' }, { ...soFar, outcome: 'completed', accepted: 8_990, refused: 10 }];
    await time.withWorker({ takeImportRows: async () => turns.shift() ?? soFar }, (taskQueue) =>
      time.env.client.workflow.execute<typeof importFile>(IMPORT_WORKFLOW, { taskQueue, workflowId, args: [{ tenantId: 'tnt_01ksr49200081040g2081040g2', importId: 'imp_01ksr49200081040g2081040g2' }] }));
    return time.env.client.workflow.getHandle(workflowId).fetchHistory();
  },
  /** A week's look at two turns of tenants. */
  'learn-peaks-whole-run': async (time) => {
    const workflowId = time.freshId(LEARN_PEAKS_WORKFLOW);
    const first = asId('tnt', 'tnt_01ksr49200081040g2081040g2');
    await time.withWorker({
      learnPeaks: async ({ after }) => (after === null
        ? { next: first, tenants: 40, changed: 2, replanned: 1, failed: 0 }
        : { next: null, tenants: 12, changed: 0, replanned: 0, failed: 1 }),
    }, (taskQueue) => time.env.client.workflow.execute<typeof learnPeakTimes>(LEARN_PEAKS_WORKFLOW, { taskQueue, workflowId, args: [] }));
    return time.env.client.workflow.getHandle(workflowId).fetchHistory();
  },
  /** Two turns of tenants, one of whose books could not be sealed. */
  'seal-ledger-whole-run': async (time) => {
    const workflowId = time.freshId(SEAL_LEDGER_WORKFLOW);
    const first = asId('tnt', 'tnt_01ksr49200081040g2081040g2');
    await time.withWorker({
      sealLedgers: async ({ after }) => (after === null
        ? { next: first, tenants: 40, blocks: 52, transfers: 12_345, failed: 1 }
        : { next: null, tenants: 2, blocks: 2, transfers: 7, failed: 0 }),
    }, (taskQueue) => time.env.client.workflow.execute<typeof sealLedger>(SEAL_LEDGER_WORKFLOW, { taskQueue, workflowId, args: [] }));
    return time.env.client.workflow.getHandle(workflowId).fetchHistory();
  },
  /** Two turns, in the second of which the vendor knows one of three. */
  'settle-sms-whole-run': async (time) => {
    const workflowId = time.freshId(SETTLE_SMS_WORKFLOW);
    const first = asId('tnt', 'tnt_01ksr49200081040g2081040g2');
    await time.withWorker({
      settleUnknownSms: async ({ after }) => (after === null ? { next: first, asked: 40, settled: 38 } : { next: null, asked: 3, settled: 1 }),
    }, (taskQueue) => time.env.client.workflow.execute<typeof settleSms>(SETTLE_SMS_WORKFLOW, { taskQueue, workflowId, args: [] }));
    return time.env.client.workflow.getHandle(workflowId).fetchHistory();
  },
  /** Two turns; after the first the tenant at hand has more. */
  'sweep-rewards-whole-run': async (time) => {
    const workflowId = time.freshId(SWEEP_REWARDS_WORKFLOW);
    let turns = 0;
    await time.withWorker({
      sweepDueRewards: async () => {
        turns += 1;
        return turns === 1
          ? { next: null, isOver: false, tenants: 1, released: 4_000, expired: 0, failed: 0 }
          : { next: asId('tnt', 'tnt_01ksr49200081040g2081040g2'), isOver: true, tenants: 2, released: 12, expired: 3, failed: 1 };
      },
    }, (taskQueue) => time.env.client.workflow.execute<typeof sweepRewards>(SWEEP_REWARDS_WORKFLOW, { taskQueue, workflowId, args: [] }));
    return time.env.client.workflow.getHandle(workflowId).fetchHistory();
  },
  /** Two turns; after the first the tenant at hand has more. */
  'sweep-pushes-whole-run': async (time) => {
    const workflowId = time.freshId(SWEEP_PUSHES_WORKFLOW);
    let turns = 0;
    await time.withWorker({
      sweepDuePushes: async () => {
        turns += 1;
        return turns === 1
          ? { next: null, isOver: false, tenants: 1, pushed: 4_000, failed: 0 }
          : { next: asId('tnt', 'tnt_01ksr49200081040g2081040g2'), isOver: true, tenants: 2, pushed: 12, failed: 1 };
      },
    }, (taskQueue) => time.env.client.workflow.execute<typeof sweepPushes>(SWEEP_PUSHES_WORKFLOW, { taskQueue, workflowId, args: [] }));
    return time.env.client.workflow.getHandle(workflowId).fetchHistory();
  },
  /** Two turns; the first ends between two pages of a tenant. */
  'find-streaks-at-risk-whole-run': async (time) => {
    const workflowId = time.freshId(FIND_STREAKS_WORKFLOW);
    const tenantId = asId('tnt', 'tnt_01ksr49200081040g2081040g2');
    const after: StreaksPlace['after'] = { endsAt: 1_780_000_000_000, memberId: asId('mbr', 'mbr_01ksr49200081040g2081040g2'), streak: 'practice' };
    let turns = 0;
    await time.withWorker({
      findStreaksAtRisk: async () => {
        turns += 1;
        return turns === 1
          ? { next: null, within: { tenantId, after }, isOver: false, tenants: 1, found: 4_000, offered: 3_000, failed: 0 }
          : { next: tenantId, within: null, isOver: true, tenants: 2, found: 12, offered: 12, failed: 1 };
      },
    }, (taskQueue) => time.env.client.workflow.execute<typeof findStreaks>(FIND_STREAKS_WORKFLOW, { taskQueue, workflowId, args: [] }));
    return time.env.client.workflow.getHandle(workflowId).fetchHistory();
  },
};

const SENDER_INPUT: SenderInput = { tenantId: 'tnt_01ksr49200081040g2081040g2', lane: 'email-0', channel: 'email' };

async function liveAsSender(time: VirtualTime, turns: readonly (SendDueReport | 'nudged')[]): Promise<History> {
  const workflowId = time.freshId(SENDER_WORKFLOW);
  const handle = time.env.client.workflow.getHandle(workflowId);
  const last = turns.findLast((turn) => turn !== 'nudged');
  if (last === undefined) throw new Error('a life takes a turn');
  const left = [...turns];
  const sendDue = async (): Promise<SendDueReport> => {
    const turn = left.shift() ?? last;
    if (turn !== 'nudged') return turn;
    await handle.signal(NUDGE_SIGNAL);
    return last;
  };
  await time.withWorker({ sendDue }, (taskQueue) =>
    time.env.client.workflow.execute<typeof sender>(SENDER_WORKFLOW, { taskQueue, workflowId, args: [SENDER_INPUT] }));
  return handle.fetchHistory();
}
