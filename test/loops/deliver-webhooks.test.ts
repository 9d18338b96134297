import type { WorkflowHandle } from '@temporalio/client';
import type { DeliverReport } from '../../activities/webhooks/deliver-due.ts';
import { makeId } from '../../src/domain/ids.ts';
import { DELIVER_WEBHOOKS_WORKFLOW, LOOK_AGAIN_SIGNAL, webhooksWorkflowId } from '../../workflows/system/deliver-webhooks/contract.ts';
import type { deliverWebhooks } from '../../workflows/system/deliver-webhooks/workflow.ts';
import { openVirtualTime, type VirtualTime } from '../support/loops.ts';

const HOUR_MS = 3_600_000;
const INPUT = { tenantId: makeId('tnt', 1_780_000_000_000, new Uint8Array(10).fill(1)) };
const NOTHING: DeliverReport = { sent: 0, onTheWire: 0, nextInMs: null };

let time: VirtualTime;
beforeAll(async () => { time = await openVirtualTime(); });
afterAll(() => time.close());

type Handle = WorkflowHandle<typeof deliverWebhooks>;

/** Lives a run whose turns go so; answers how it ended and how long it paused before each turn but the first. */
async function live(turn: (asked: number, handle: () => Handle) => DeliverReport | Promise<DeliverReport>): Promise<{ outcome: unknown; pausesMs: number[] }> {
  const askedAt: number[] = [];
  const workflowId = time.freshId('webhooks');
  const handle = (): Handle => time.env.client.workflow.getHandle<typeof deliverWebhooks>(workflowId);
  const deliverDue = async (input: unknown): Promise<DeliverReport> => {
    expect(input).toEqual(INPUT);
    askedAt.push(await time.env.currentTimeMs());
    return turn(askedAt.length, handle);
  };
  const outcome = await time.withWorker({ deliverDue }, (taskQueue) =>
    time.env.client.workflow.execute<typeof deliverWebhooks>(DELIVER_WEBHOOKS_WORKFLOW, { taskQueue, workflowId, args: [INPUT] }));
  return { outcome, pausesMs: askedAt.slice(1).map((at, i) => at - (askedAt[i] ?? 0)) };
}

/** As the server's clock runs on while a worker works, a pause is a little longer than was asked for: cut to steps of 5 s. */
const cut = (pausesMs: readonly number[]): number[] => pausesMs.map((ms) => Math.floor(ms / 5_000) * 5_000);

test('it sleeps until the next delivery is due, through days of retries, and ends a day after the last', async () => {
  const delays = [5_000, 300_000, 1_800_000, 2 * HOUR_MS, 5 * HOUR_MS];
  const { outcome, pausesMs } = await live((asked) => ({ ...NOTHING, sent: 1, nextInMs: delays[asked - 1] ?? null }));
  expect(outcome).toEqual({ outcome: 'nothing_waits' });
  expect(cut(pausesMs)).toEqual([...delays, 24 * HOUR_MS]);
});

test('a sleep longer than six hours is a look every six hours: the rows are the truth', async () => {
  const { pausesMs } = await live((asked) => ({ ...NOTHING, nextInMs: asked < 4 ? (24 - 6 * (asked - 1)) * HOUR_MS : null }));
  expect(cut(pausesMs)).toEqual([6 * HOUR_MS, 6 * HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS]);
});

test('while something is on the wire the next turn follows at once', async () => {
  const { pausesMs } = await live((asked) => (asked < 4 ? { sent: 1, onTheWire: 2, nextInMs: 0 } : NOTHING));
  expect(cut(pausesMs)).toEqual([0, 0, 0, 24 * HOUR_MS]);
});

test('a nudge that comes while a turn looks is a further look; one that comes while nothing waits wakes it', async () => {
  const { pausesMs } = await live(async (asked, handle) => {
    if (asked === 1) await handle().signal(LOOK_AGAIN_SIGNAL);
    return NOTHING;
  });
  expect(cut(pausesMs)).toEqual([0, 24 * HOUR_MS]);
});

test('a turn that fails is tried again', async () => {
  let failed = 0;
  const { outcome } = await live((asked) => {
    if (asked < 4) {
      failed += 1;
      throw new Error('the database is away');
    }
    return NOTHING;
  });
  expect([outcome, failed]).toEqual([{ outcome: 'nothing_waits' }, 3]);
});

test('there is one a tenant: its id names the tenant alone', () => {
  expect(webhooksWorkflowId(INPUT)).toBe(`webhooks/${INPUT.tenantId}`);
});
