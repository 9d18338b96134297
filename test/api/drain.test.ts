import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { deferred } from '../../src/dev/deferred.ts';
import { listen } from '../../src/api/listen.ts';
import type { Listening } from '../../src/api/listen.ts';
import { openTestApi } from '../support/api.ts';
import type { TestApi } from '../support/api.ts';

describe('readiness', () => {
  const draining = new AbortController();
  let api: TestApi;
  beforeAll(async () => { api = await openTestApi({ draining: draining.signal }); });
  afterAll(() => api.close());

  test('told to stop, /readyz says 503 at once, while requests are still answered', async () => {
    expect((await api.send(null, 'GET', '/readyz')).status).toBe(200);
    draining.abort();
    const ready = await api.send(null, 'GET', '/readyz');
    expect([ready.status, ready.body]).toEqual([503, { status: 'not_ready', reason: 'draining' }]);
    expect((await api.send(null, 'GET', '/healthz')).status).toBe(200);
    const tenant = await api.makeTenant();
    expect((await api.send(tenant, 'GET', '/v1/programs')).status).toBe(200);
  });
});

describe('connections', () => {
  let server: Listening;
  let arrived = deferred<void>();
  let release = deferred<void>();
  const agent = new Agent({ keepAlive: true });
  beforeEach(async () => {
    [arrived, release] = [deferred<void>(), deferred<void>()];
    server = await listen((incoming, response) => {
      if (incoming.url !== '/slow') { response.end('quick'); return; }
      arrived.resolve();
      void release.promise.then(() => response.end('slow'));
    }, { port: 0, host: '127.0.0.1' });
  });
  afterEach(() => server.close(0));
  afterAll(() => { agent.destroy(); });

  /** One request on a connection that the client would like to keep. */
  async function get(path: string): Promise<{ connection: string | undefined; body: string }> {
    const outgoing = request(`${server.url}${path}`, { agent }).end();
    const response = await answerTo(outgoing);
    return { connection: response.headers.connection, body: await text(response) };
  }

  test('an answer keeps its connection until the API drains, and ends it from then on', async () => {
    expect(await get('/')).toEqual({ connection: 'keep-alive', body: 'quick' });
    const slow = get('/slow');
    await arrived.promise;
    server.drain();
    expect(await get('/')).toEqual({ connection: 'close', body: 'quick' });
    release.resolve();
    expect(await slow).toEqual({ connection: 'close', body: 'slow' });
  });

  test('closing finishes the request that runs, takes no further one, and waits for nobody who is silent', async () => {
    const idle = get('/');
    await idle;
    const silent = connect(server.port, '127.0.0.1');
    await once(silent, 'connect');
    silent.on('error', () => {});
    const silentEnds = once(silent, 'close');
    const slow = get('/slow');
    await arrived.promise;
    const closed = server.close();
    await silentEnds;
    await expect(get('/')).rejects.toThrow(/ECONNREFUSED|ECONNRESET/);
    release.resolve();
    expect((await slow).body).toBe('slow');
    await closed;
  });

  test('a request that does not end is cut after the grace', async () => {
    const cut = get('/slow').then(() => 'answered', String);
    await arrived.promise;
    await server.close(50);
    expect(await cut).toMatch(/socket hang up|ECONNRESET/);
  });
});

async function answerTo(outgoing: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('response', (response) => { resolve(response); });
    outgoing.once('error', reject);
  });
}
