import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { upload } from '../support/imports.ts';

/* Files as they come over the wire: in pieces, without end, too many at once. */
let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
});
afterEach(async () => {
  await api.database.superuser`delete from outbox`;
  await api.database.superuser`delete from imports`;
});
afterAll(() => api.close());

const imports = async (): Promise<number> => (await api.database.superuser`select 1 from imports`).length;

/** Looks until so many imports are there; throws where that takes more than some seconds. */
async function untilThereAre(count: number): Promise<void> {
  for (let looks = 0; looks < 1_000; looks += 1) {
    if (await imports() === count) return;
    await new Promise((wake) => { setTimeout(wake, 10); });
  }
  throw new Error(`there are ${String(await imports())} imports and not ${String(count)}`);
}

/** A request whose body the test writes by itself. */
function open(headers: Record<string, string> = {}, answered: (response: IncomingMessage) => void = () => {}): ClientRequest {
  const sending = httpRequest(`${api.url}/v1/imports?kind=members`, {
    method: 'POST', headers: { authorization: `Bearer ${tenant.secret}`, 'content-type': 'text/csv', 'idempotency-key': randomUUID(), ...headers },
  }, answered);
  sending.once('error', () => {});
  return sending;
}

test('a sender who hangs up in the middle leaves nothing', async () => {
  const sending = open();
  sending.write(`externalId\n${Array.from({ length: 3_000 }, (_none, i) => `m${String(i)}`).join('\n')}`);
  await untilThereAre(1);
  sending.destroy();
  await untilThereAre(0);
  expect(await api.database.superuser`select 1 from import_rows`).toHaveLength(0);
});

test('a file that says it is too large is refused before a byte of it is read', async () => {
  const status = await new Promise<number | undefined>((done) => {
    const sending = open({ 'content-length': String(50 * 1_048_576 + 1) }, (response) => {
      response.resume();
      done(response.statusCode);
      sending.destroy();
    });
    sending.flushHeaders();
  });
  expect(status).toBe(413);
});

test('a file that turns out too large is refused, however it is sent', async () => {
  const blank = Buffer.from(`${' '.repeat(60_000)},\n`); // passed over
  const reply = await new Promise<{ status: number | undefined; text: string }>((done) => {
    const sending = open({}, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => { text += piece; }).on('end', () => { done({ status: response.statusCode, text }); });
    });
    sending.write('externalId,name\n');
    for (let sent = 0; sent <= 50 * 1_048_576; sent += blank.length) sending.write(blank);
    sending.end();
  });
  expect(reply).toMatchObject({ status: 413, text: expect.stringContaining('file_too_large') });
  expect(await imports()).toBe(0);
}, 60_000);

test('more than eight files at once are asked to come again', async () => {
  const eight = Array.from({ length: 8 }, (_none, i) => {
    const sending = open();
    sending.write(`externalId\nhere${String(i)}\n`);
    return sending;
  });
  await untilThereAre(8);
  const ninth = await upload(api, tenant, 'kind=members', 'externalId\nninth\n');
  expect([ninth.status, ninth.headers.get('retry-after')]).toEqual([503, '5']);
  for (const sending of eight) sending.destroy();
  await untilThereAre(0);
  expect((await upload(api, tenant, 'kind=members', 'externalId\nninth\n')).status).toBe(202);
});
