import { checkWebhookUrl } from '../../src/providers/webhook/check-url.ts';
import { isInternalAddress } from '../../src/providers/webhook/internal-address.ts';
import { postWebhook, type PostOptions } from '../../src/providers/webhook/post.ts';
import type { HostAddress } from '../../src/providers/webhook/resolve-host.ts';
import { openWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

let receiver: WebhookReceiver;
beforeAll(async () => { receiver = await openWebhookReceiver(); });
afterAll(() => receiver.close());
beforeEach(() => { receiver.received.length = 0; });

const asAddress = (address: string): HostAddress => ({ address, family: address.includes(':') ? 6 : 4 });
const post = (url: string, more: Partial<PostOptions> = {}) =>
  postWebhook({ url, headers: { 'webhook-id': 'msg_1' }, body: '{"a":"ä"}' }, { allowInternal: true, timeoutMs: 10_000, ...more });
const strictly = (url: string, ...addresses: string[]) => post(url, { allowInternal: false, resolve: async () => addresses.map(asAddress) });

const INTERNAL = [
  '127.0.0.1', '127.8.8.8', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1', '100.127.255.255', '100.100.100.200',
  '192.0.0.192', '168.63.129.16', '198.18.0.1', '224.0.0.1', '255.255.255.255', '192.0.2.1', '::', '::1', 'fe80::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', '::ffff:127.0.0.1', '::ffff:7f00:1',
  '::ffff:8.8.8.8', '64:ff9b::a00:1', '64:ff9b:1::1', '2002:7f00:1::', '2001::1', '2001:db8::1', '3fff::1', '100::1', '4000::1', 'fe80::1%eth0', 'not an address', '',
];
const PUBLIC = ['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '192.0.1.1', '2606:4700:4700::1111', '2a00:1450:4001:80e::200e', '2001:4860:4860::8888'];

test.each(INTERNAL)('%s is internal', (address) => { expect(isInternalAddress(address)).toBe(true); });
test.each(PUBLIC)('%s is public', (address) => { expect(isInternalAddress(address)).toBe(false); });

describe('an address is refused before anything is asked', () => {
  test.each([
    ['http://hooks.example.com/', 'bad_url'], ['ftp://hooks.example.com/', 'bad_url'], ['file:///etc/passwd', 'bad_url'], ['hooks.example.com', 'bad_url'], ['', 'bad_url'], ['https://', 'bad_url'],
    ['https:///path', 'bad_url'], ['https://user@hooks.example.com/', 'bad_url'], ['https://:secret@hooks.example.com/', 'bad_url'], ['https://hooks.example.com/#part', 'bad_url'],
    ['https://hooks.example.com\\@10.0.0.1/', 'bad_url'], ['https://hooks.example.com/ a', 'bad_url'], ['https://hooks.example.com/\n', 'bad_url'], ['https://hooks.example.com:0/', 'bad_url'],
    [`https://hooks.example.com/${'a'.repeat(500)}`, 'bad_url'], ['gopher://127.0.0.1/', 'bad_url'],
    ['https://localhost/', 'internal_address'], ['https://db.localhost/', 'internal_address'], ['https://printer.local/', 'internal_address'], ['https://metadata.google.internal/', 'internal_address'],
    ['https://intranet/', 'internal_address'], ['https://localhost./', 'internal_address'], ['https://127.0.0.1/', 'internal_address'], ['https://2130706433/', 'internal_address'],
    ['https://0x7f.1/', 'internal_address'], ['https://017700000001/', 'internal_address'], ['https://127.1/', 'internal_address'], ['https://[::1]/', 'internal_address'], ['https://[::ffff:10.0.0.1]/', 'internal_address'],
    ['https://169.254.169.254/latest/meta-data', 'internal_address'], ['https://１２７.0.0.1/', 'internal_address'],
  ])('%s: %s', async (url, reason) => {
    expect(checkWebhookUrl(url, { allowInternal: false })).toMatchObject({ outcome: 'refused', reason });
    expect(await strictly(url, '8.8.8.8')).toEqual({ outcome: 'refused', reason });
  });

  test.each(['https://hooks.example.com/', 'https://hooks.example.com:8443/a?b=c', 'https://8.8.8.8/', 'https://[2606:4700:4700::1111]/', 'HTTPS://HOOKS.EXAMPLE.COM/'])('%s is allowed', (url) => {
    expect(checkWebhookUrl(url, { allowInternal: false })).toMatchObject({ outcome: 'allowed' });
  });

  test('in development http:// and this machine are allowed, nonsense is not', () => {
    expect(checkWebhookUrl('http://localhost:3000/', { allowInternal: true })).toMatchObject({ outcome: 'allowed' });
    expect(checkWebhookUrl('javascript:alert(1)', { allowInternal: true })).toMatchObject({ reason: 'bad_url' });
  });
});

describe('a name is held against what it leads to', () => {
  test.each([['127.0.0.1'], ['169.254.169.254'], ['::1'], ['::ffff:10.0.0.1'], ['fd00:ec2::254'], ['8.8.8.8', '10.0.0.1'], ['2606:4700:4700::1111', '127.0.0.1']])('%s: never called', async (...addresses) => {
    expect(await strictly(`https://rebound.example.com:${String(receiver.port)}/`, ...addresses)).toEqual({ outcome: 'refused', reason: 'internal_address' });
    expect(receiver.received).toEqual([]);
  });

  test('the connection goes to the address that was looked at: the name is not asked a second time', async () => {
    let asked = 0;
    const resolve = async () => { asked += 1; return [asAddress('127.0.0.1')]; };
    expect(await post(`http://no-such-name.example.com:${String(receiver.port)}/named`, { resolve })).toEqual({ outcome: 'delivered', status: 204 });
    expect([asked, receiver.received[0]?.headers.host]).toEqual([1, `no-such-name.example.com:${String(receiver.port)}`]);
  });

  test('a name that is not known, or whose servers do not answer, may be known later', async () => {
    expect(await strictly('https://gone.example.com/')).toEqual({ outcome: 'retry', reason: 'dns', status: null, retryAfterMs: null });
    const failing = () => Promise.reject(Object.assign(new Error('queryA ETIMEOUT'), { code: 'ETIMEOUT', syscall: 'queryA' }));
    expect(await post('https://slow.example.com/', { allowInternal: false, resolve: failing })).toMatchObject({ outcome: 'retry', reason: 'dns' });
    const never = () => new Promise<HostAddress[]>(() => {});
    expect(await post('https://never.example.com/', { allowInternal: false, resolve: never, timeoutMs: 50 })).toMatchObject({ outcome: 'retry', reason: 'timeout' });
  });
});

describe('what the endpoint answers', () => {
  test('is posted as it was signed, and nothing of ours goes with it', async () => {
    await post(`${receiver.url}/plain?x=1`);
    const [got] = receiver.received;
    expect([got?.path, got?.body]).toEqual(['/plain?x=1', '{"a":"ä"}']);
    expect(got?.headers).toEqual({
      'webhook-id': 'msg_1', 'content-type': 'application/json', 'content-length': '10', 'user-agent': 'Flywheel-Webhooks/1', host: `127.0.0.1:${String(receiver.port)}`, connection: 'close',
    });
  });

  test.each([[200, 'delivered'], [201, 'delivered'], [299, 'delivered'], [410, 'gone'], [400, 'retry'], [404, 'retry'], [429, 'retry'], [500, 'retry'], [503, 'retry']])('%i: %s', async (status, outcome) => {
    receiver.answer('/status', status);
    expect(await post(`${receiver.url}/status`)).toMatchObject({ outcome, status });
  });

  test.each([301, 302, 307, 308])('a redirect (%i) is not followed', async (status) => {
    receiver.answer('/away', { status, headers: { location: `${receiver.url}/elsewhere` } });
    expect(await post(`${receiver.url}/away`)).toMatchObject({ outcome: 'retry', reason: 'redirect', status });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/away']);
  });

  test('the time it asks for is told, in seconds or as a date', async () => {
    const asking = (headers: Record<string, string>) => { receiver.answer('/busy', { status: 503, headers }); return post(`${receiver.url}/busy`); };
    expect(await asking({ 'retry-after': '120' })).toMatchObject({ retryAfterMs: 120_000 });
    expect(await asking({ date: 'Wed, 10 Jun 2026 12:00:00 GMT', 'retry-after': 'Wed, 10 Jun 2026 12:01:00 GMT' })).toMatchObject({ retryAfterMs: 60_000 });
    for (const text of ['soon', '-5', '1e9', '99999999999']) expect(await asking({ 'retry-after': text })).toMatchObject({ retryAfterMs: null });
  });

  test('one that says nothing is given up when its time is over', async () => {
    receiver.answer('/hang', 'hang');
    expect(await post(`${receiver.url}/hang`, { timeoutMs: 100 })).toEqual({ outcome: 'retry', reason: 'timeout', status: null, retryAfterMs: null });
  });

  test('one that drips its headers is given up when its time is over, too', async () => {
    receiver.answer('/drip', (response) => {
      response.socket?.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => { response.socket?.write('x: y\r\n'); }, 10);
      response.socket?.on('close', () => { clearInterval(timer); });
    });
    expect(await post(`${receiver.url}/drip`, { timeoutMs: 200 })).toMatchObject({ outcome: 'retry', reason: 'timeout' });
  });

  test('a body without end is not waited for: the status is known', async () => {
    let sentBytes = 0;
    receiver.answer('/huge', (response) => {
      response.writeHead(200);
      const more = (): void => {
        while (!response.destroyed && response.write('a'.repeat(16_384))) sentBytes += 16_384;
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    expect(await post(`${receiver.url}/huge`)).toEqual({ outcome: 'delivered', status: 200 });
    receiver.answer('/stalls', (response) => { response.writeHead(200).write('a'); });
    expect(await post(`${receiver.url}/stalls`, { timeoutMs: 200 })).toEqual({ outcome: 'delivered', status: 200 });
    expect(sentBytes).toBeLessThan(64 * 1024 * 1024);
  });

  test('headers without end, an answer that is none, a connection that is cut: tried again', async () => {
    receiver.answer('/headers', (response) => { response.socket?.write(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(64_000)}\r\n\r\n`); });
    receiver.answer('/noise', (response) => { response.socket?.end('hello\r\n\r\n'); });
    receiver.answer('/cut', (response) => { response.socket?.destroy(); });
    for (const path of ['/headers', '/noise', '/cut']) expect(await post(receiver.url + path)).toMatchObject({ outcome: 'retry', reason: 'connection', status: null });
    expect(await post('http://127.0.0.1:1/')).toMatchObject({ outcome: 'retry', reason: 'connection' });
  });

  test('https with what is no TLS is tried again, and not without it', async () => {
    expect(await post(`https://127.0.0.1:${String(receiver.port)}/`)).toMatchObject({ outcome: 'retry', status: null });
    expect(receiver.received).toEqual([]);
  });

  test('variables that name a proxy change nothing', async () => {
    const before = { ...process.env };
    Object.assign(process.env, { http_proxy: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1', all_proxy: 'http://127.0.0.1:1', NODE_USE_ENV_PROXY: '1' });
    try {
      expect(await post(`${receiver.url}/direct`)).toMatchObject({ outcome: 'delivered' });
    } finally {
      process.env = before;
    }
  });
});
