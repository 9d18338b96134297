import { Client, Connection } from '@temporalio/client';
import { MOST_COUNTED, outboxAge } from '../../db/read/outbox-age.ts';
import { createRegistry } from '../../src/telemetry/metrics/registry.ts';
import { watchRelay } from '../../src/telemetry/relay-watch.ts';
import { NO_TRACING } from '../../src/telemetry/tracing/tracing.ts';
import { deferred } from '../../src/dev/deferred.ts';
import { startRelay } from '../../src/relay/relay.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { makeTestTenant, NOON } from '../support/api.ts';
import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => { database = await openTestDatabase(); });
afterAll(() => database.drop());

test('an empty outbox has no oldest row; a long one is counted up to a bound', async () => {
  expect(await outboxAge(database.relay.sql)).toEqual({ waiting: 0, oldestAt: null });
  const { tenantId } = await makeTestTenant(database, NOON);
  await database.superuser`insert into outbox (tenant_id, kind, lane, created_at) select ${tenantId}, 'nudge', 'email-0', ${NOON}::timestamptz + n * interval '1 second' from generate_series(1, ${MOST_COUNTED + 5}::int) n`;
  expect(await outboxAge(database.relay.sql)).toEqual({ waiting: MOST_COUNTED, oldestAt: NOON + 1000 });
});

test('the relay\'s own loop tells how much waits, also while Temporal is away', async () => {
  const registry = createRegistry({ role: 'relay', version: 'test' });
  const counted = deferred<void>();
  const away = Connection.lazy({ address: '127.0.0.1:1' });
  await away.close();
  const relay = await startRelay({
    db: database.relay,
    clock: { now: () => NOON + 61_000, skewMs: () => 0, close: () => {} },
    client: new Client({ connection: away }),
    log: createLogger({ level: 'silent' }),
    prepareTemporal: async () => {},
    watch: watchRelay({ registry, tracing: NO_TRACING }),
    onProgress() {
      void registry.getSingleMetric('flywheel_outbox_waiting_rows')?.get().then(({ values }) => { if ((values[0]?.value ?? 0) > 0) counted.resolve(); });
    },
  });
  await counted.promise;
  const stopped = relay.stop();
  const text = await registry.metrics();
  expect(text).toContain(`flywheel_outbox_waiting_rows ${String(MOST_COUNTED)}\n`);
  expect(text).toContain('flywheel_outbox_oldest_age_seconds 60\n');
  expect(text).toContain('flywheel_lanes_late 0\n');
  expect(text).toMatch(/flywheel_nudges_total\{cause="outbox",outcome="failed"\} [1-9]/);
  await stopped;
});
