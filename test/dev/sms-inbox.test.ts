import { appendFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { HOSTILE, PHONE, sms, startSmsApp } from './sms-app.ts';
import type { SmsApp } from './sms-app.ts';

jest.setTimeout(60_000);

let app: SmsApp;
beforeEach(async () => { app = await startSmsApp(); });
afterEach(() => app.stop());

async function get(path: string, init: RequestInit = {}): Promise<{ status: number; headers: Headers; body: string }> {
  const response = await fetch(`${app.vendor.url}${path}`, { redirect: 'manual', ...init });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

describe('the page', () => {
  test('shows phones and threads; nothing in a message runs, links open beside it', async () => {
    await app.transport.send(sms());
    for (const path of ['/', `/phones/${encodeURIComponent(PHONE)}`, `/?phone=${encodeURIComponent(HOSTILE)}`]) {
      const page = await get(path);
      expect(page.status).toBe(200);
      expect(page.body).not.toContain('<script');
      expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none';(?!.*script-src)/);
    }
    const thread = await get(`/phones/${encodeURIComponent(PHONE)}`);
    expect(thread.body).toContain('<a href="https://go.example.com/l/abc?x=1&amp;y=2" target="_blank" rel="noopener noreferrer">');
    expect(thread.body).toContain('1 segment GSM-7');
    expect((await get(`/?phone=${PHONE.slice(4)}`)).body).toContain(PHONE);
    expect((await get('/?phone=999')).body).toContain('No SMS to 999');
  });

  test('its form answers as the phone and says what became of it', async () => {
    await app.transport.send(sms());
    const path = `/phones/${encodeURIComponent(PHONE)}`;
    const posted = await get(`${path}/reply`, { method: 'POST', body: new URLSearchParams({ body: `Yes ${HOSTILE}` }), headers: { origin: app.vendor.url } });
    expect(posted.status).toBe(303);
    expect(posted.headers.get('location')).toBe(`${path}?reply=taken`);
    expect(app.inbound().map(({ text }) => text)).toEqual([`Yes ${HOSTILE}`]);
    expect((await get(`${path}?reply=taken`)).body).toContain('The app has taken the answer.');
    expect((await get(`${path}?reply=${encodeURIComponent(HOSTILE)}`)).body).not.toContain(HOSTILE);
    expect((await get(`${path}/reply`, { method: 'POST', body: new URLSearchParams({ body: '' }) })).status).toBe(400);
  });

  test.each(['/phones/nobody', '/phones/..%2f..%2fetc', '/nowhere', '/api/nowhere'])('%s is a 404', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  test('a form that another site posts is refused, and a request under a foreign host name', async () => {
    const foreign = await get(`/phones/${encodeURIComponent(PHONE)}/reply`, { method: 'POST', body: new URLSearchParams({ body: 'STOP' }), headers: { origin: 'https://evil.example' } });
    expect(foreign.status).toBe(403);
    expect(app.vendor.store.list()).toEqual([]);
    const { hostname, port } = new URL(app.vendor.url);
    const status = await new Promise((resolve, reject) => {
      request({ hostname, port, path: '/api/messages', headers: { host: 'evil.example.com' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).once('error', reject).end();
    });
    expect(status).toBe(403);
  });
});

describe('the control', () => {
  const put = (body: unknown): Promise<{ status: number; body: string }> => get('/api/faults', { method: 'PUT', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

  test('plans a fault for one number, so many times, and takes it back', async () => {
    expect((await put({ rules: [{ to: PHONE, fault: { kind: 'refused', code: 21610 }, times: 1 }], callbacks: { order: 'none' } })).status).toBe(204);
    expect(await app.transport.send(sms({ to: '+15005550011' }))).toMatchObject({ outcome: 'handed_off' });
    expect(await app.transport.send(sms())).toMatchObject({ reason: 'opted_out' });
    expect(await app.transport.send(sms())).toMatchObject({ outcome: 'handed_off' });
    await put({ rules: [{ fault: { kind: 'fails_before' } }] });
    expect(await app.transport.send(sms())).toMatchObject({ outcome: 'unknown' });
    await put({});
    expect(await app.transport.send(sms())).toMatchObject({ outcome: 'handed_off' });
  });

  test.each([{ rules: [{ fault: { kind: 'explodes' } }] }, { rules: 1 }, { callbacks: { times: 100 } }])('%j is refused in words', async (body) => {
    expect(await put(body)).toMatchObject({ status: 400, body: expect.stringContaining('error') });
  });

  test('answers and messages go by its API too', async () => {
    const reply = await get('/api/replies', { method: 'POST', body: JSON.stringify({ from: PHONE, body: 'hi' }), headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(reply.body)).toEqual({ outcome: 'taken' });
    expect(JSON.parse((await get(`/api/messages?phone=${encodeURIComponent(PHONE)}`)).body)).toMatchObject({ messages: [{ direction: 'inbound', body: 'hi' }] });
  });
});

test('only the account with its token may use the vendor\'s API', async () => {
  const path = `/2010-04-01/Accounts/${app.vendor.account.accountSid}/Messages.json`;
  expect(await get(path)).toMatchObject({ status: 401, body: expect.stringContaining('20003') });
  const authorization = `Basic ${Buffer.from(`${app.vendor.account.accountSid}:${app.vendor.account.authToken}`).toString('base64')}`;
  expect((await get(path, { headers: { authorization } })).status).toBe(200);
  expect((await get(path.replace('AC0', 'AC1'), { headers: { authorization } })).status).toBe(404);
});

test('messages are there after a restart, but for a line that a crash cut off', async () => {
  await app.transport.send(sms());
  await app.restart(() => appendFileSync(join(app.dir, 'sms.jsonl'), '{"sid":"SM'));
  expect(app.vendor.store.list()).toMatchObject([{ to: PHONE, status: 'delivered' }]);
  await app.transport.send(sms());
  expect(app.vendor.store.list()).toHaveLength(2);
});
