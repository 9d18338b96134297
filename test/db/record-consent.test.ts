import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { hasGranted, optedOut } from '../../db/read/consent.ts';
import { recordConsent, recordConsents } from '../../db/write/record-consent.ts';
import type { ConsentAct } from '../../db/write/record-consent.ts';
import { newId } from '../../src/config/new-id.ts';
import type { BatchId, TenantId } from '../../src/domain/ids.ts';
import { inviteDefinition } from '../../workflows/invite/definition.ts';
import { makeTestTenant, NOON } from '../support/api.ts';
import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';

const HOUR_MS = 3_600_000;
let database: TestDatabase;
let tenantId: TenantId;
beforeAll(async () => {
  database = await openTestDatabase();
  ({ tenantId } = await makeTestTenant(database, NOON));
});
afterAll(() => database.drop());

function act(recipientHash: Uint8Array, more: Partial<ConsentAct> = {}): ConsentAct {
  return { recipientHash, topic: '*', channel: '*', action: 'withdrawn', basis: 'opt_in', wordingVersion: 'v1', locale: 'en', source: 'api', givenAt: NOON - HOUR_MS, ...more };
}

const record = (given: ConsentAct, now = NOON) => database.app.asTenant(tenantId, (tx) => recordConsent(tx, { ...given, tenantId, now, actor: 'test' }));
const logOf = (hash: Uint8Array) => database.superuser<{ action: string; givenAt: number }[]>`select action, given_at as "givenAt" from consents where recipient_hash = ${hash} order by given_at, action`;
const stateOf = (hash: Uint8Array) => database.superuser<{ topic: string; channel: string; state: string; decidedAt: number }[]>`
  select topic, channel, state, decided_at as "decidedAt" from preferences where recipient_hash = ${hash} order by topic, channel`;

/** Whether such a message may leave, as claims and acceptance ask it. */
async function verdict(hash: Uint8Array, topic: string, channel: string): Promise<{ out: boolean; granted: boolean }> {
  const [row] = await database.app.asTenant(tenantId, (tx) => {
    const of = { tenantId, hash: tx.sql`${hash}::bytea`, topic: tx.sql`${topic}::text`, channel: tx.sql`${channel}::text` };
    return tx.sql<{ out: boolean; granted: boolean }[]>`select ${optedOut(tx, of)} as out, ${hasGranted(tx, of)} as granted`;
  });
  if (row === undefined) throw new Error('no answer');
  return row;
}

/** One waiting invite a row given, all in batches of their own, to one recipient. */
async function arrange(hash: Buffer, rows: readonly { topic: string; channel: 'email' | 'sms'; phoneHash?: Buffer }[]): Promise<BatchId[]> {
  const ids: BatchId[] = [];
  for (const { topic, channel, phoneHash } of rows) {
    const [programId, batchId] = [newId('prg', NOON), newId('bat', NOON)];
    const later = NOON + HOUR_MS;
    await database.superuser.begin(async (sql) => {
      await sql`insert into programs (id, tenant_id, loop, title, topic, created_at, updated_at) values (${programId}, ${tenantId}, 'invite', 'Test', ${topic}, ${NOON}, ${NOON})`;
      await sql`insert into program_versions (program_id, version, tenant_id, title, terms, created_at) values (${programId}, 1, ${tenantId}, 'Test', ${JSON.stringify(inviteDefinition.defaultTerms)}, ${NOON})`;
      await sql`insert into contacts (id, tenant_id, email_hash, email_sealed, created_at) values (${newId('cnt', NOON)}, ${tenantId}, ${hash}, ${randomBytes(8)}, ${NOON}) on conflict (tenant_id, email_hash) do nothing`;
      await sql`insert into invite_batches (id, tenant_id, program_id, program_version, invite_count, expires_at, created_at) values (${batchId}, ${tenantId}, ${programId}, 1, 1, ${later + 1}, ${NOON})`;
      await sql`insert into batch_lanes (batch_id, channel, tenant_id, lane, next_due_at) values (${batchId}, ${channel}, ${tenantId}, ${`${channel}-0`}, ${later})`;
      await sql`
        insert into invites (batch_id, n, tenant_id, recipient_hash, phone_hash, channel, contact_id, state, step, due_at)
        values (${batchId}, 0, ${tenantId}, ${hash}, ${phoneHash ?? null}, ${channel}, (select id from contacts where tenant_id = ${tenantId} and email_hash = ${hash}), 'waiting', 0, ${later})`;
    });
    ids.push(batchId);
  }
  return ids;
}

const fatesOf = async (ids: readonly BatchId[]): Promise<string[]> => {
  const rows = await database.superuser<{ id: BatchId; fate: string }[]>`select batch_id as id, concat_ws('/', state, reason) as fate from invites where batch_id = any(${[...ids]}::text[])`;
  return ids.map((id) => rows.find((row) => row.id === id)?.fate ?? 'gone');
};

test('an opt-in that arrives late never beats a newer opt-out, and is in the log all the same', async () => {
  const hash = randomBytes(16);
  expect((await record(act(hash, { givenAt: NOON - 1000 }))).outcome).toBe('recorded');
  expect((await record(act(hash, { action: 'granted', givenAt: NOON - 2000 }), NOON + HOUR_MS)).outcome).toBe('older_than_known');
  expect([(await logOf(hash)).map(({ action }) => action), (await stateOf(hash)).map(({ state }) => state)]).toEqual([['granted', 'withdrawn'], ['out']]);
  expect((await record(act(hash, { action: 'granted', givenAt: NOON }), NOON + HOUR_MS)).outcome).toBe('recorded');
  expect(await verdict(hash, 'invitations', 'email')).toEqual({ out: false, granted: true });
});

test.each([['granted', 'withdrawn'], ['withdrawn', 'granted']] as const)('of one instant the opt-out holds: %s, then %s', async (...actions) => {
  const hash = randomBytes(16);
  for (const action of actions) await record(act(hash, { action }));
  expect((await stateOf(hash)).map(({ state }) => state)).toEqual(['out']);
});

test('told twice, it is one: in the log, and in what holds', async () => {
  const hash = randomBytes(16);
  const outcomes = [await record(act(hash)), await record(act(hash, { source: 'import', wordingVersion: null }), NOON + HOUR_MS)];
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['recorded', 'already']);
  expect([(await logOf(hash)).length, (await stateOf(hash)).length]).toEqual([1, 1]);
});

test('what is dated later than it was heard counts from when it was heard', async () => {
  const hash = randomBytes(16);
  await record(act(hash, { action: 'granted', givenAt: NOON + 365 * 24 * HOUR_MS }));
  expect((await logOf(hash))[0]?.givenAt).toBe(NOON);
  expect((await record(act(hash, { givenAt: NOON + 1 }), NOON + 1)).outcome).toBe('recorded');
});

test('whatever arrives, in whatever order and grouping: what was said last holds, of an instant the opt-out', async () => {
  const said = fc.record({ action: fc.constantFrom('granted' as const, 'withdrawn' as const), minutesAgo: fc.integer({ min: 0, max: 5 }), topic: fc.constantFrom('*', 'news') });
  await fc.assert(fc.asyncProperty(fc.array(fc.array(said, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 }), async (groups) => {
    const hash = randomBytes(16);
    for (const group of groups) {
      const acts = group.map(({ action, minutesAgo, topic }) => act(hash, { action, topic, givenAt: NOON - minutesAgo * 60_000 }));
      await database.app.asTenant(tenantId, (tx) => recordConsents(tx, { tenantId, acts, now: NOON, actor: 'test' }));
    }
    const all = groups.flat();
    const expected = [...new Set(all.map(({ topic }) => topic))].toSorted().map((topic) => {
      const own = all.filter((one) => one.topic === topic);
      const last = Math.min(...own.map(({ minutesAgo }) => minutesAgo));
      const state = own.some(({ minutesAgo, action }) => minutesAgo === last && action === 'withdrawn') ? 'out' : 'in';
      return { topic, channel: '*', state, decidedAt: NOON - last * 60_000 };
    });
    expect(await stateOf(hash)).toEqual(expected);
    expect((await logOf(hash)).length).toBe(new Set(all.map((one) => JSON.stringify(one))).size);
  }), { numRuns: 40 });
});

test.each([
  [{ topic: '*', channel: '*' }, [true, true, true]],
  [{ topic: '*', channel: 'email' }, [true, false, true]],
  [{ topic: 'invitations', channel: '*' }, [true, true, false]],
  [{ topic: 'invitations', channel: 'sms' }, [false, true, false]],
] as const)('an opt-out of %j covers what it names and nothing else', async (covers, expected) => {
  const hash = randomBytes(16);
  await record(act(hash, covers));
  const asked = [['invitations', 'email'], ['invitations', 'sms'], ['news', 'email']] as const;
  expect((await Promise.all(asked.map(([topic, channel]) => verdict(hash, topic, channel)))).map(({ out }) => out)).toEqual(expected);
});

test('an opt-in to one topic does not undo an opt-out of everything', async () => {
  const hash = randomBytes(16);
  await record(act(hash, { givenAt: NOON - 2000 }));
  await record(act(hash, { action: 'granted', topic: 'news', channel: 'email', givenAt: NOON - 1000 }));
  expect(await verdict(hash, 'news', 'email')).toEqual({ out: true, granted: false });
  expect(await verdict(randomBytes(16), 'news', 'email')).toEqual({ out: false, granted: false });
});

test('an opt-out ends what waits about its topic on its channel, in one transaction; the rest goes on', async () => {
  const [hash, phone] = [randomBytes(16), randomBytes(16)];
  const ids = await arrange(hash, [{ topic: 'invitations', channel: 'email' }, { topic: 'news', channel: 'email' }, { topic: 'invitations', channel: 'sms', phoneHash: phone }]);
  expect(await record(act(hash, { topic: 'invitations', channel: 'email' }))).toEqual({ outcome: 'recorded', closed: 1 });
  expect(await fatesOf(ids)).toEqual(['refused/suppressed', 'waiting', 'waiting']);
  expect(await record(act(phone, { channel: 'sms' }))).toEqual({ outcome: 'recorded', closed: 1 });
  expect(await fatesOf(ids)).toEqual(['refused/suppressed', 'waiting', 'refused/suppressed']);
  const decisions = await database.superuser`select kind, rule, actor from decisions where subject_id = ${ids[0] ?? ''}`;
  expect([...decisions]).toEqual([{ kind: 'suppressed', rule: 'opted_out', actor: 'test' }]);
});

test('an opt-out of a number ends no mail, and one that is older than an opt-in ends nothing', async () => {
  const [hash, phone] = [randomBytes(16), randomBytes(16)];
  const ids = await arrange(hash, [{ topic: 'invitations', channel: 'email', phoneHash: phone }]);
  expect((await record(act(phone))).closed).toBe(0);
  await record(act(hash, { action: 'granted', givenAt: NOON }));
  expect(await record(act(hash, { givenAt: NOON - 1 }))).toEqual({ outcome: 'older_than_known', closed: 0 });
  expect(await fatesOf(ids)).toEqual(['waiting']);
});

test('opt-outs of the same people from many connections at once all count, whatever their order', async () => {
  const hashes = Array.from({ length: 30 }, () => randomBytes(16));
  const ids = (await Promise.all(hashes.map((hash) => arrange(hash, [{ topic: 'invitations', channel: 'email' }])))).flat();
  await Promise.all(Array.from({ length: 6 }, (_none, place) => {
    const acts = (place % 2 === 0 ? hashes : hashes.toReversed()).map((hash) => act(hash, { givenAt: NOON - place }));
    return database.app.asTenant(tenantId, (tx) => recordConsents(tx, { tenantId, acts, now: NOON, actor: 'test' }));
  }));
  expect(new Set(await fatesOf(ids))).toEqual(new Set(['refused/suppressed']));
  expect((await Promise.all(hashes.map(stateOf))).flat().map(({ state, decidedAt }) => [state, decidedAt])).toEqual(hashes.map(() => ['out', NOON]));
});

test('the log is of one tenant alone', async () => {
  const other = await makeTestTenant(database, NOON, { name: 'Other' });
  const hash = randomBytes(16);
  await record(act(hash));
  const seen = await database.app.asTenant(other.tenantId, ({ sql }) => sql`select 1 from consents where recipient_hash = ${hash} union all select 1 from preferences where recipient_hash = ${hash}`);
  expect(seen).toHaveLength(0);
});

test('an opt-out that was taken back blocks no more and grants nothing', async () => {
  const hash = randomBytes(16);
  await record(act(hash, { givenAt: NOON - 2000 }));
  await record(act(hash, { action: 'granted', basis: 'opt_out_ended', givenAt: NOON - 1000 }));
  expect(await verdict(hash, 'news', 'sms')).toEqual({ out: false, granted: false });
});
