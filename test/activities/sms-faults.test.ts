import { openSmsSending, untilTrue, type SmsSending } from '../support/sms-sending.ts';
import { smsNow } from '../support/arrange-sms.ts';
import { invitee } from '../support/sending.ts';
import type { InviteRef } from '../../src/domain/ids.ts';

/** What the vendor may do to a message, from the claim to its last callback: adapter, stand-in and API are real. */
const HOUR_MS = 3_600_000;
jest.setTimeout(60_000);

let sending: SmsSending;
beforeEach(async () => {
  sending = await openSmsSending();
});
afterEach(() => sending.close());

type Sent = { ref: InviteRef; phone: string };

/** An invite by SMS that is due now, with one reminder. */
async function accept(phone: string): Promise<Sent> {
  const programId = await sending.makeProgram({ channels: ['sms'], sendRules: { layers: [] }, reminders: [{ afterHours: 72 }] });
  const { batchId, decisions } = await sending.accept(programId, [invitee('', { email: undefined, phone, consent: { basis: 'opt_in' } })]);
  if (decisions[0]?.outcome !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(decisions)}`);
  return { ref: { batchId, n: 0 }, phone };
}

async function send(phone: string): Promise<Sent> {
  const sent = await accept(phone);
  await sending.sendDue({}, 'sms');
  return sent;
}

const now = ({ ref }: Sent) => smsNow(sending.database, ref);
const kept = ({ phone }: Sent) => sending.vendor.store.list().filter(({ to, direction }) => to === phone && direction === 'outbound-api');
const suppressed = async ({ phone }: Sent) => (await sending.database.superuser<{ reason: string }[]>`
  select reason from suppressions where recipient_hash = ${sending.deps.keyring.hashRecipient(sending.tenant.tenantId, phone)} and lifted_at is null`).map(({ reason }) => reason);
const invite = async ({ ref }: Sent) => (await sending.database.superuser<{ dueAt: number | null }[]>`select due_at as "dueAt" from invites where batch_id = ${ref.batchId}`)[0];

test('a message that all goes well with is handed off, delivered, and its reminder planned', async () => {
  const sent = await send('+12025550100');
  await untilTrue(async () => (await now(sent))['delivered'] === true, 'the callback');
  expect(await now(sent)).toMatchObject({ state: 'handed_off', message: 'handed_off', step: 1, providerMessageId: kept(sent)[0]?.sid });
  expect(kept(sent)).toHaveLength(1);
});

describe('refused at once', () => {
  test.each([
    ['+12025521610', { state: 'refused', reason: 'opted_out', message: 'refused' }, ['sms_stop']],
    ['+12025521211', { state: 'refused', reason: 'number_unavailable', message: 'refused' }, ['hard_bounce']],
    ['+12025521614', { state: 'refused', reason: 'number_unavailable', message: 'refused' }, ['hard_bounce']],
  ])('%s', async (phone, outcome, reasons) => {
    const sent = await send(phone);
    expect(await now(sent)).toMatchObject(outcome);
    expect(await suppressed(sent)).toEqual(reasons);
    expect(kept(sent)).toEqual([]);
  });
});

describe('taken, and not delivered', () => {
  test('30003: the phone is out of reach for now; its reminder may do better', async () => {
    const sent = await send('+12025530003');
    await untilTrue(async () => (await now(sent))['bounced'] === true, 'the callback');
    expect(await now(sent)).toMatchObject({ state: 'handed_off', step: 1 });
    expect(await suppressed(sent)).toEqual([]);
  });

  test('30007: filtered, which an operator must hear of', async () => {
    const sent = await send('+12025530007');
    await untilTrue(async () => (await now(sent))['bounced'] === true, 'the callback');
    await untilTrue(() => sending.logged.some((line) => line.includes('"reason":"filtered"') && line.includes('"level":"error"')), 'the alert');
    expect(await suppressed(sent)).toEqual([]);
  });
});

test('429: nothing left, so it waits as long as Retry-After says, and goes', async () => {
  const sent = await send('+12025500429');
  expect(await now(sent)).toMatchObject({ state: 'waiting', reason: 'rate_limited', message: null });
  expect((await invite(sent))?.dueAt).toBeGreaterThanOrEqual(sending.clock.now() + 5_000);
  expect(kept(sent)).toEqual([]);
});

describe('nobody knows, until there is evidence; nothing is sent twice', () => {
  test.each([['a 500 after acceptance', '+12025500501'], ['a timeout after acceptance', '+12025500504']])('%s is settled by its callback', async (_what, phone) => {
    const sent = await send(phone);
    await untilTrue(async () => (await now(sent))['delivered'] === true, 'the callback');
    expect(await now(sent)).toMatchObject({ state: 'handed_off', message: 'handed_off', step: 1, providerMessageId: kept(sent)[0]?.sid });
    expect(kept(sent)).toHaveLength(1);
  });

  test('without a callback the vendor\'s list settles it, some minutes later', async () => {
    sending.vendor.setCallbacks({ order: 'none' });
    const sent = await send('+12025500501');
    expect(await now(sent)).toMatchObject({ state: 'unknown', message: 'unknown' });
    keepTimes();
    expect(await sending.settle()).toEqual({ next: null, asked: 0, settled: 0 });
    sending.clock.advance(4 * 60_000);
    expect(await sending.settle()).toMatchObject({ asked: 1, settled: 1 });
    expect(await now(sent)).toMatchObject({ state: 'handed_off', message: 'handed_off', delivered: true, providerMessageId: kept(sent)[0]?.sid });
    expect(await sending.settle()).toMatchObject({ asked: 0 });
    expect(kept(sent)).toHaveLength(1);
  });

  test('what the list shows twice, or not at all, stays unknown and is asked about less and less', async () => {
    sending.vendor.setCallbacks({ order: 'none' });
    const [twice, never] = [await send('+12025500501'), await send('+12025500500')];
    const [first] = kept(twice);
    if (first === undefined) throw new Error('it was not kept');
    sending.vendor.store.keep({ ...first, sid: `SM${'0'.repeat(32)}` });
    keepTimes();
    sending.clock.advance(4 * 60_000);
    expect(await sending.settle()).toEqual({ next: null, asked: 2, settled: 0 });
    sending.clock.advance(HOUR_MS + 10 * 60_000);
    expect(await sending.settle()).toMatchObject({ asked: 0 });
    expect([await now(twice), await now(never)]).toMatchObject([{ state: 'unknown' }, { state: 'unknown' }]);
    sending.clock.advance(72 * HOUR_MS);
    await sending.sendDue({}, 'sms');
    expect([await now(twice), await now(never)]).toMatchObject([{ state: 'unknown_expired' }, { state: 'unknown_expired' }]);
    expect([kept(never).length]).toEqual([0]);
  });

  test.each(['backwards', 'shuffled'] as const)('callbacks that come %s, twice each, end alike', async (order) => {
    sending.vendor.setCallbacks({ order, times: 2, delayMs: 0 });
    const sent = await send('+12025500501');
    await untilTrue(() => sending.webhooks() >= 6, 'six callbacks');
    expect(await now(sent)).toMatchObject({ state: 'handed_off', delivered: true, bounced: false });
    const receipts = await sending.database.superuser`select kind from receipts where batch_id = ${sent.ref.batchId}`;
    expect([...receipts]).toEqual([{ kind: 'delivered' }]);
  });

  /** The stand-in lives by this machine's clock, the sender by the test's. */
  function keepTimes(): void {
    for (const sms of sending.vendor.store.list()) sending.vendor.store.keep({ ...sms, createdAt: sending.clock.now(), sentAt: sending.clock.now() });
  }
});

describe('a phone answers what it was sent', () => {
  test('STOP PLEASE ends what waits for it and gets one reply; the next message is not sent', async () => {
    const sent = await send('+12025550100');
    expect(await sending.vendor.reply(sent.phone, 'STOP PLEASE')).toBe('taken');
    expect(await suppressed(sent)).toEqual(['sms_stop']);
    expect(sending.vendor.store.list().filter(({ direction }) => direction === 'outbound-reply')).toMatchObject([{ to: sent.phone, body: expect.stringContaining('you get no more texts') }]);
    await expect(accept(sent.phone)).rejects.toThrow('suppressed');
    expect(await now(sent)).toMatchObject({ step: null, stopReason: 'suppressed' });
  });

  test('STOP: the vendor replies, we do not', async () => {
    const sent = await send('+12025550100');
    await sending.vendor.reply(sent.phone, 'Stop');
    expect(await suppressed(sent)).toEqual(['sms_stop']);
    expect(sending.vendor.store.list().filter(({ direction }) => direction === 'outbound-reply')).toHaveLength(1);
  });

  test('"stopped by" is no opt-out', async () => {
    const sent = await send('+12025550100');
    await sending.vendor.reply(sent.phone, 'stopped by, nice!');
    expect(await suppressed(sent)).toEqual([]);
    expect(sending.vendor.store.list().filter(({ direction }) => direction === 'outbound-reply')).toEqual([]);
  });
});
