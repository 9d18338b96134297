import type { SealTurn } from '../../activities/ledger/seal-ledgers.ts';
import { makeId, type TenantId } from '../../src/domain/ids.ts';
import { SEAL_LEDGER_WORKFLOW } from '../../workflows/system/seal-ledger/contract.ts';
import type { sealLedger } from '../../workflows/system/seal-ledger/workflow.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';

const FIRST = makeId('tnt', 1_780_000_000_000, new Uint8Array(10).fill(1));
let time: VirtualTime;
beforeAll(async () => {
  time = await openVirtualTime();
});
afterAll(() => time.close());

async function run(turn: (attempt: number) => SealTurn): Promise<{ outcome: unknown; asked: (TenantId | null)[] }> {
  const asked: (TenantId | null)[] = [];
  const sealLedgers = ({ after }: { after: TenantId | null }): Promise<SealTurn> => {
    asked.push(after);
    return new Promise((resolve) => { resolve(turn(asked.length)); });
  };
  const outcome = await time.withWorker({ sealLedgers }, (taskQueue) =>
    time.env.client.workflow.execute<typeof sealLedger>(SEAL_LEDGER_WORKFLOW, { taskQueue, workflowId: time.freshId('seal-ledger'), args: [] }));
  return { outcome, asked };
}

test('the run goes on where a turn ended, until every ledger has been looked at', async () => {
  const turns: SealTurn[] = [{ next: FIRST, tenants: 3, blocks: 4, transfers: 3_100, failed: 1 }, { next: null, tenants: 1, blocks: 1, transfers: 5, failed: 0 }];
  expect(await run((attempt) => turns[attempt - 1] ?? { next: null, tenants: 0, blocks: 0, transfers: 0, failed: 0 })).toEqual({
    asked: [null, FIRST], outcome: { outcome: 'sealed', tenants: 4, blocks: 5, transfers: 3_105, failed: 1 },
  });
});

test('a turn that fails is tried again from the same tenant on', async () => {
  const { asked, outcome } = await run((attempt) => {
    if (attempt < 3) throw new Error('the database is away');
    return { next: null, tenants: 1, blocks: 1, transfers: 9, failed: 0 };
  });
  expect([asked, outcome]).toEqual([[null, null, null], { outcome: 'sealed', tenants: 1, blocks: 1, transfers: 9, failed: 0 }]);
});
