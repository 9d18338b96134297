import postgres from 'postgres';
import { openDatabase } from '../../db/client.ts';
import { patienceOf } from '../../db/patience.ts';
import { quietSockets } from '../../db/quiet-socket.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

const QUIET_MS = 300;
const PROCESSES = ['flywheel api', 'flywheel limits', 'flywheel relay', 'flywheel worker'];

let database: TestDatabase;
let quiet: postgres.Sql;
beforeAll(async () => {
  database = await openTestDatabase();
  const socket = { socket: quietSockets(QUIET_MS) };
  quiet = postgres(database.ownerUrl, { max: 2, idle_timeout: QUIET_MS / 2000, onnotice: () => {}, connection: { application_name: 'test quiet' }, ...socket });
});
afterAll(async () => {
  await quiet.end({ timeout: 1 });
  await database.superuser`select pg_terminate_backend(pid, 1000) from pg_stat_activity where application_name = 'test quiet'`;
  await database.drop();
});

test.each(PROCESSES)('%s: the server ends what is slow before we take it for hung, and nothing idle is taken for hung', (name) => {
  const { connectMs, statementMs, lockMs, idleInTransactionMs, idleMs, quietMs } = patienceOf(name);
  for (const limitMs of [connectMs, statementMs, lockMs, idleMs]) expect(limitMs).toBeLessThan(quietMs);
  expect(Math.min(connectMs, statementMs, idleInTransactionMs, idleMs)).toBeGreaterThan(0);
});

test('the limits are set on the connection itself', async () => {
  const api = openDatabase({ url: database.ownerUrl, role: 'flywheel_app', max: 1, name: 'flywheel api' });
  try {
    const set = await api.sql<{ name: string; setting: string }[]>`
      select name, setting from pg_settings where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'tcp_keepalives_idle') order by name`;
    const { statementMs, lockMs, idleInTransactionMs } = patienceOf('flywheel api');
    expect(set.map(({ setting }) => Number(setting))).toEqual([idleInTransactionMs, lockMs, statementMs, 60]);
  } finally {
    await api.close();
  }
});

test('a server that is silent while it owes an answer is given up, and the pool goes on', async () => {
  const askedAt = performance.now();
  await expect(quiet`select pg_sleep(20)`).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  expect(performance.now() - askedAt).toBeGreaterThanOrEqual(QUIET_MS - 20);
  expect(await quiet`select 1 as one`).toEqual([{ one: 1 }]);
});

test('a subscription may be silent for as long as it likes', async () => {
  let lost = 0;
  const heard = new Promise<string>((resolve) => {
    void quiet.listen('test_channel', resolve, () => { lost += 1; });
  });
  await quiet`select 1`;
  await new Promise((wake) => { setTimeout(wake, 3 * QUIET_MS); });
  await database.owner.notify('test_channel', 'still here');
  expect([await heard, lost]).toEqual(['still here', 1]);
});
