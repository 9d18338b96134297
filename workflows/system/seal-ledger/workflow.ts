import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../../activities/create-activities.ts';
import { sumTurns } from '../../kit/sum-turns.ts';

const { sealLedgers } = proxyActivities<Activities>({
  // A turn is 20 s of blocks, and beats before each.
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '1 minute',
  summary: 'hashes what was booked into blocks, tenant after tenant',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

type Turn = Awaited<ReturnType<typeof sealLedgers>>;
/** Where a run that was long goes on. */
export type SealLedgerInput = { soFar: Turn };
export type SealLedgerOutcome = { outcome: 'sealed'; tenants: number; blocks: number; transfers: number; failed: number };

const NOTHING_YET: Turn = { next: null, tenants: 0, blocks: 0, transfers: 0, failed: 0 };

/** The run of every minute that seals each tenant's booked transfers into the chain of its ledger. */
export async function sealLedger(input: SealLedgerInput = { soFar: NOTHING_YET }): Promise<SealLedgerOutcome> {
  const { tenants, blocks, transfers, failed } = await sumTurns({
    soFar: input.soFar,
    take: (sum) => sealLedgers({ after: sum.next }),
    isOver: ({ next }) => next === null,
    say: (sum) => `**${String(sum.transfers)} transfers** of ${String(sum.tenants)} tenants sealed in ${String(sum.blocks)} blocks, ${String(sum.failed)} ledgers failed (see the worker's log).`,
    goOn: (soFar) => continueAsNew<typeof sealLedger>({ soFar }),
  });
  return { outcome: 'sealed', tenants, blocks, transfers, failed };
}
