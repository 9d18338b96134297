import { makeTestTenant, NOON } from '../support/api.ts';
import type { TestTenant } from '../support/api.ts';
import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { arrive } from '../support/two-at-once.ts';

let database: TestDatabase;
let tenant: TestTenant;
beforeAll(async () => {
  database = await openTestDatabase();
  tenant = await makeTestTenant(database, NOON);
  await database.superuser`create table pegs (id int primary key, moved int not null default 0)`;
  await database.superuser`insert into pegs values (1), (2)`;
  await database.superuser`grant select, update on pegs to flywheel_app`;
});
afterAll(() => database.drop());

test('of two transactions in a deadlock both are done: the victim is run again', async () => {
  const both = arrive(2);
  const runs = { a: 0, b: 0 };
  const move = (who: 'a' | 'b', first: number, second: number) => database.app.asTenant(tenant.tenantId, async ({ sql }) => {
    runs[who] += 1;
    await sql`update pegs set moved = moved + 1 where id = ${first}`;
    await both();
    await sql`update pegs set moved = moved + 1 where id = ${second}`;
  });
  await Promise.all([move('a', 1, 2), move('b', 2, 1)]);
  expect(Object.values(runs).toSorted()).toEqual([1, 2]);
  expect((await database.superuser<{ moved: number }[]>`select moved from pegs order by id`).map((row) => row.moved)).toEqual([2, 2]);
});
