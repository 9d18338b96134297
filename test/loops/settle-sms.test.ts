import type { SettleSmsTurn } from '../../activities/messages/settle-unknown-sms.ts';
import { makeId, type TenantId } from '../../src/domain/ids.ts';
import { SETTLE_SMS_WORKFLOW } from '../../workflows/system/settle-sms/contract.ts';
import type { settleSms } from '../../workflows/system/settle-sms/workflow.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';

const FIRST = makeId('tnt', 1_780_000_000_000, new Uint8Array(10).fill(1));
let time: VirtualTime;
beforeAll(async () => {
  time = await openVirtualTime();
});
afterAll(() => time.close());

async function run(turn: (attempt: number) => SettleSmsTurn): Promise<{ outcome: unknown; asked: (TenantId | null)[] }> {
  const asked: (TenantId | null)[] = [];
  const settleUnknownSms = ({ after }: { after: TenantId | null }): Promise<SettleSmsTurn> => {
    asked.push(after);
    return new Promise((resolve) => { resolve(turn(asked.length)); });
  };
  const outcome = await time.withWorker({ settleUnknownSms }, (taskQueue) =>
    time.env.client.workflow.execute<typeof settleSms>(SETTLE_SMS_WORKFLOW, { taskQueue, workflowId: time.freshId('settle-sms'), args: [] }));
  return { outcome, asked };
}

test('the run goes on where a turn ended, until all tenants have been looked at', async () => {
  expect(await run((turn) => (turn === 1 ? { next: FIRST, asked: 3, settled: 1 } : { next: null, asked: 2, settled: 2 }))).toEqual({
    asked: [null, FIRST], outcome: { outcome: 'asked', asked: 5, settled: 3 },
  });
});

test('a turn that fails is tried again from the same tenant on', async () => {
  const { asked, outcome } = await run((attempt) => {
    if (attempt < 3) throw new Error('the database is away');
    return { next: null, asked: 1, settled: 0 };
  });
  expect([asked, outcome]).toEqual([[null, null, null], { outcome: 'asked', asked: 1, settled: 0 }]);
});
