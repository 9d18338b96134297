import type { FindStreaksTurn, StreaksPlace } from '../../activities/streaks/find-streaks-at-risk.ts';
import { makeId, type TenantId } from '../../src/domain/ids.ts';
import { FIND_STREAKS_WORKFLOW } from '../../workflows/system/find-streaks-at-risk/contract.ts';
import type { findStreaks } from '../../workflows/system/find-streaks-at-risk/workflow.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';

const FIRST = makeId('tnt', 1_780_000_000_000, new Uint8Array(10).fill(1));
const MEMBER = makeId('mbr', 1_780_000_000_000, new Uint8Array(10).fill(2));
let time: VirtualTime;
beforeAll(async () => {
  time = await openVirtualTime();
});
afterAll(() => time.close());

test('a tenant with more than a turn goes on where its pages ended, and a turn that fails is asked for again', async () => {
  const asked: { after: TenantId | null; within: StreaksPlace | null }[] = [];
  const within: StreaksPlace = { tenantId: FIRST, after: { endsAt: 1_780_000_000_000, memberId: MEMBER, streak: 'practice' } };
  const turns: (FindStreaksTurn | 'fails')[] = [
    { next: null, within, isOver: false, tenants: 1, found: 1_000, offered: 400, failed: 0 },
    'fails',
    { next: FIRST, within: null, isOver: true, tenants: 2, found: 7, offered: 7, failed: 1 },
  ];
  const findStreaksAtRisk = async (input: { after: TenantId | null; within: StreaksPlace | null }): Promise<FindStreaksTurn> => {
    asked.push(input);
    const turn = turns[asked.length - 1];
    if (turn === undefined || turn === 'fails') throw new Error('the database is away');
    return turn;
  };
  const outcome = await time.withWorker({ findStreaksAtRisk }, (taskQueue) =>
    time.env.client.workflow.execute<typeof findStreaks>(FIND_STREAKS_WORKFLOW, { taskQueue, workflowId: time.freshId('find-streaks'), args: [] }));
  expect(asked).toEqual([{ after: null, within: null }, { after: null, within }, { after: null, within }]);
  expect(outcome).toEqual({ outcome: 'swept', tenants: 3, found: 1_007, offered: 407, failed: 1 });
});
