import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import { z } from 'zod';
import { startInbox } from '../../src/dev/inbox.ts';
import type { RunningInbox } from '../../src/dev/inbox.ts';
import { readDeliveries } from '../../src/dev/mail-store.ts';
import type { SinkFault, SinkStage } from '../../src/dev/sink-fault.ts';

jest.setTimeout(60_000);

let dir = '';
let inbox: RunningInbox;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'flywheel-inbox-'));
  inbox = await startInbox({ dir, sync: false });
});
afterEach(async () => {
  await inbox.stop();
  rmSync(dir, { recursive: true, force: true });
});

const HOSTILE = '<script>alert(1)</script>';

async function sendTo(address: string): Promise<void> {
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port: inbox.sink.port });
  await transport.sendMail({
    from: { name: 'App', address: 'app@example.com' },
    to: { name: '', address },
    subject: `Hello ${HOSTILE}`,
    text: `Join at https://app.example.com/l/abc?x=1&y=2. ${HOSTILE}`,
    html: `<a href="https://app.example.com/l/abc?x=1&amp;y=2">join</a><a href="javascript:alert(1)">no</a>${HOSTILE}`,
  });
}

async function get(path: string): Promise<{ status: number; policy: string; body: string }> {
  const response = await fetch(`${inbox.url}${path}`);
  return { status: response.status, policy: response.headers.get('content-security-policy') ?? '', body: await response.text() };
}

test('a mail can be found by its recipient, read with its links, and is there after a restart', async () => {
  await sendTo('Anna@example.com');
  await sendTo('ben@example.com');
  await inbox.stop();
  inbox = await startInbox({ dir, sync: false });
  const { mails } = z.object({ mails: z.array(z.object({ id: z.string(), to: z.array(z.string()) })) }).parse(JSON.parse((await get('/api/mails?to=anna@example.com')).body));
  expect(mails.map(({ to }) => to)).toEqual([['Anna@example.com']]);
  const one = z.object({ subject: z.string(), links: z.array(z.string()) }).parse(JSON.parse((await get(`/api/mails/${mails[0]?.id}`)).body));
  expect(one).toEqual({ subject: `Hello ${HOSTILE}`, links: ['https://app.example.com/l/abc?x=1&y=2'] });
});

test("a mail's own markup runs nowhere: escaped in our pages, sandboxed without an origin at its own address", async () => {
  await sendTo('anna@example.com');
  for (const path of ['/', '/mails/1']) {
    const page = await get(path);
    expect(page.status).toBe(200);
    expect(page.body).not.toContain('<script');
    expect(page.body).not.toContain('href="javascript:');
    expect(page.policy).toMatch(/^default-src 'none';/);
    expect(page.policy).not.toContain('script-src');
  }
  const foreign = await get('/mails/1/html');
  expect(foreign.policy).toMatch(/sandbox(?!.*allow-(scripts|same-origin))/);
  expect(foreign.policy).toMatch(/^default-src 'none';/);
  expect((await get('/mails/1')).body).toMatch(/<iframe sandbox="allow-popups allow-popups-to-escape-sandbox"/);
});

test('what is not there is a 404, also for hostile numbers', async () => {
  for (const path of ['/mails/7', '/mails/..%2f..%2fetc%2fpasswd', '/api/mails/__proto__', '/nowhere']) expect((await get(path)).status).toBe(404);
});

test('a request that came under a foreign host name is refused', async () => {
  const { hostname, port } = new URL(inbox.url);
  const status = await new Promise((resolve, reject) => {
    request({ hostname, port, path: '/api/mails', headers: { host: 'evil.example.com' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });
  expect(status).toBe(403);
});

const REFUSED: SinkFault = { kind: 'refuse', code: 451 };
const DROPPED: SinkFault = { kind: 'drop' };
test.each<[SinkStage, SinkFault, number]>([
  ['mail', REFUSED, 0],
  ['mail', DROPPED, 0],
  ['rcpt', REFUSED, 0],
  ['rcpt', DROPPED, 0],
  ['data', DROPPED, 0],
  ['body', REFUSED, 0],
  ['body', DROPPED, 0],
  ['answer', DROPPED, 1],
])('a fault at %s (%j) fails the sender, and the file says what was delivered: %i', async (stage, fault, delivered) => {
  inbox.sink.setFault((moment) => (moment.stage === stage ? fault : undefined));
  await expect(sendTo('anna@example.com')).rejects.toThrow(/451|closed/i);
  expect(readDeliveries(dir)).toHaveLength(delivered);
  inbox.sink.setFault(undefined);
  await sendTo('anna@example.com');
  expect(readDeliveries(dir)).toHaveLength(delivered + 1);
});
