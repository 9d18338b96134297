import type { SweepTurn } from '../../activities/referrals/sweep-due-rewards.ts';
import { makeId, type TenantId } from '../../src/domain/ids.ts';
import { SWEEP_REWARDS_WORKFLOW } from '../../workflows/system/sweep-rewards/contract.ts';
import type { sweepRewards } from '../../workflows/system/sweep-rewards/workflow.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';

const FIRST = makeId('tnt', 1_780_000_000_000, new Uint8Array(10).fill(1));
let time: VirtualTime;
beforeAll(async () => {
  time = await openVirtualTime();
});
afterAll(() => time.close());

async function run(turn: (attempt: number) => SweepTurn): Promise<{ outcome: unknown; asked: (TenantId | null)[] }> {
  const asked: (TenantId | null)[] = [];
  const sweepDueRewards = ({ after }: { after: TenantId | null }): Promise<SweepTurn> => {
    asked.push(after);
    return new Promise((resolve) => { resolve(turn(asked.length)); });
  };
  const outcome = await time.withWorker({ sweepDueRewards }, (taskQueue) =>
    time.env.client.workflow.execute<typeof sweepRewards>(SWEEP_REWARDS_WORKFLOW, { taskQueue, workflowId: time.freshId('sweep-rewards'), args: [] }));
  return { outcome, asked };
}

test('a first tenant with more than a turn is asked for again, before the next ones', async () => {
  const turns: SweepTurn[] = [
    { next: null, isOver: false, tenants: 1, released: 4_000, expired: 0, failed: 0 },
    { next: FIRST, isOver: false, tenants: 1, released: 100, expired: 2, failed: 0 },
    { next: FIRST, isOver: true, tenants: 0, released: 0, expired: 0, failed: 0 },
  ];
  const { outcome, asked } = await run((attempt) => turns[attempt - 1] ?? { next: null, isOver: true, tenants: 0, released: 0, expired: 0, failed: 0 });
  expect(asked).toEqual([null, null, FIRST]);
  expect(outcome).toEqual({ outcome: 'swept', tenants: 2, released: 4_100, expired: 2, failed: 0 });
});

test('a turn that fails is tried again from the same tenant on', async () => {
  const { outcome, asked } = await run((attempt) => {
    if (attempt < 3) throw new Error('the database is away');
    return { next: FIRST, isOver: true, tenants: 1, released: 1, expired: 0, failed: 0 };
  });
  expect(asked).toEqual([null, null, null]);
  expect(outcome).toMatchObject({ outcome: 'swept', released: 1 });
});
