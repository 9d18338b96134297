import type { Activities } from '../../activities/create-activities.ts';
import { MONTHS_AHEAD, RETENTION_WORKFLOW } from '../../workflows/system/retention/contract.ts';
import type { retention } from '../../workflows/system/retention/workflow.ts';
import { openVirtualTime } from '../support/loops.ts';
import type { VirtualTime } from '../support/loops.ts';

let time: VirtualTime;
beforeAll(async () => {
  time = await openVirtualTime();
});
afterAll(() => time.close());

type Steps = Pick<Activities, 'makePartitions' | 'beginRetention' | 'forgetNetworkData' | 'dropMonths' | 'removeRows' | 'finishRetention'>;

/** Runs a day against these steps, each of which does nothing unless told otherwise. Answers the outcome and the steps taken. */
async function run(changed: Partial<Steps> = {}): Promise<{ outcome: unknown; taken: string[] }> {
  const taken: string[] = [];
  const steps: Steps = {
    makePartitions: async () => ({ made: 0 }),
    beginRetention: async () => ({ outcome: 'begun', day: '2026-11-21' }),
    forgetNetworkData: async () => ({ outcome: 'done', count: 0 }),
    dropMonths: async () => ({ outcome: 'done', count: 0 }),
    removeRows: async () => ({ outcome: 'done', count: 0 }),
    finishRetention: async () => ({ outcome: 'finished', rowsRemoved: 3, partitionsDropped: 1, networkDataRemoved: 2, inDefault: 0 }),
    ...changed,
  };
  const note = (name: string, input: unknown): void => { taken.push(input === undefined ? name : `${name} ${JSON.stringify(input)}`); };
  const noted: Steps = {
    makePartitions: (input) => { note('makePartitions', input); return steps.makePartitions(input); },
    beginRetention: () => { note('beginRetention', undefined); return steps.beginRetention(); },
    forgetNetworkData: (input) => { note('forgetNetworkData', input); return steps.forgetNetworkData(input); },
    dropMonths: (input) => { note('dropMonths', input); return steps.dropMonths(input); },
    removeRows: (input) => { note('removeRows', input); return steps.removeRows(input); },
    finishRetention: (input) => { note('finishRetention', input); return steps.finishRetention(input); },
  };
  const outcome = await time.withWorker(noted, (taskQueue) =>
    time.env.client.workflow.execute<typeof retention>(RETENTION_WORKFLOW, { taskQueue, workflowId: time.freshId('retention'), args: [] }));
  return { outcome, taken };
}

const OF_THE_DAY = ' {"day":"2026-11-21"}';
const BEGINNING = [`makePartitions {"monthsAhead":${String(MONTHS_AHEAD)}}`, 'beginRetention'];

test('a day makes months ahead, forgets, drops, deletes and reports, in this order and under one day', async () => {
  const { outcome, taken } = await run();
  expect(outcome).toEqual({ outcome: 'finished', day: '2026-11-21', rowsRemoved: 3, partitionsDropped: 1, networkDataRemoved: 2 });
  expect(taken).toEqual([...BEGINNING, ...['forgetNetworkData', 'dropMonths', 'removeRows', 'finishRetention'].map((step) => `${step}${OF_THE_DAY}`)]);
});

test('a second run on a day does nothing, but months are made all the same', async () => {
  const { outcome, taken } = await run({ beginRetention: async () => ({ outcome: 'done_before', day: '2026-11-21' }) });
  expect([outcome, taken]).toEqual([{ outcome: 'done_before', day: '2026-11-21' }, BEGINNING]);
});

test('with more left than one turn can take, turns follow each other until nothing is', async () => {
  let left = 3;
  const { taken } = await run({ removeRows: async () => { left -= 1; return { outcome: left > 0 ? 'more' : 'done', count: 2_000 }; } });
  expect(taken.filter((step) => step.startsWith('removeRows'))).toHaveLength(3);
});

test.each(['beginRetention', 'forgetNetworkData', 'dropMonths', 'removeRows', 'finishRetention'] as const)('a clock that is not believed at %s ends the run there, as an outcome', async (step) => {
  const refused = async () => ({ outcome: 'clock_refused' as const, count: 0 });
  const { outcome, taken } = await run({ [step]: refused });
  expect(outcome).toMatchObject({ outcome: 'clock_refused' });
  expect(taken.at(-1)).toMatch(new RegExp(`^${step}`));
});

test('a step that fails is tried again until it succeeds', async () => {
  let tries = 0;
  const { outcome } = await run({ dropMonths: async () => {
    tries += 1;
    if (tries < 8) throw new Error('the database is away');
    return { outcome: 'done', count: 0 };
  } });
  expect([outcome, tries]).toEqual([expect.objectContaining({ outcome: 'finished' }), 8]);
});
