import { openDatabase } from '../../db/client.ts';
import { tellStreams } from '../../db/write/tell-streams.ts';
import { MOST_STREAMS, streamHubOf } from '../../src/api/stream-hub.ts';
import { deferred } from '../../src/dev/deferred.ts';
import { makeId } from '../../src/domain/ids.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';

const A = makeId('tnt', 1_780_000_000_000, new Uint8Array(10).fill(1));
const B = makeId('tnt', 1_780_000_000_000, new Uint8Array(10).fill(2));
const C = makeId('tnt', 1_780_000_000_000, new Uint8Array(10).fill(3));
const log = createLogger({ level: 'silent' });
let database: TestDatabase;
beforeAll(async () => { database = await openTestDatabase(); });
afterAll(() => database.drop());

const tell = (tenantId: TenantId, ...topics: string[]) => database.app.asTenant(tenantId, async (tx) => { tellStreams(tx, { tenantId, topics }); });
/** Subscribes and counts; ready once the hub listens. */
async function hear(hub: ReturnType<typeof streamHubOf>, tenantId: TenantId, topic: string) {
  let heard = deferred<void>();
  let times = 0;
  const stop = hub.subscribe(tenantId, topic, () => { times += 1; heard.resolve(); });
  for (let tries = 0; times === 0 && tries < 200; tries += 1) {
    await tell(tenantId, topic);
    await Promise.race([heard.promise, new Promise((resolve) => { setTimeout(resolve, 50); })]);
  }
  return { stop, times: () => times, next: () => { heard = deferred<void>(); return heard.promise; } };
}

test('what one process commits wakes the streams of another; other topics and tenants stay asleep', async () => {
  const other = openDatabase({ url: database.ownerUrl, role: 'flywheel_app', max: 2 });
  try {
    const [here, there] = [streamHubOf({ db: database.app, log }), streamHubOf({ db: other, log })];
    expect(streamHubOf({ db: other, log })).toBe(there);
    const [one, two] = [await hear(here, A, 'run/run_1'), await hear(there, A, 'run/run_1')];
    const [quiet, foreign] = [await hear(there, A, 'run/run_2'), await hear(there, B, 'run/run_1')];
    const before = [quiet.times(), foreign.times()];
    const woken = Promise.all([one.next(), two.next()]);
    await tell(A, 'run/run_1', 'board/7');
    await woken;
    expect([quiet.times(), foreign.times()]).toEqual(before);
    const last = two.times();
    two.stop();
    const again = one.next();
    await tell(A, 'run/run_1');
    await again;
    expect(two.times()).toBe(last);
  } finally {
    await other.close();
  }
});

test('what is rolled back wakes nobody, and what is told twice in a transaction arrives once', async () => {
  const hub = streamHubOf({ db: database.app, log });
  const one = await hear(hub, A, 'board/rolled');
  const before = one.times();
  await expect(database.app.asTenant(A, async (tx) => { tellStreams(tx, { tenantId: A, topics: ['board/rolled'] }); throw new Error('no'); })).rejects.toThrow('no');
  const next = one.next();
  await tell(A, 'board/rolled', 'board/rolled');
  await next;
  await tell(A, 'board/else');
  expect(one.times()).toBe(before + 1);
});

test('after its connection was cut the hub listens again, and wakes everybody for what it did not hear', async () => {
  const hub = streamHubOf({ db: database.app, log });
  const one = await hear(hub, A, 'feed/mbr_1');
  const woken = one.next();
  await database.superuser`select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%' and datname = current_database() and pid <> pg_backend_pid()`;
  await woken;
  const before = one.times();
  const again = one.next();
  for (let tries = 0; tries < 100; tries += 1) await tell(A, 'feed/mbr_1');
  await again;
  expect(one.times()).toBeGreaterThan(before);
});

test.each(['', 'feed', 'feed/', '/x', 'feed/a b', 'feed/a\nb', 'Feed/x', `feed/${'x'.repeat(200)}`, 'feed/a/b'])('%j is no topic', async (topic) => {
  await expect(tell(A, topic)).rejects.toThrow('no topic');
});

test('one tenant never has all places: the rest is for others, and what it gives back it may take again', () => {
  const hub = streamHubOf({ db: database.app, log });
  const places = Array.from({ length: MOST_STREAMS.tenant }, (_, n) => hub.enter(C, `member ${String(n)}`));
  expect(places.filter(({ outcome }) => outcome !== 'entered')).toEqual([]);
  expect([hub.enter(C, 'member next').outcome, hub.enter(B, 'member next').outcome]).toEqual(['too_many_of_tenant', 'entered']);
  const [first] = places;
  if (first?.outcome !== 'entered') throw new Error('no place');
  first.leave();
  expect([hub.enter(C, 'member next').outcome, hub.enter(C, 'member other').outcome]).toEqual(['entered', 'too_many_of_tenant']);
  expect(MOST_STREAMS.tenant).toBeLessThanOrEqual(MOST_STREAMS.process / 4);
});

test('places are counted by who takes them, and given back once', () => {
  const hub = streamHubOf({ db: database.app, log });
  const places = Array.from({ length: MOST_STREAMS.who }, () => hub.enter(A, 'member mbr_1'));
  expect(places.map(({ outcome }) => outcome)).toEqual(places.map(() => 'entered'));
  expect([hub.enter(A, 'member mbr_1').outcome, hub.enter(A, 'member mbr_2').outcome, hub.enter(B, 'member mbr_1').outcome]).toEqual(['too_many_of_one', 'entered', 'entered']);
  const [first] = places;
  if (first?.outcome !== 'entered') throw new Error('no place');
  first.leave();
  first.leave();
  expect([hub.enter(A, 'member mbr_1').outcome, hub.enter(A, 'member mbr_1').outcome]).toEqual(['entered', 'too_many_of_one']);
});
