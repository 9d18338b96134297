import type { SweepPushesTurn } from '../../activities/feed/sweep-due-pushes.ts';
import { makeId, type TenantId } from '../../src/domain/ids.ts';
import { SWEEP_PUSHES_WORKFLOW } from '../../workflows/system/sweep-pushes/contract.ts';
import type { sweepPushes } from '../../workflows/system/sweep-pushes/workflow.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';

const FIRST = makeId('tnt', 1_780_000_000_000, new Uint8Array(10).fill(1));
let time: VirtualTime;
beforeAll(async () => {
  time = await openVirtualTime();
});
afterAll(() => time.close());

test('a tenant with more than a turn is asked for again, and a turn that fails goes on from the same tenant', async () => {
  const asked: (TenantId | null)[] = [];
  const turns: (SweepPushesTurn | 'fails')[] = [
    { next: FIRST, isOver: false, tenants: 1, pushed: 4_000, failed: 0 },
    'fails',
    { next: FIRST, isOver: true, tenants: 2, pushed: 7, failed: 1 },
  ];
  const sweepDuePushes = async ({ after }: { after: TenantId | null }): Promise<SweepPushesTurn> => {
    asked.push(after);
    const turn = turns[asked.length - 1];
    if (turn === undefined || turn === 'fails') throw new Error('the database is away');
    return turn;
  };
  const outcome = await time.withWorker({ sweepDuePushes }, (taskQueue) =>
    time.env.client.workflow.execute<typeof sweepPushes>(SWEEP_PUSHES_WORKFLOW, { taskQueue, workflowId: time.freshId('sweep-pushes'), args: [] }));
  expect(asked).toEqual([null, FIRST, FIRST]);
  expect(outcome).toEqual({ outcome: 'swept', tenants: 3, pushed: 4_007, failed: 1 });
});
