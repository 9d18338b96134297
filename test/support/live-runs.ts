import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import type { GrantRunInput } from '../../activities/runs/grant-run.ts';
import type { QueueRunMessageInput } from '../../activities/runs/queue-run-message.ts';
import type { TellMemberInput } from '../../activities/runs/tell-member.ts';
import { historyToJSON, type History } from '@temporalio/common/lib/proto-utils';
import { MESSAGE_FACT, type FactScalar, type MessageOutcome, type ToldFact } from '../../src/domain/run/fact.ts';
import { runWorkflowType, TELL_SIGNAL, type RunStart } from '../../workflows/kit/contract.ts';
import type { Activities } from '../../activities/create-activities.ts';
import type { RestartWorker, VirtualTime } from './loops.ts';
import { RUN_TENANT, runStandIn, type RunStandIn } from './runs.ts';

export const LIVE_RUN_ID = 'run_01ksr49200081040g2081040g2';
const OTHER_RUN_ID = 'run_01ksr49200081040g2081040g3';

/**
 * What becomes of a step's message: it leaves at once (or after so many minutes), is lost, stays held until it is withdrawn, is on the wire at its deadline and
 * then leaves, or nobody can get it.
 */
export type Fate = 'leaves' | { readonly leavesAfterMinutes: number } | 'unknown' | 'held' | 'on_the_wire' | { readonly refused: string };

export type LiveScene = {
  readonly loop: string;
  /** Without `memberId` and `terms` of its own: those are given. */
  readonly input: (startedAt: number) => Readonly<Record<string, FactScalar>>;
  readonly terms?: Readonly<Record<string, number>>;
  /** By step; `invite`: the invites of the start. Left out: it leaves. */
  readonly fates?: Readonly<Record<string, Fate>>;
  /** Told before the workflow has begun: signals wait in its history before its first task. */
  readonly before?: (life: LiveRunLife) => Promise<void>;
  readonly meanwhile?: (life: LiveRunLife) => Promise<void>;
  readonly activities?: Partial<Activities>;
  /** Left out: its first life. */
  readonly generation?: number;
  /** Under this name its history is kept: `FLYWHEEL_RECORD_HISTORIES=1 npx jest test/loops/<loop>` writes those that are not there. */
  readonly record?: string;
};

export type LiveRunLife = RunStandIn & {
  readonly startedAt: number;
  readonly handle: WorkflowHandle;
  /** Tells it a fact, now or as of an instant; the same `id` is the same fact. */
  tell(kind: string, more?: { id?: string; at?: number; data?: Readonly<Record<string, FactScalar>> }): Promise<void>;
  /** Into Postgres alone, as long as the outbox holds it. */
  keep(kind: string, at: number, data?: Readonly<Record<string, FactScalar>>): void;
  now(): Promise<number>;
  /** Starts another run of the loop beside it, of the same input; answers how that ends. */
  startAnother(): Promise<{ ended(): Promise<unknown> }>;
  /** The worker ends; another goes on with what histories say, when `whileDown` is over. What is told then waits for it; time stands still once anything waits. */
  restart: RestartWorker;
  sleepMinutes(minutes: number): Promise<void>;
  sleepUntil(at: number): Promise<void>;
};

export type LivedRun = {
  /** A `RunEnd`. */
  readonly end: unknown;
  readonly row: RunStandIn;
  readonly queued: readonly QueueRunMessageInput[];
  readonly told: readonly TellMemberInput[];
  readonly granted: readonly string[];
  readonly stages: readonly string[];
  /** From the start to the end. */
  readonly minutes: number;
};

const MINUTE_MS = 60_000;

/** Lives a run of a live loop on virtual time beside stand-ins for its activities; see `LiveScene`. */
export async function liveRun(time: VirtualTime, scene: LiveScene): Promise<LivedRun> {
  const row = runStandIn();
  const startedAt = await time.env.currentTimeMs();
  const workflowId = time.freshId(scene.loop);
  const handle = time.env.client.workflow.getHandle(workflowId);
  const queued: QueueRunMessageInput[] = [];
  const told: TellMemberInput[] = [];
  const granted: string[] = [];
  const later: Promise<void>[] = [];
  let facts = 0;
  let endedAt = startedAt;
  const life: LiveRunLife = {
    ...row, startedAt, handle,
    now: () => time.env.currentTimeMs(),
    startAnother: () => another(),
    restart: (whileDown) => restart(whileDown),
    async tell(kind, { id = `f${String((facts += 1))}`, at, data = {} } = {}) {
      await handle.signal<[ToldFact]>(TELL_SIGNAL, { id, kind, data, at: at ?? (await time.env.currentTimeMs()) });
    },
    keep: (kind, at, data = {}) => { row.told.push({ id: `kept-${String((facts += 1))}`, kind, data, at }); },
    sleepMinutes: (minutes) => time.env.sleep(minutes * MINUTE_MS),
    sleepUntil: async (at) => { await time.env.sleep(Math.max(0, at - (await time.env.currentTimeMs()))); },
  };
  const fateOf = (step: string): Fate => scene.fates?.[step] ?? 'leaves';
  const handles = new Map([[LIVE_RUN_ID, handle]]);
  const say = async (runId: string, step: string, outcome: MessageOutcome, reason: string | null = null): Promise<void> => {
    await handles.get(runId)?.signal<[ToldFact]>(TELL_SIGNAL, { id: `${MESSAGE_FACT}:${step}:${outcome}`, kind: MESSAGE_FACT, data: { step, batchId: `bat_${step}`, n: 0, outcome, reason }, at: await life.now() });
  };
  const NOT_BEGUN = new Error('the first run has not begun');
  let another: LiveRunLife['startAnother'] = () => Promise.reject(NOT_BEGUN);
  let restart: RestartWorker = () => Promise.reject(NOT_BEGUN);

  const activities: Partial<Activities> = {
    ...row.activities,
    async closeRun(input) {
      endedAt = await time.env.currentTimeMs();
      return row.activities.closeRun(input);
    },
    async queueRunMessage(input) {
      queued.push(input);
      const fate = fateOf(input.step);
      if (typeof fate === 'object' && 'refused' in fate) return { count: 0, reason: fate.refused };
      if (fate === 'leaves') await say(input.runId, input.step, 'handed_off');
      if (fate === 'unknown') await say(input.runId, input.step, 'unknown', 'sender_lost');
      return { count: 1, reason: null };
    },
    async withdrawRunMessage({ step }) {
      const fate = fateOf(step);
      if (fate !== 'on_the_wire') return { outcome: 'not_sent', reason: 'window_closed_first' };
      const isFirst = later.length === 0;
      later.push(Promise.resolve());
      if (isFirst) return { outcome: 'on_the_wire' };
      return { outcome: 'handed_off', reason: null };
    },
    async tellMember(input) { told.push(input); },
    async grantRun({ fact }: GrantRunInput) {
      granted.push(fact);
      return { granted: 2, refused: 0 };
    },
    ...scene.activities,
  };
  const start: RunStart = { tenantId: RUN_TENANT, runId: LIVE_RUN_ID, generation: scene.generation ?? 1, input: { startedAt, invited: 0, ...scene.input(startedAt), memberId: 'mbr_01ksr49200081040g2081040g2', terms: scene.terms ?? {} } };
  const end: unknown = await time.withWorker(activities, async (taskQueue, restartWorker) => {
    restart = restartWorker;
    const begin = (id: string, args: RunStart): Promise<WorkflowHandle> => time.env.client.workflow.start(runWorkflowType(scene.loop), { taskQueue, workflowId: id, args: [args] });
    await begin(workflowId, start);
    another = async () => {
      const other = await begin(time.freshId(scene.loop), { ...start, runId: OTHER_RUN_ID });
      handles.set(OTHER_RUN_ID, other);
      return { ended: async () => { const end: unknown = await other.result(); return end; } };
    };
    await scene.before?.(life);
    for (const [step, fate] of Object.entries(scene.fates ?? {})) {
      if (typeof fate === 'object' && 'leavesAfterMinutes' in fate) later.push(life.sleepMinutes(fate.leavesAfterMinutes).then(() => say(LIVE_RUN_ID, step, 'handed_off')));
    }
    await scene.meanwhile?.(life);
    await Promise.all(later);
    const ended: unknown = await handle.result();
    return ended;
  });
  if (scene.record !== undefined && process.env['FLYWHEEL_RECORD_HISTORIES'] === '1') keepHistory(scene.record, await handle.fetchHistory());
  return {
    end, row, queued, told, granted,
    stages: row.moves.map(({ stage }) => stage).filter((stage, n, all) => stage !== all[n - 1]),
    minutes: Math.round((endedAt - startedAt) / MINUTE_MS),
  };
}

/** A recorded history is a promise to runs that live: one that is there is never written over. */
function keepHistory(name: string, history: History): void {
  const file = join(__dirname, '../replay/histories', `${name}.json`);
  const json: unknown = JSON.parse(historyToJSON(history));
  if (!existsSync(file)) writeFileSync(file, `${JSON.stringify(json)}\n`);
}
