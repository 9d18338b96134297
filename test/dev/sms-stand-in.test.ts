import { PHONE, sms, startSmsApp, until } from './sms-app.ts';
import type { SmsApp } from './sms-app.ts';

jest.setTimeout(60_000);

let app: SmsApp;
beforeEach(async () => { app = await startSmsApp(); });
afterEach(() => app.stop());

describe('status callbacks come signed, under the attempt\'s path', () => {
  test.each([
    [{ order: 'forwards' }, ['queued', 'sent', 'delivered']],
    [{ order: 'backwards' }, ['delivered', 'sent', 'queued']],
    [{ order: 'forwards', times: 2 }, ['queued', 'queued', 'sent', 'sent', 'delivered', 'delivered']],
  ] as const)('%j', async (plan, statuses) => {
    app.vendor.setCallbacks({ ...plan, delayMs: 0 });
    expect(await app.transport.send(sms())).toMatchObject({ outcome: 'handed_off' });
    await until(() => app.requests.length >= statuses.length);
    expect(app.toldStatuses()).toEqual({ statuses, known: { status: 'delivered', errorCode: null } });
  });

  test('shuffled and three times each they still end as delivered', async () => {
    app.vendor.setCallbacks({ order: 'shuffled', times: 3, delayMs: 1 });
    await app.transport.send(sms());
    await until(() => app.requests.length >= 9);
    expect(app.toldStatuses().known).toEqual({ status: 'delivered', errorCode: null });
  });

  test.each([30003, 30007])('a message that is taken and not delivered brings the code %i', async (code) => {
    const to = `+120255${String(code)}`;
    expect(await app.transport.send(sms({ to }))).toMatchObject({ outcome: 'handed_off' });
    await until(() => app.requests.length >= 3);
    expect(app.toldStatuses().known).toEqual({ status: 'undelivered', errorCode: code });
  });

  test('a 500 after acceptance is settled by its callback', async () => {
    expect(await app.transport.send(sms({ to: '+12025500501' }))).toMatchObject({ outcome: 'unknown' });
    await until(() => app.requests.length >= 3);
    expect(app.toldStatuses().known?.status).toBe('delivered');
  });
});

test.each([
  ['+12025521610', { outcome: 'permanent', reason: 'opted_out', suppress: true }, 0],
  ['+12025521211', { outcome: 'permanent', reason: 'number_unavailable', suppress: true }, 0],
  ['+12025521614', { outcome: 'permanent', reason: 'number_unavailable', suppress: true }, 0],
  ['+12025500429', { outcome: 'retry', reason: 'rate_limited', retryAfterMs: 5_000 }, 0],
  ['+12025500500', { outcome: 'unknown' }, 0],
  ['+12025500504', { outcome: 'unknown' }, 1],
])('the number %s fails as its ending says', async (to, outcome, kept) => {
  expect(await app.transport.send(sms({ to }))).toMatchObject(outcome);
  expect(app.vendor.store.list()).toHaveLength(kept);
});

describe('a phone answers', () => {
  test('the app hears it, signed, and what its TwiML says goes back', async () => {
    app.answer = '<?xml version="1.0"?><Response><Message>Ben &amp; Zoë say &lt;hi&gt;</Message></Response>';
    await app.transport.send(sms());
    expect(await app.vendor.reply(PHONE, 'stopped by, nice 🎉')).toBe('taken');
    expect(app.inbound()).toMatchObject([{ from: PHONE, to: app.vendor.account.number, text: 'stopped by, nice 🎉', optOutType: null }]);
    expect(app.vendor.store.list().at(-1)).toMatchObject({ direction: 'outbound-reply', to: PHONE, body: 'Ben & Zoë say <hi>' });
  });

  test('STOP: the vendor replies itself and takes nothing more for this phone, until START', async () => {
    app.answer = '<Response><Message>A second reply</Message></Response>';
    await app.transport.send(sms());
    await app.vendor.reply(PHONE, ' stop ');
    expect(app.vendor.store.list().map(({ body }) => body)).not.toContain('A second reply');
    expect(app.vendor.store.list().at(-1)?.body).toMatch(/unsubscribed/);
    expect(await app.transport.send(sms())).toMatchObject({ outcome: 'permanent', reason: 'opted_out' });
    await app.vendor.reply(PHONE, 'START');
    expect(await app.transport.send(sms())).toMatchObject({ outcome: 'handed_off' });
  });

  test('STOP PLEASE is no keyword of the vendor\'s: that is ours to honour', async () => {
    await app.transport.send(sms());
    await app.vendor.reply(PHONE, 'STOP PLEASE');
    expect(app.vendor.store.list().filter(({ direction }) => direction === 'outbound-reply')).toEqual([]);
    expect(await app.transport.send(sms())).toMatchObject({ outcome: 'handed_off' });
  });

  test('without an app that takes it, it is kept and the page says so', async () => {
    app.vendor.setInboundWebhook('http://127.0.0.1:9/nobody');
    expect(await app.vendor.reply(PHONE, 'hello')).toBe('not_taken');
    expect(app.vendor.store.list()).toMatchObject([{ direction: 'inbound', body: 'hello' }]);
  });
});
