import { makeId } from '../../src/domain/ids.ts';
import type { PayoutLook } from '../../src/domain/payout/look.ts';
import { RUN_CONTROLS, type ToldFact } from '../../src/domain/run/fact.ts';
import { TELL_SIGNAL, type RunEnd } from '../../workflows/kit/contract.ts';
import { untilAtRest } from '../support/at-rest.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';
import { RUN_TENANT, runStandIn, type RunStandIn } from '../support/runs.ts';

const MINUTE_MS = 60_000;
const PAYOUT = makeId('pyt', 1_780_000_000_000, new Uint8Array(10).fill(4));

let time: VirtualTime;
beforeAll(async () => {
  time = await openVirtualTime();
});
afterAll(() => time.close());

type Asked = { readonly did: 'hand_over' | 'resend' | 'reconcile'; readonly atMinutes: number };
type Rail = { now(): Promise<number>; sleepOnceItWaits(duration: string): Promise<void>; tell(kind: 'payout_moved' | 'look' | 'resend' | (typeof RUN_CONTROLS)[keyof typeof RUN_CONTROLS]): Promise<void> };
/** What the row says after the n-th thing that was asked for (from 1). */
type Looks = (n: number, did: Asked['did'], rail: Rail) => Promise<PayoutLook> | PayoutLook;

/** `meanwhile`: what happens before anybody waits for the end. */
async function live(looks: Looks, meanwhile?: (rail: Rail) => Promise<void>): Promise<{ end: unknown; asked: Asked[]; row: RunStandIn; inputs: unknown[] }> {
  const row = runStandIn();
  const asked: Asked[] = [];
  const inputs: unknown[] = [];
  const workflowId = time.freshId('payout');
  const handle = time.env.client.workflow.getHandle(workflowId);
  const now = () => time.env.currentTimeMs();
  let startedAt: number | null = null;
  let told = 0;
  const tell: Rail['tell'] = async (kind) => {
    told += 1;
    await handle.signal<[ToldFact]>(TELL_SIGNAL, { id: `fact-${String(told)}`, kind, data: {}, at: await now() });
  };
  const sleepOnceItWaits: Rail['sleepOnceItWaits'] = async (duration) => {
    await untilAtRest(handle);
    await time.env.sleep(duration);
  };
  const rail: Rail = { now, tell, sleepOnceItWaits };
  const look = async (did: Asked['did'], input: unknown): Promise<PayoutLook> => {
    const at = await now();
    startedAt ??= at;
    inputs.push(input);
    asked.push({ did, atMinutes: Math.round((at - startedAt) / MINUTE_MS) });
    return looks(asked.length, did, rail);
  };
  const end = await time.withWorker({
    ...row.activities,
    handOverPayout: (input) => look(input.again ? 'resend' : 'hand_over', input),
    reconcilePayout: (input) => look('reconcile', input),
  }, async (taskQueue): Promise<unknown> => {
    await time.env.client.workflow.start('payout', { taskQueue, workflowId, args: [{ tenantId: RUN_TENANT, runId: PAYOUT, generation: 1, input: {} }] });
    await meanwhile?.(rail);
    return handle.result();
  });
  return { end, asked, row, inputs };
}

const goesOn = (stage: 'approved' | 'paused' | 'unknown' | 'sent', next: 'hand_over' | 'reconcile', nextAt: number | null): PayoutLook => ({ kind: 'goes_on', stage, next, nextAt });
const over = (outcome: 'completed' | 'failed' | 'canceled'): PayoutLook => ({ kind: 'over', outcome });
const COMPLETED: RunEnd = { outcome: 'completed', reason: null };

test('handed over and paid at once, a payout is over with its first look, and its history holds ids alone', async () => {
  const { end, asked, row, inputs } = await live(() => over('completed'));
  expect([end, asked]).toEqual([COMPLETED, [{ did: 'hand_over', atMinutes: 0 }]]);
  expect(inputs).toEqual([{ tenantId: RUN_TENANT, payoutId: PAYOUT, again: false }]);
  expect(row.closings).toEqual([{ generation: 1, ...COMPLETED }]);
});

test('an unknown payout is looked for when its row says so, and never handed over meanwhile', async () => {
  const { end, asked, row } = await live(async (n, _did, { now }) => (n < 4 ? goesOn('unknown', 'reconcile', (await now()) + 15 * MINUTE_MS) : over('completed')));
  expect(end).toEqual(COMPLETED);
  expect(asked).toEqual([0, 15, 30, 45].map((atMinutes, n) => ({ did: n === 0 ? 'hand_over' : 'reconcile', atMinutes })));
  expect(new Set(row.moves.map(({ stage }) => stage))).toEqual(new Set(['unknown']));
});

test('what the rail asks to wait for is handed over again when its time has come', async () => {
  const { end, asked } = await live(async (n, _did, { now }) => (n === 1 ? goesOn('approved', 'hand_over', (await now()) + 10 * MINUTE_MS) : over('completed')));
  expect([end, asked]).toEqual([COMPLETED, [{ did: 'hand_over', atMinutes: 0 }, { did: 'hand_over', atMinutes: 10 }]]);
});

test('what only somebody can confirm waits for weeks without a deadline, and ends when it is told', async () => {
  const { end, asked } = await live((n) => (n === 1 ? goesOn('sent', 'reconcile', null) : over('completed')), async ({ tell, sleepOnceItWaits }) => {
    await sleepOnceItWaits('21 days');
    await tell('payout_moved');
  });
  expect(end).toEqual(COMPLETED);
  expect(asked).toEqual([{ did: 'hand_over', atMinutes: 0 }, { did: 'reconcile', atMinutes: 21 * 24 * 60 }]);
});

test('a confirmation that comes while the payout is handed over is not missed', async () => {
  const { asked, end } = await live(async (n, _did, { tell }) => {
    if (n === 2) return over('completed');
    await tell('payout_moved');
    return goesOn('sent', 'reconcile', null);
  });
  expect([end, asked.map(({ did }) => did)]).toEqual([COMPLETED, ['hand_over', 'reconcile']]);
});

test('told to be sent again, and told to look, it does that and nothing else', async () => {
  const { asked } = await live(async (n, _did, { tell }) => {
    if (n === 1) await tell('look');
    if (n === 2) await tell('resend');
    return n < 3 ? goesOn('unknown', 'reconcile', null) : over('failed');
  });
  expect(asked.map(({ did }) => did)).toEqual(['hand_over', 'reconcile', 'resend']);
});

test('while it is paused nothing is done; resumed it goes on', async () => {
  const { asked, end } = await live(async (n, _did, { tell, now }) => {
    if (n > 1) return over('completed');
    await tell(RUN_CONTROLS.pause);
    return goesOn('unknown', 'reconcile', (await now()) + 15 * MINUTE_MS);
  }, async ({ tell, sleepOnceItWaits }) => {
    await sleepOnceItWaits('2 days');
    await tell(RUN_CONTROLS.resume);
  });
  expect(end).toEqual(COMPLETED);
  expect(asked.map(({ did, atMinutes }) => [did, atMinutes])).toEqual([['hand_over', 0], ['reconcile', 2 * 24 * 60]]);
});

test('a rail or a database that is away is tried again until it is there', async () => {
  const { asked, end } = await live((n) => {
    if (n < 6) throw new Error('the database is away');
    return over('failed');
  });
  expect([end, asked.length]).toEqual([{ outcome: 'failed', reason: null }, 6]);
});
