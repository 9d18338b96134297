import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { makeInvitation, makeLiveProgram, openFresh } from '../support/landing.ts';
import { useLanding } from '../support/use-landing.ts';

const { api, tenant, invite } = useLanding();

type Fetched = { status: number; headers: IncomingHttpHeaders; bytes: Buffer };

/** As programs fetch pictures. */
function fetchCard(path: string, { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {}): Promise<Fetched> {
  return new Promise((done, failed) => {
    const { hostname, port } = new URL(api.url);
    const sent = request({ hostname, port, path, method, agent: false, headers: { host: 'flywheel.example', 'user-agent': 'facebookexternalhit/1.1', ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', failed);
      response.on('end', () => { done({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(chunks) }); });
    });
    sent.on('error', failed);
    sent.end();
  });
}

test('a card is a PNG that may be kept and shown anywhere; the same again is not sent again; it is no visit', async () => {
  const { code } = await invite();
  const { status, headers, bytes } = await fetchCard(`/i/${code}/card.png`);
  expect([status, headers['content-type'], bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([200, 'image/png', 1200, 630]);
  expect(headers).toMatchObject({ 'cache-control': 'public, max-age=3600', 'cross-origin-resource-policy': 'cross-origin', 'content-length': String(bytes.length) });
  expect(headers['set-cookie']).toBeUndefined();
  const again = await fetchCard(`/i/${code}/card.png`, { headers: { 'if-none-match': `W/"x", ${String(headers.etag)}` } });
  expect([again.status, again.bytes.length]).toEqual([304, 0]);
  const head = await fetchCard(`/i/${code}/card.png`, { method: 'HEAD' });
  expect([head.status, head.bytes.length, head.headers.etag]).toEqual([200, 0, headers.etag]);
  expect(await api.database.superuser`select 1 from touches where code = ${code}`).toHaveLength(0);
});

test('it shows figures and language, and nothing of who invites: another name is the same picture', async () => {
  const [one, renamed, scored] = [await invite(), await invite({ inviter: 'Someone Else' }), await invite({ input: { score: 9 } })];
  const etagOf = async (path: string) => (await fetchCard(path)).headers.etag;
  const etag = await etagOf(`/i/${one.code}/card.png`);
  expect(await etagOf(`/i/${renamed.code}/card.png`)).toBe(etag);
  expect(await etagOf(`/i/${scored.code}/card.png`)).not.toBe(etag);
  expect(await etagOf(`/i/${one.code}/card.png?lang=de`)).not.toBe(etag);
  expect(await etagOf(`/i/${one.code}/card.png?lang=xx&lang=yy`)).toBe(etag);
});

test('a cache that keeps a card keeps it for readers of that language alone', async () => {
  const { code } = await invite();
  for (const headers of [{}, { 'accept-language': 'de' }]) expect((await fetchCard(`/i/${code}/card.png`, { headers })).headers.vary).toBe('Accept-Language');
});

test('the address on the page is that of the card, and changes with what is on it', async () => {
  const { code, runId } = await invite();
  const imageOf = async () => /property="og:image" content="([^"]+)"/.exec((await openFresh(api, `/i/${code}`)).text)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const before = await imageOf();
  expect((await fetchCard(new URL(before).pathname + new URL(before).search)).status).toBe(200);
  await api.database.superuser`update runs set input = input || '{"score": 3}' where id = ${runId}`;
  expect(await imageOf()).not.toBe(before);
});

test('a tenant\'s hostile name is painted all the same', async () => {
  const odd = await api.makeTenant({ name: '\u202e😀<svg onload=1>العربية' });
  const { code } = await makeInvitation(api, odd, await makeLiveProgram(api, odd));
  expect((await fetchCard(`/i/${code}/card.png`)).status).toBe(200);
});

test('there is none for a forged code, a link of no run, a revoked one, or another host: 404, kept by nobody', async () => {
  const { code } = await invite();
  const { body } = await api.send(tenant, 'POST', '/v1/links', { destination: 'https://app.kite.example/x' });
  const elsewhere = await fetchCard(`/i/${code}/card.png`, { headers: { host: 'elsewhere.example' } });
  await api.database.superuser`update links set revoked_at = ${api.clock.now()} where code = ${code}`;
  const gone = [elsewhere, await fetchCard('/i/zzzzzzzzzzz2zzzz/card.png'), await fetchCard(`/i/${String(body['code'])}/card.png`), await fetchCard(`/i/${code}/card.png`)];
  expect(gone.map(({ status, headers }) => [status, headers['cache-control']])).toEqual(gone.map(() => [404, 'no-store']));
  expect((await fetchCard(`/i/${code}/card.png`, { method: 'POST' })).status).toBe(405);
});

test('who asks too often is told when to come again', async () => {
  const { code } = await invite();
  const statuses = new Set<number>();
  for (let i = 0; i < 130 && !statuses.has(429); i += 1) statuses.add((await fetchCard(`/i/${code}/card.png`, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status);
  expect([...statuses].toSorted()).toEqual([200, 429]);
});
