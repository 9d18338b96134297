import type { ImportTurn } from '../../activities/imports/take-rows.ts';
import { makeId } from '../../src/domain/ids.ts';
import { IMPORT_WORKFLOW, importWorkflowId } from '../../workflows/system/import/contract.ts';
import type { importFile } from '../../workflows/system/import/workflow.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';

const INPUT = { tenantId: makeId('tnt', 1_780_000_000_000, new Uint8Array(10).fill(1)), importId: makeId('imp', 1_780_000_000_000, new Uint8Array(10).fill(2)) };
const SO_FAR: ImportTurn = { outcome: 'more', total: 5_000, accepted: 1_990, refused: 10, reason: null };

let time: VirtualTime;
beforeAll(async () => {
  time = await openVirtualTime();
});
afterAll(() => time.close());

/** Lives an import whose turns go so; answers how it ended and when, by the server's clock, each turn was asked for. */
async function live(turn: (asked: number) => ImportTurn): Promise<{ outcome: unknown; askedAt: number[]; inputs: unknown[] }> {
  const askedAt: number[] = [];
  const inputs: unknown[] = [];
  const takeImportRows = async (input: unknown): Promise<ImportTurn> => {
    askedAt.push(await time.env.currentTimeMs());
    inputs.push(input);
    return turn(askedAt.length);
  };
  const outcome = await time.withWorker({ takeImportRows }, (taskQueue) =>
    time.env.client.workflow.execute<typeof importFile>(IMPORT_WORKFLOW, { taskQueue, workflowId: time.freshId('import'), args: [INPUT] }));
  return { outcome, askedAt, inputs };
}

test('a run takes turns until the rows say that it is over, with ids alone', async () => {
  const { outcome, inputs } = await live((asked) => (asked < 4 ? SO_FAR : { ...SO_FAR, outcome: 'completed', accepted: 4_990 }));
  expect(outcome).toEqual({ outcome: 'completed', total: 5_000, accepted: 4_990, refused: 10 });
  expect(inputs).toEqual([INPUT, INPUT, INPUT, INPUT]);
});

test.each(['completed', 'failed', 'canceled', 'gone'] as const)('an import that is %s ends its run, which has not failed', async (end) => {
  expect(await live(() => ({ ...SO_FAR, outcome: end }))).toMatchObject({ outcome: { outcome: end }, inputs: [INPUT] });
});

test('a held import looks again, ever less often, and goes on when nothing holds it any more', async () => {
  const { outcome, askedAt } = await live((asked) => (asked < 9 ? { ...SO_FAR, outcome: 'held', reason: 'program_paused' } : { ...SO_FAR, outcome: 'completed' }));
  expect(outcome).toMatchObject({ outcome: 'completed' });
  const pauses = askedAt.slice(1).map((at, i) => at - (askedAt[i] ?? 0));
  expect(pauses.map((ms) => Math.floor(ms / 30_000))).toEqual([1, 2, 4, 8, 16, 20, 20, 20]);
});

test('a turn that fails is tried again: the rows know how far it came', async () => {
  const { outcome, inputs } = await live((asked) => {
    if (asked < 6) throw new Error('the database is away');
    return { ...SO_FAR, outcome: 'completed' };
  });
  expect(outcome).toMatchObject({ outcome: 'completed' });
  expect(inputs).toHaveLength(6);
});

test('an import has one run, ever: its id names tenant and import', () => {
  expect(importWorkflowId(INPUT)).toBe(`import/${INPUT.tenantId}/${INPUT.importId}`);
});
