import { Client, Connection } from '@temporalio/client';
import { deferred } from '../../src/dev/deferred.ts';
import { startRelay } from '../../src/relay/relay.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => { database = await openTestDatabase(); });
afterAll(() => database.drop());

/** Nothing is handed over here: Temporal is never asked. */
const connection = Connection.lazy({ address: '127.0.0.1:1' });
const rest = {
  clock: { now: () => Date.parse('2026-06-10T12:00:00Z'), skewMs: () => 0, close: () => {} },
  client: new Client({ connection }),
  log: createLogger({ level: 'silent' }),
};

test('a relay that goes round makes progress, also with nothing to do', async () => {
  const rounds = deferred<void>();
  let count = 0;
  const relay = await startRelay({ ...rest, db: database.relay, prepareTemporal: async () => {}, onProgress: () => { if ((count += 1) === 6) rounds.resolve(); } });
  await rounds.promise;
  await relay.stop();
  const atStop = count;
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(count).toBe(atStop);
});

test('a relay that hangs makes none, and stops once it is let go', async () => {
  const hang = deferred<void>();
  const asked = deferred<void>();
  let count = 0;
  const relay = await startRelay({
    ...rest, db: database.relay, onProgress: () => { count += 1; },
    prepareTemporal: () => { asked.resolve(); return hang.promise; },
  });
  await asked.promise;
  await database.relay.sql`select pg_sleep(0.2)`;
  expect(count).toBe(0);
  const stopped = relay.stop();
  hang.resolve();
  await stopped;
});
