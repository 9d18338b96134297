import { createServer } from 'node:http';
import { listen } from '../../src/api/listen.ts';
import { sayStartFailure } from '../../src/config/start-failure.ts';
import { openDatabase } from '../../db/client.ts';

test('a port that is taken is told as such, with where to set another', async () => {
  const first = await listen((_request, response) => { response.end(); }, { port: 0, host: '127.0.0.1' });
  const failure: unknown = await listen(() => {}, { port: first.port, host: '127.0.0.1' }).catch((error: unknown) => error);
  await first.close();
  expect(sayStartFailure(failure)).toBe(`Something else listens on 127.0.0.1:${String(first.port)}: stop it, or set API_PORT (or HEALTH_PORT, METRICS_PORT) to a free one.`);
});

test('a database that is away is told by its address, and nothing of the login with it', async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => { closed.listen(0, '127.0.0.1', resolve); });
  const address = closed.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await new Promise((resolve) => { closed.close(resolve); });
  const db = openDatabase({ url: `postgres://ann:sEcReT@127.0.0.1:${String(port)}/x`, name: 'test' });
  const failure: unknown = await db.sql`select 1`.catch((error: unknown) => error);
  await db.close();
  expect(sayStartFailure(failure)).toContain(`PostgreSQL does not answer at 127.0.0.1:${String(port)} (ECONNREFUSED)`);
  expect(sayStartFailure(failure)).not.toContain('sEcReT');
});

test.each([['28P01', 'password'], ['42P01', 'run migrate']])('PostgreSQL\'s %s says what to do', (code, said) => {
  expect(sayStartFailure(Object.assign(new Error('refused'), { code }))).toContain(said);
});

test('a failure of ours keeps its stack', () => {
  expect(sayStartFailure(new TypeError('x is undefined'))).toBeNull();
  expect(sayStartFailure('odd')).toBeNull();
});
