import { listLawEditions, loadLawBook, loadLawVersion } from '../../db/read/law-book.ts';
import { publishLaw } from '../../db/write/publish-law.ts';
import type { LawStore } from '../../db/write/publish-law.ts';
import { seedLaw, SHIPPED_BY } from '../../db/write/seed-law.ts';
import { LANE_SIGNAL } from '../../db/write/lane.ts';
import { shippedLaw } from '../../src/domain/law/shipped-law.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { lawRule } from '../domain/law-sample.ts';
import { makeTestTenant } from '../support/api.ts';
import { arrangeInvites } from '../support/arrange-invites.ts';
import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';

// Later than the migration that seeded the database, at the machine's own time.
const NOW = Date.parse('2090-06-10T12:00:00Z');
const by = 'ops';
const edition = (name: string, more = {}) => ({ edition: name, rules: [lawRule(more)] });

let database: TestDatabase;
let store: LawStore;
beforeEach(async () => {
  database = await openTestDatabase();
  store = { owner: database.owner, app: database.app };
});
afterEach(() => database.drop());

async function waitingTenant(): Promise<TenantId> {
  const { tenantId } = await makeTestTenant(database, NOW - 1000);
  await arrangeInvites(database, tenantId, NOW - 500);
  return tenantId;
}
const staleOf = async (tenantId: TenantId) => (await database.superuser<{ stale: boolean }[]>`select stale from invites where tenant_id = ${tenantId}`).map((row) => row.stale);
const decisionsOf = (tenantId: TenantId) => database.superuser<{ subject: string; rule: string; inputs: unknown; actor: string }[]>`
  select subject_id as subject, rule, inputs, actor from decisions where tenant_id = ${tenantId} and kind = 'law_changed' order by id`;
const nudgesOf = async (tenantId: TenantId) => (await database.superuser`select 1 from outbox where tenant_id = ${tenantId} and kind = 'nudge'`).length;

test('a migrated database lives by the edition that ships, and every tenant may read it', async () => {
  const tenantId = await waitingTenant();
  const [version, book] = await database.app.asTenant(tenantId, async (tx) => {
    const found = await loadLawVersion(tx);
    return [found, await loadLawBook(tx.sql, found)] as const;
  });
  expect(version).toBe(1);
  expect(book).toEqual(shippedLaw());
  expect(await listLawEditions(database.owner)).toEqual([{ version: 1, edition: shippedLaw().edition, rules: shippedLaw().rules.length, publishedAt: expect.any(Number), publishedBy: SHIPPED_BY }]);
});

test('a new edition is in force at once: what waits is stale, the lanes are nudged, and each tenant\'s story has the decision', async () => {
  const [one, two] = [await waitingTenant(), await waitingTenant()];
  const idle = (await makeTestTenant(database, NOW - 1000)).tenantId;
  const heard: string[] = [];
  const listening = await database.superuser.listen(LANE_SIGNAL, (lane) => { heard.push(lane); });

  expect(await publishLaw(store, edition('2090-a'), { now: NOW, by })).toEqual({ outcome: 'published', version: 2, markedTenants: 3 });
  // Heard on another connection than it was told on: that may take a moment longer.
  while (heard.length < 2) await new Promise((wake) => { setTimeout(wake, 5); });
  await listening.unlisten();

  for (const tenantId of [one, two]) {
    expect(await staleOf(tenantId)).toEqual([true]);
    expect(await nudgesOf(tenantId)).toBe(1);
    expect([...await decisionsOf(tenantId)]).toEqual([{
      subject: tenantId, rule: 'Edition 2090-a of the law binds what waits: it is planned again.', inputs: { lawVersion: 2, edition: '2090-a' }, actor: by,
    }]);
  }
  expect(await decisionsOf(idle)).toHaveLength(1);
  expect(heard.toSorted()).toEqual([`${one}/email-0`, `${two}/email-0`].toSorted());
  expect(await loadLawBook(database.owner, 2)).toEqual(edition('2090-a'));
  expect(await loadLawBook(database.owner, 1)).toEqual(shippedLaw());
});

test('a book that cannot be used is refused with every problem, and nothing changes', async () => {
  const tenantId = await waitingTenant();
  const refused = await publishLaw(store, { edition: 'x', rules: [lawRule({ places: ['XX'] }), { ...lawRule({ id: 'never' }), windows: [] }] }, { now: NOW, by });

  expect(refused).toEqual({ outcome: 'refused', problems: ['rules[0].places[0]: "XX" is a place nobody knows', 'rules[1].windows: is empty, so this layer never opens'] });
  expect(await staleOf(tenantId)).toEqual([false]);
  expect(await listLawEditions(database.owner)).toHaveLength(1);
});

test('the same book once more changes nothing', async () => {
  const tenantId = await waitingTenant();
  await publishLaw(store, edition('2090-a'), { now: NOW, by });
  await database.superuser`update invites set stale = false`;

  expect(await publishLaw(store, edition('2090-a'), { now: NOW + 1, by })).toEqual({ outcome: 'unchanged', version: 2, markedTenants: 0 });
  expect(await staleOf(tenantId)).toEqual([false]);
  expect(await decisionsOf(tenantId)).toHaveLength(1);
});

test('a crash between the tenants is made good by publishing again', async () => {
  const [one, two] = [await waitingTenant(), await waitingTenant()].toSorted();
  if (one === undefined || two === undefined) throw new Error('two tenants');
  // The first tenant is told, the second one's transaction fails: as if the process had died there.
  await database.superuser.unsafe(`
    create function die() returns trigger language plpgsql as $$ begin raise exception 'killed here'; end $$;
    create trigger die before insert on decisions for each row when (new.tenant_id = '${two}') execute function die()`);
  await expect(publishLaw(store, edition('2090-a'), { now: NOW, by })).rejects.toMatchObject({ message: 'killed here' });
  expect([await staleOf(one), await staleOf(two)]).toEqual([[true], [false]]);
  await database.superuser`drop trigger die on decisions`;

  expect(await publishLaw(store, edition('2090-a'), { now: NOW + 5, by })).toEqual({ outcome: 'unchanged', version: 2, markedTenants: 1 });
  expect([await staleOf(one), await staleOf(two)]).toEqual([[true], [true]]);
  expect([await decisionsOf(one), await decisionsOf(two)].map((made) => made.length)).toEqual([1, 1]);
});

test('two who publish at once make two versions, one after the other', async () => {
  const made = await Promise.all(['2090-a', '2090-b'].map((name) => publishLaw(store, edition(name), { now: NOW, by })));
  expect(made.map((one) => (one.outcome === 'refused' ? 0 : one.version)).toSorted()).toEqual([2, 3]);

  const same = await Promise.all([1, 2, 3].map(() => publishLaw(store, edition('2090-c'), { now: NOW, by })));
  expect(same.map((one) => one.outcome).toSorted()).toEqual(['published', 'unchanged', 'unchanged']);
});

test('the name of an edition stands for one content; going back to an earlier one makes a new version of it', async () => {
  await publishLaw(store, edition('2090-a'), { now: NOW, by });
  expect(await publishLaw(store, edition('2090-a', { title: 'Other' }), { now: NOW, by })).toEqual({
    outcome: 'refused', problems: ['edition: "2090-a" was published with other rules; give this one a name of its own'],
  });
  await publishLaw(store, edition('2090-b'), { now: NOW, by });
  expect(await publishLaw(store, edition('2090-a'), { now: NOW, by })).toEqual({ outcome: 'published', version: 4, markedTenants: 0 });
});

test('a tenant that came after the edition has lived by it from the start', async () => {
  await publishLaw(store, edition('2090-a'), { now: NOW, by });
  const { tenantId } = await makeTestTenant(database, NOW + 120_000);
  await publishLaw(store, edition('2090-a'), { now: NOW + 130_000, by });
  expect(await decisionsOf(tenantId)).toHaveLength(0);
});

test('what was published is kept: nobody changes or removes it, the app adds nothing', async () => {
  for (const statement of ['update law_books set edition = edition', 'delete from law_books', 'truncate law_books']) {
    await expect(database.owner.unsafe(statement)).rejects.toThrow('law_books is kept as it was written: publish a new edition instead');
    await expect(database.app.sql.unsafe(statement)).rejects.toThrow('permission denied');
  }
  await expect(database.app.sql`insert into law_books select version + 1, edition, book, published_at, published_by from law_books`).rejects.toThrow('permission denied');
  await expect(database.relay.sql`select 1 from law_books`).rejects.toThrow('permission denied');
});

describe('what a migration puts in force', () => {
  test('nothing, where the shipped edition is in force', async () => {
    expect(await seedLaw(store, NOW)).toEqual({ outcome: 'unchanged', version: 1 });
  });

  test('the shipped one over an older shipped one', async () => {
    await database.superuser.begin(async (sql) => {
      await sql`set local session_replication_role = replica`;
      await sql`update law_books set edition = '2020-01-01', book = ${JSON.stringify(edition('2020-01-01'))}`;
    });
    expect(await seedLaw(store, NOW)).toEqual({ outcome: 'published', version: 2 });
    expect((await listLawEditions(database.owner))[0]).toMatchObject({ version: 2, edition: shippedLaw().edition, publishedBy: SHIPPED_BY });
  });

  test('nothing over a newer shipped one: an older program must not take law back', async () => {
    await publishLaw(store, edition('2999-01-01'), { now: NOW, by: SHIPPED_BY });
    expect(await seedLaw(store, NOW)).toEqual({ outcome: 'kept', version: 2, edition: '2999-01-01' });
  });

  test('nothing over one that somebody published', async () => {
    await publishLaw(store, edition('2001-01-01'), { now: NOW, by });
    expect(await seedLaw(store, NOW)).toEqual({ outcome: 'kept', version: 2, edition: '2001-01-01' });
  });
});
