import { shareFairly } from '../../activities/messages/share-fairly.ts';
import { createSendRates } from '../../activities/messages/send-rates.ts';
import { laneHold } from '../../db/read/lane-hold.ts';
import { lateLanes } from '../../db/read/late-lanes.ts';
import { takeRateUnits } from '../../db/write/take-rate-units.ts';
import type { BatchId } from '../../src/domain/ids.ts';
import { evenRate } from '../../src/domain/sending/send-rate.ts';
import { NOON } from '../support/api.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';

/** How fast messages leave: a tenant's rate and a provider's, kept by all workers together. */
const ANY_TIME = { sendRules: { layers: [] }, reminders: [] };
let sending: TestSending;
/** When each message was handed over, by the standing clock. */
const left: number[] = [];

beforeAll(async () => {
  sending = await openTestSending({
    transport: {
      channel: 'email', provider: 'email:mail.example', wireLimit: 10,
      async send() {
        left.push(sending.clock.now());
        return { outcome: 'handed_off', providerMessageId: 'x', receipt: '250 ok' };
      },
      verify: () => Promise.resolve({ ok: true }),
      close: () => Promise.resolve(),
    },
  });
});
let hours = 0;
beforeEach(async () => {
  sending.clock.set(NOON + (hours += 1) * 3_600_000);
  left.length = 0;
  await sending.database.superuser`update batch_lanes set next_due_at = null`;
  await sending.database.superuser`update tenants set limits = '{}', tier = 'scale'`;
});
afterAll(() => sending.close());

function worker(perSecond?: number): () => ReturnType<TestSending['sendDue']> {
  const { db, clock, keyring, log, transports, hasFreeSlots } = sending.deps;
  const sharing = shareFairly({ db, clock, keyring, log, transports, hasFreeSlots, slots: 50, perSecond: perSecond === undefined ? {} : { email: perSecond } });
  return () => sending.sendDue({ ...sharing });
}

async function accept(name: string, count: number): Promise<BatchId> {
  const { batchId } = await sending.accept(await sending.makeProgram(ANY_TIME), Array.from({ length: count }, (_, i) => invitee(`${name}${String(i)}-${String(hours)}@rate.example`)));
  return batchId;
}

const limit = (messagesPerMinute: object) => sending.database.superuser`update tenants set limits = ${JSON.stringify({ messagesPerMinute })}`;

test('a used-up rate ends the turn, says so, and the sender sleeps until the next message may leave', async () => {
  await limit({ email: 60 });
  await accept('held', 3);
  const turn = worker();
  const report = await turn();
  expect(report).toMatchObject({ handedOff: 1, openBatches: 1, heldBatches: 1, nextInMs: 1_000 });
  expect(report.heldBy).toMatch(/^rate: the 60 e-mails a minute of this tenant are used up; the next leaves at 2026-\S+:01Z$/);
  expect(await turn()).toMatchObject({ handedOff: 0, nextInMs: 1_000 });
  sending.clock.advance(1_000);
  expect(await turn()).toMatchObject({ handedOff: 1 });
});

test('the relay calls no lane that a rate holds, and an operator sees why it waits', async () => {
  await limit({ email: 1 });
  await accept('relay', 2);
  const report = await worker()();
  const { tenantId } = sending.tenant;
  const hold = await sending.deps.db.asTenant(tenantId, (tx) => laneHold(tx, { tenantId, lane: 'email-0', channel: 'email' }, sending.clock.now()));
  expect(hold).toEqual({ by: report.heldBy, until: sending.clock.now() + 60_000 });
  const late = async (afterMs: number): Promise<number> => (await lateLanes(sending.database.relay, sending.clock.now() + afterMs)).length;
  expect([await late(1), await late(59_999), await late(60_000)]).toEqual([0, 0, 1]);
});

test('two workers together send no more a minute than the rate says, and not much less', async () => {
  await limit({ email: 300 });
  await accept('shared', 400);
  const workers = [worker(), worker()];
  const begunAt = sending.clock.now();
  for (let step = 0; sending.clock.now() < begunAt + 60_000; step += 1) {
    const { nextInMs } = (await workers[step % 2]?.()) ?? { nextInMs: null };
    sending.clock.advance(Math.max(500, Math.min(nextInMs ?? 1_000, 2_000)));
  }
  const firstMinute = left.filter((at) => at < begunAt + 60_000).length;
  expect(firstMinute).toBeLessThanOrEqual(300);
  expect(firstMinute).toBeGreaterThan(270);
}, 120_000);

test('a rate that a tenant sets binds its next turn, and one that it takes away no longer', async () => {
  const turn = worker();
  await accept('before', 5);
  expect(await turn()).toMatchObject({ handedOff: 5, heldBy: null });
  await limit({ email: 60 });
  await accept('during', 5);
  expect(await turn()).toMatchObject({ handedOff: 1 });
  await limit({});
  expect(await turn()).toMatchObject({ handedOff: 4, heldBy: null });
});

test('the tier has a rate for who sets none, and another channel\'s rate binds nobody here', async () => {
  await sending.database.superuser`update tenants set tier = 'free', limits = '{"messagesPerMinute": {"sms": 1}}'`;
  await accept('free', 20);
  const report = await worker()();
  expect(report.handedOff).toBe(5);
  expect(report.heldBy).toContain('the 300 e-mails a minute of this tenant');
});

test('a provider\'s rate holds all tenants together', async () => {
  await accept('provider', 40);
  const turn = worker(20);
  const report = await turn();
  expect(report.heldBy).toContain('the 20 messages a second of email:mail.example');
  expect(report.handedOff).toBe(2);
  let total = report.handedOff;
  for (let i = 0; i < 19; i += 1) {
    sending.clock.advance(50);
    total += (await turn()).handedOff;
  }
  expect(total).toBeGreaterThan(16);
  expect(total).toBeLessThanOrEqual(20);
});

test('a lane with nothing due takes no units, so that what comes next need not wait', async () => {
  await limit({ email: 1 });
  const turn = worker();
  await turn();
  await turn();
  await accept('comes', 1);
  expect(await turn()).toMatchObject({ handedOff: 1 });
});

test('what a group did not use after all is used by the next, and no bucket is asked for it', async () => {
  let asked = 0;
  const rates = createSendRates({
    ask: (asks, atUs) => { asked += 1; return takeRateUnits(sending.deps.db.sql, asks, atUs); },
    now: sending.clock.now, keyring: sending.deps.keyring,
  });
  const rate = { rule: evenRate('given-back', 600, 60, 60), who: 'somebody', text: '600 a minute' };
  const first = await rates.take([rate], 10);
  if (first.kind === 'held') throw new Error(first.hold.by);
  expect(first.count).toBe(10);
  first.giveBack(7);
  const second = await rates.take([rate], 7);
  expect([second.kind === 'taken' && second.count, asked]).toEqual([7, 1]);
  expect((await rates.take([rate], 1)).kind).toBe('held');
});

test('of two rates the narrower one counts, and costs nothing of the wider', async () => {
  const rates = createSendRates({ ask: (asks, atUs) => takeRateUnits(sending.deps.db.sql, asks, atUs), now: sending.clock.now, keyring: sending.deps.keyring });
  const wide = { rule: evenRate('wide', 6_000, 60, 60), who: 'all', text: 'wide' };
  const narrow = { rule: evenRate('narrow', 120, 60, 60), who: 'one', text: 'narrow' };
  const taken = await rates.take([narrow, wide], 50);
  expect([taken.kind === 'taken' && taken.count, (await rates.take([narrow, wide], 50)).kind]).toEqual([2, 'held']);
  const rest = await rates.take([wide], 100);
  expect(rest.kind === 'taken' && rest.count).toBe(98);
});
