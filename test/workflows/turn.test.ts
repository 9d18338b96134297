import { RUN_CONTROLS, type ToldFact } from '../../src/domain/run/fact.ts';
import { openRun } from '../../workflows/kit/open-run.ts';
import { rescueRun } from '../support/rescue-story.ts';
import { runStart } from '../support/runs.ts';

/** The workflow's surroundings, by hand: Temporal suggests to go on as a new workflow, and the row is still being written. */
let tell: (fact: ToldFact) => void = () => {};
let written: () => void = () => {};
const mockWorld = {
  wroteRow: new Promise<void>((resolve) => { written = resolve; }),
  heard: (handler: (fact: ToldFact) => void) => { tell = handler; },
  goesOn: (input: unknown): void => { carriedOn.push(input); },
};
const carriedOn: unknown[] = [];

jest.mock('@temporalio/workflow', () => ({
  ...jest.requireActual<object>('@temporalio/workflow'),
  proxyActivities: () => ({
    moveRun: async () => {
      await mockWorld.wroteRow;
      return { outcome: 'moved' };
    },
  }),
  CancellationScope: { nonCancellable: (work: () => unknown) => work(), current: () => ({ cancelRequested: new Promise(() => {}) }) },
  condition: async (holds: () => boolean) => { while (!holds()) await new Promise((resolve) => { setImmediate(resolve); }); },
  setHandler: (_signal: unknown, handler: (fact: ToldFact) => void) => { mockWorld.heard(handler); },
  allHandlersFinished: () => true,
  setCurrentDetails: () => {},
  upsertSearchAttributes: () => {},
  workflowInfo: () => ({ continueAsNewSuggested: true, typedSearchAttributes: { get: () => null } }),
  continueAsNew: async (input: unknown) => { mockWorld.goesOn(input); },
}));

test('a cancellation that comes while a long life is about to go on as a new workflow ends it: it would be known as heard, and never heeded', async () => {
  const run = openRun(rescueRun, runStart({ deadline: 0 }));
  run.stage('asked');
  const turned = run.turn();
  await new Promise((resolve) => { setImmediate(resolve); });
  tell({ id: 'cancel-1', kind: RUN_CONTROLS.cancel, data: {}, at: 1 });
  written();
  await expect(turned).rejects.toThrow('canceled');
  expect(carriedOn).toEqual([]);
});
