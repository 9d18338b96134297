import type { WorkflowHandle } from '@temporalio/client';
import type { SendDueReport } from '../../activities/messages/send-due.ts';
import type { sender } from '../../workflows/system/sender/workflow.ts';
import { NUDGE_SIGNAL, SENDER_WORKFLOW } from '../../workflows/system/sender/contract.ts';
import type { SenderInput } from '../../workflows/system/sender/contract.ts';
import { openVirtualTime } from '../support/loops.ts';
import type { VirtualTime } from '../support/loops.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const INPUT: SenderInput = { tenantId: 'tnt_01ksr49200081040g2081040g2', lane: 'email-0', channel: 'email' };

const nothing: SendDueReport = { handedOff: 0, refused: 0, unknown: 0, nextInMs: null, openBatches: 0, heldBatches: 0, heldBy: null };
const nextIn = (nextInMs: number): SendDueReport => ({ ...nothing, nextInMs, openBatches: 1 });

let time: VirtualTime;
beforeAll(async () => {
  time = await openVirtualTime();
});
afterAll(() => time.close());

type Turn = (turn: number, handle: WorkflowHandle) => Promise<SendDueReport> | SendDueReport;

/**
 * Runs a sender to its end against these turns. Returns when each took place, in whole minutes after the first: the
 * server's clock runs on while a turn is under way.
 */
async function run(turn: Turn): Promise<{ readonly result: unknown; readonly turnsAtMinutes: readonly number[] }> {
  const at: number[] = [];
  const workflowId = time.freshId('sender');
  const handle = time.env.client.workflow.getHandle(workflowId);
  const sendDue = async (): Promise<SendDueReport> => {
    at.push(await time.env.currentTimeMs());
    return turn(at.length, handle);
  };
  const result = await time.withWorker({ sendDue }, (taskQueue) =>
    time.env.client.workflow.execute<typeof sender>(SENDER_WORKFLOW, { taskQueue, workflowId, args: [INPUT] }));
  return { result, turnsAtMinutes: at.map((instant) => Math.round((instant - (at[0] ?? 0)) / 60_000)) };
}

test('a sender sleeps until the next message is due and looks again then', async () => {
  const { turnsAtMinutes } = await run((turn) => (turn === 1 ? nextIn(2 * HOUR_MS) : nothing));
  expect(turnsAtMinutes[1]).toBe(120);
});

test('what is due now is sent without sleeping', async () => {
  const { turnsAtMinutes } = await run((turn) => (turn <= 3 ? nextIn(0) : nothing));
  expect(turnsAtMinutes.slice(0, 4)).toEqual([0, 0, 0, 0]);
});

test('a nudge during a turn is not lost: the sender looks again at once', async () => {
  const { turnsAtMinutes } = await run(async (turn, handle) => {
    if (turn === 1) await handle.signal(NUDGE_SIGNAL);
    return turn === 1 ? nextIn(5 * HOUR_MS) : nothing;
  });
  expect(turnsAtMinutes[1]).toBe(0);
});

test('a sender with a far date before it looks again every six hours: rows, not its timer, are the truth', async () => {
  const { turnsAtMinutes } = await run((turn) => (turn === 1 ? nextIn(30 * DAY_MS) : nothing));
  expect(turnsAtMinutes[1]).toBe(360);
});

test('a sender for which nothing waits ends after a day, and not before it looked once more', async () => {
  const { result, turnsAtMinutes } = await run(() => nothing);
  expect(result).toEqual({ outcome: 'nothing_waits' });
  expect(turnsAtMinutes).toEqual([0, 1440]);
});

test('a sender whose batches are all held stays', async () => {
  const { turnsAtMinutes } = await run((turn) => (turn === 1 ? { ...nothing, openBatches: 2, heldBatches: 2, heldBy: 'tenant_paused' } : nothing));
  expect(turnsAtMinutes).toEqual([0, 360, 360 + 1440]);
});

test('a turn that fails is tried again until it succeeds', async () => {
  const { result, turnsAtMinutes } = await run((turn) => {
    if (turn <= 8) throw new Error('the database is away');
    return nothing;
  });
  expect(result).toEqual({ outcome: 'nothing_waits' });
  expect(turnsAtMinutes).toHaveLength(10);
});
