import type { WorkflowHandle } from '@temporalio/client';
import type { ReferralLook } from '../../src/domain/referral/look.ts';
import { RUN_CONTROLS, type ToldFact } from '../../src/domain/run/fact.ts';
import { TELL_SIGNAL, type RunEnd } from '../../workflows/kit/contract.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';
import { RUN_ID, runStandIn, runStart, type RunStandIn } from '../support/runs.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let time: VirtualTime;
beforeAll(async () => {
  time = await openVirtualTime();
}, 60_000);
afterAll(() => time.close());

type Life = RunStandIn & { readonly handle: WorkflowHandle; now(): Promise<number>; tell(fact: ToldFact): Promise<void> };
type Look = (look: number, life: Life) => Promise<ReferralLook> | ReferralLook;

/** Lives a referral whose rows answer so; when each look took place, in hours after the first. */
async function live(look: Look, { generation = 1, told = [], meanwhile }: { generation?: number; told?: readonly ToldFact[]; meanwhile?: (life: Life) => Promise<void> } = {}) {
  const row = runStandIn();
  row.told.push(...told);
  const at: number[] = [];
  const workflowId = time.freshId('referral');
  const handle = time.env.client.workflow.getHandle(workflowId);
  const life: Life = { ...row, handle, now: () => time.env.currentTimeMs(), tell: (fact) => handle.signal<[ToldFact]>(TELL_SIGNAL, fact) };
  const settleReferral = async ({ referralId }: { referralId: string }): Promise<ReferralLook> => {
    expect(referralId).toBe(RUN_ID);
    at.push(await life.now());
    return look(at.length, life);
  };
  const end = await time.withWorker({ ...row.activities, settleReferral }, async (taskQueue): Promise<unknown> => {
    await time.env.client.workflow.start('referral', { taskQueue, workflowId, args: [runStart({}, generation)] });
    await meanwhile?.(life);
    return handle.result();
  });
  return { end, row, looksAtHours: at.map((instant) => Math.round((instant - (at[0] ?? 0)) / HOUR_MS)) };
}

const changed = (id: string, at: number): ToldFact => ({ id, kind: 'changed', data: {}, at });
const control = (id: string, kind: keyof typeof RUN_CONTROLS, at: number): ToldFact => ({ id, kind: RUN_CONTROLS[kind], data: {}, at });
const REWARDED: RunEnd = { outcome: 'rewarded', reason: null };
const over: ReferralLook = { kind: 'over', outcome: 'rewarded' };
const quiet: ReferralLook = { kind: 'goes_on', stage: 'activated', nextAt: null };
const holding = (nextAt: number): ReferralLook => ({ kind: 'goes_on', stage: 'holding', nextAt });

test('a hold of 30 days is looked at again when it is over, and the run ends with what was earned', async () => {
  const { end, row, looksAtHours } = await live(async (look, { now }) => (look === 1 ? holding((await now()) + 30 * DAY_MS) : over));
  expect(end).toEqual(REWARDED);
  expect(looksAtHours).toEqual([0, 30 * 24]);
  expect(row.moves).toEqual([{ generation: 1, stage: 'holding', dueAt: expect.any(Number) }]);
  expect(row.closings).toEqual([{ generation: 1, ...REWARDED }]);
});

test('what changes during a hold is looked at when it comes, each time once, however often it is told', async () => {
  const { looksAtHours, end } = await live(async (look, { now, tell }) => {
    if (look === 1) {
      // It comes while the look is under way, twice.
      await tell(changed('refund', await now()));
      await tell(changed('refund', await now()));
      return holding((await now()) + 30 * DAY_MS);
    }
    return look === 2 ? holding((await now()) + 10 * DAY_MS) : over;
  });
  expect(looksAtHours).toEqual([0, 0, 240]);
  expect(end).toEqual(REWARDED);
});

test('one look sees all that waits: three facts that came early are not three looks', async () => {
  const { looksAtHours } = await live(async (look, { now, tell }) => {
    if (look === 1) for (const id of ['a', 'b', 'c']) await tell(changed(id, await now()));
    return look < 3 ? holding((await now()) + DAY_MS) : over;
  });
  expect(looksAtHours).toEqual([0, 0, 24]);
});

test('a run that waits for facts alone waits for them as long as it takes', async () => {
  const { looksAtHours, row } = await live((look) => (look === 1 ? quiet : over), {
    async meanwhile({ tell, now }) {
      await time.env.sleep('100 days');
      await tell(changed('paid', await now()));
    },
  });
  expect(looksAtHours).toEqual([0, 2400]);
  expect(row.moves).toEqual([{ generation: 1, stage: 'activated', dueAt: null }]);
});

test('what the outbox still holds when a hold is over is found in Postgres', async () => {
  const { row } = await live(async (look, { now, told }) => {
    if (look !== 1) return over;
    told.push(changed('refund', await now()));
    return holding((await now()) + DAY_MS);
  });
  expect(row.recalls()).toBe(1);
  expect(row.closings).toHaveLength(1);
});

test('a run does not close over a fact it has not seen: it looks again', async () => {
  const { looksAtHours, end } = await live(async (look, { now, told }) => {
    if (look === 1) told.push(changed('paid again', await now()));
    return over;
  });
  expect(looksAtHours).toEqual([0, 0]);
  expect(end).toEqual(REWARDED);
});

test('a paused run looks at nothing, so releases nothing, until it is resumed; its hold runs on', async () => {
  const { looksAtHours } = await live(async (look, { now }) => (look === 1 ? holding((await now()) + 10 * DAY_MS) : over), {
    async meanwhile({ tell, now }) {
      await time.env.sleep('1 day');
      await tell(control('p', 'pause', await now()));
      await time.env.sleep('19 days');
      await tell(control('r', 'resume', await now()));
    },
  });
  expect(looksAtHours).toEqual([0, 20 * 24]);
});

test('a pause that comes after the resume it went before holds nothing: each counts by its own time', async () => {
  const { looksAtHours } = await live(async (look, { now, tell }) => {
    const at = await now();
    if (look === 1) {
      await tell(control('r', 'resume', at + 1));
      await tell(control('p', 'pause', at));
    }
    return look === 1 ? holding(at + DAY_MS) : over;
  });
  expect(looksAtHours).toEqual([0, 24]);
});

test('a canceled run ends as canceled, at once, also while it is paused', async () => {
  const { end, row, looksAtHours } = await live(async (_look, { now }) => holding((await now()) + 10 * DAY_MS), {
    async meanwhile({ tell, now }) {
      await tell(control('p', 'pause', await now()));
      await time.env.sleep('1 day');
      await tell(control('c', 'cancel', await now()));
    },
  });
  expect(end).toEqual({ outcome: 'canceled', reason: 'canceled by an operator' });
  expect(row.closings).toEqual([{ generation: 1, outcome: 'canceled', reason: 'canceled by an operator' }]);
  expect(looksAtHours.length).toBeLessThanOrEqual(1);
});

test('a cancellation in Temporal closes the row, too', async () => {
  const { end, row } = await live(async (_look, { now }) => holding((await now()) + 10 * DAY_MS), {
    async meanwhile({ handle }) {
      await time.env.sleep('1 day');
      await handle.cancel();
    },
  });
  expect(end).toMatchObject({ outcome: 'canceled' });
  expect(row.closings).toMatchObject([{ outcome: 'canceled' }]);
});

test('a run that begins again recalls what it was told before its first look, and a pause among it holds', async () => {
  const { row, looksAtHours } = await live(() => over, {
    generation: 2,
    told: [changed('before', 1), control('p', 'pause', 2)],
    async meanwhile({ tell, now }) {
      await time.env.sleep('2 days');
      await tell(control('r', 'resume', await now()));
    },
  });
  expect(row.recalls()).toBe(1);
  expect(looksAtHours).toEqual([0]);
  expect(row.closings).toEqual([{ generation: 2, ...REWARDED }]);
});

test('a life whose row is another one\'s by now ends and leaves the row alone', async () => {
  const { end, row } = await live(async (_look, { supersede, now }) => {
    supersede();
    return holding((await now()) + DAY_MS);
  });
  expect(end).toEqual({ outcome: 'superseded', reason: null });
  expect(row.closings).toEqual([]);
});

test('rows that call something due that a look just left keep nobody busy', async () => {
  const { looksAtHours, end } = await live(async (look, { now }) => (look < 5 ? holding((await now()) - DAY_MS) : over));
  expect(end).toEqual(REWARDED);
  expect(looksAtHours).toHaveLength(5);
});

test('a look that fails is tried again: nothing is given up', async () => {
  const { end, looksAtHours } = await live((look) => {
    if (look < 9) throw new Error('the database is away');
    return over;
  });
  expect([end, looksAtHours.length]).toEqual([REWARDED, 9]);
});
