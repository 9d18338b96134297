import type { PeaksTurn } from '../../activities/peaks/learn-peaks.ts';
import { makeId, type TenantId } from '../../src/domain/ids.ts';
import { LEARN_PEAKS_WORKFLOW } from '../../workflows/system/learn-peaks/contract.ts';
import type { learnPeakTimes } from '../../workflows/system/learn-peaks/workflow.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';

const [FIRST, SECOND] = [1, 2].map((n) => makeId('tnt', 1_780_000_000_000, new Uint8Array(10).fill(n)));
let time: VirtualTime;
beforeAll(async () => {
  time = await openVirtualTime();
});
afterAll(() => time.close());

async function run(turn: (after: TenantId | null, attempt: number) => PeaksTurn): Promise<{ outcome: unknown; asked: (TenantId | null)[] }> {
  const asked: (TenantId | null)[] = [];
  const learnPeaks = ({ after }: { after: TenantId | null }): Promise<PeaksTurn> => {
    asked.push(after);
    return new Promise((resolve) => { resolve(turn(after, asked.length)); });
  };
  const outcome = await time.withWorker({ learnPeaks }, (taskQueue) =>
    time.env.client.workflow.execute<typeof learnPeakTimes>(LEARN_PEAKS_WORKFLOW, { taskQueue, workflowId: time.freshId('learn-peaks'), args: [] }));
  return { outcome, asked };
}

test('the weekly run goes on where each turn ended, until all tenants have been looked at', async () => {
  const turns = new Map<TenantId | null | undefined, PeaksTurn>([
    [null, { next: FIRST ?? null, tenants: 1, changed: 2, replanned: 1, failed: 0 }],
    [FIRST, { next: SECOND ?? null, tenants: 1, changed: 0, replanned: 0, failed: 0 }],
    [SECOND, { next: null, tenants: 3, changed: 1, replanned: 0, failed: 1 }],
  ]);
  const { outcome, asked } = await run((after) => {
    const turn = turns.get(after);
    if (turn === undefined) throw new Error('asked for what nobody named');
    return turn;
  });
  expect(asked).toEqual([null, FIRST, SECOND]);
  expect(outcome).toEqual({ outcome: 'learnt', tenants: 5, changed: 3, replanned: 1, failed: 1 });
});

test('a turn that fails is tried again from the same tenant on', async () => {
  const { outcome, asked } = await run((_after, attempt) => {
    if (attempt < 3) throw new Error('the database is away');
    return { next: null, tenants: 1, changed: 0, replanned: 0, failed: 0 };
  });
  expect(asked).toEqual([null, null, null]);
  expect(outcome).toMatchObject({ outcome: 'learnt', tenants: 1 });
});
