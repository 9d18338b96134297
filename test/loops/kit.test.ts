import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { RUN_CONTROLS, type FactScalar, type ToldFact } from '../../src/domain/run/fact.ts';
import { runWorkflowId, runWorkflowType, TELL_SIGNAL, type Carried } from '../../workflows/kit/contract.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';
import { runStandIn, runStart, type RunStandIn } from '../support/runs.ts';
import { useWorkflowBundle } from '../support/workflow-bundle.ts';

const MINUTE_MS = 60_000;
const dir = mkdtempSync(join(tmpdir(), 'flywheel-kit-'));
let time: VirtualTime;
beforeAll(async () => {
  const { code } = await bundleWorkflowCode({ workflowsPath: join(__dirname, '../support/rescue-story.ts'), logger: new DefaultLogger('ERROR') });
  writeFileSync(join(dir, 'kit.cjs'), code);
  useWorkflowBundle(join(dir, 'kit.cjs'));
  time = await openVirtualTime();
}, 60_000);
afterAll(async () => {
  await time.close();
  rmSync(dir, { recursive: true, force: true });
});

type Life = RunStandIn & {
  readonly startedAt: number;
  tell(kind: string, more?: { id?: string; at?: number; data?: Readonly<Record<string, FactScalar>> }): Promise<void>;
  /** Into Postgres alone, as long as the outbox holds it. */
  keep(kind: string, at: number): void;
};

/** Lives a rescue of two hours; how it ended, whether the shield was given, and after how many minutes. */
async function live(meanwhile: (life: Life) => Promise<void>, carried?: Carried) {
  const row = runStandIn();
  const startedAt = await time.env.currentTimeMs();
  const workflowId = time.freshId('rescue');
  const handle = time.env.client.workflow.getHandle(workflowId);
  let told = 0;
  const life: Life = {
    ...row, startedAt,
    async tell(kind, { id = `f${String((told += 1))}`, at, data = joined } = {}) {
      await handle.signal<[ToldFact]>(TELL_SIGNAL, { id, kind, data, at: at ?? (await time.env.currentTimeMs()) });
    },
    keep: (kind, at) => { row.told.push({ id: `kept ${kind}`, kind, data: joined, at }); },
  };
  const shields: string[] = [];
  let endedAt = startedAt;
  const activities = {
    ...row.activities,
    shield: async ({ memberId }: { memberId: string }): Promise<void> => { shields.push(memberId); },
    closeRun: async (input: Parameters<typeof row.activities.closeRun>[0]) => {
      endedAt = await time.env.currentTimeMs();
      return row.activities.closeRun(input);
    },
  };
  const end: unknown = await time.withWorker(activities, async (taskQueue) => {
    const start = { ...runStart({ deadline: startedAt + 120 * MINUTE_MS }), ...(carried === undefined ? {} : { carried }) };
    await time.env.client.workflow.start('rescue', { taskQueue, workflowId, args: [start] });
    await meanwhile(life);
    const ended: unknown = await handle.result();
    return ended;
  });
  return { end, shields, row, minutes: Math.round((endedAt - startedAt) / MINUTE_MS) };
}

const joined = { buddyMemberId: 'mbr_buddy', streakDays: 12 };
const RESCUED = { outcome: 'rescued', reason: 'for 12 days' };
const sleep = (minutes: number): Promise<void> => time.env.sleep(minutes * MINUTE_MS);

test('a story ends by its facts, which carry typed data, and its row says each stage with its deadline', async () => {
  const { end, shields, row, minutes } = await live(async ({ tell }) => {
    await sleep(10);
    await tell('buddy_joined');
    await sleep(20);
    await tell('member_finished');
    await sleep(5);
    await tell('buddy_finished');
  });
  expect([end, shields, minutes]).toEqual([RESCUED, ['mbr_buddy'], 35]);
  const dueAt = expect.any(Number);
  expect(row.moves).toEqual([{ generation: 1, stage: 'asked', dueAt }, { generation: 1, stage: 'co_practice', dueAt }]);
});

test('facts that come early are kept until the story asks for them', async () => {
  const { end } = await live(async ({ tell }) => {
    await tell('buddy_finished');
    await tell('member_finished');
    await tell('buddy_joined');
  });
  expect(end).toEqual(RESCUED);
});

test('a deadline that nothing came before ends the wait, exactly then', async () => {
  expect(await live(async () => {})).toMatchObject({ end: { outcome: 'expired' }, minutes: 120 });
});

test('of all the facts that are waited for together none is taken when one is missing', async () => {
  const { end } = await live(async ({ tell }) => {
    await tell('buddy_joined');
    await tell('member_finished');
  });
  expect(end).toMatchObject({ outcome: 'unfinished' });
});

test('a fact counts by its own time: what happened before the deadline and stands only in Postgres counts, what happened at it does not', async () => {
  const before = await live(async ({ keep, startedAt }) => { keep('buddy_declined', startedAt + 120 * MINUTE_MS - 1); });
  expect(before).toMatchObject({ end: { outcome: 'declined' }, minutes: 120 });
  const at = await live(async ({ keep, startedAt }) => { keep('buddy_declined', startedAt + 120 * MINUTE_MS); });
  expect(at).toMatchObject({ end: { outcome: 'expired' }, minutes: 120 });
});

test('a fact without the fields that its definition names is none', async () => {
  const { end } = await live(async ({ tell }) => {
    await tell('buddy_joined', { data: { buddyMemberId: 7, streakDays: 12 } });
    await tell('buddy_joined', { data: {} });
  });
  expect(end).toMatchObject({ outcome: 'expired' });
});

test('a shortened run waits no longer than that, in this wait and in every later one; a longer cap changes nothing', async () => {
  const { end, minutes } = await live(async ({ tell, startedAt }) => {
    await tell(RUN_CONTROLS.shorten, { data: { capAt: startedAt + 60 * MINUTE_MS } });
    await tell(RUN_CONTROLS.shorten, { data: { capAt: startedAt + 90 * MINUTE_MS } });
    await tell('buddy_joined');
  });
  expect([end, minutes]).toMatchObject([{ outcome: 'unfinished' }, 60]);
});

test('a pause holds the effect, never the deadline', async () => {
  const late = await live(async ({ tell }) => { await tell(RUN_CONTROLS.pause, { data: {} }); });
  expect(late).toMatchObject({ end: { outcome: 'expired' }, minutes: 120 });
  const held = await live(async ({ tell }) => {
    await tell(RUN_CONTROLS.pause, { data: {} });
    for (const kind of ['buddy_joined', 'member_finished', 'buddy_finished']) await tell(kind);
    await sleep(300);
    await tell(RUN_CONTROLS.resume, { data: {} });
  });
  expect(held).toMatchObject({ end: RESCUED, minutes: 300, shields: ['mbr_buddy'] });
});

test('a canceled run ends by that name wherever its story is, without an effect', async () => {
  const { end, shields } = await live(async ({ tell }) => {
    await tell('buddy_joined');
    await sleep(1);
    await tell(RUN_CONTROLS.cancel, { data: {} });
  });
  expect([end, shields]).toEqual([{ outcome: 'canceled', reason: 'canceled by an operator' }, []]);
});

test('a life that goes on as a new workflow has its facts, knows what it heard, and keeps its cap', async () => {
  const now = await time.env.currentTimeMs();
  const carried: Carried = {
    waiting: [{ id: 'w', kind: 'buddy_joined', data: joined, at: now }],
    seen: ['w', 'taken'], capAt: now + 30 * MINUTE_MS, paused: { isSo: false, at: 0 }, stage: 'asked',
  };
  const { end, minutes, row } = await live(async ({ tell }) => {
    await tell('member_finished');
    await tell('buddy_finished', { id: 'taken' });
  }, carried);
  expect([end, minutes]).toMatchObject([{ outcome: 'unfinished' }, 30]);
  expect(row.recalls()).toBe(1);
});

test('a workflow id names loop, run and life; its type is the loop\'s key in camel case', () => {
  expect(runWorkflowId({ loop: 'streak-rescue', runId: 'ref_1', generation: 3 })).toBe('streak-rescue/ref_1/3');
  expect(['referral', 'streak-rescue', 'a_b-c'].map(runWorkflowType)).toEqual(['referral', 'streakRescue', 'aBC']);
});
