import { takeOutbox } from '../../db/write/take-outbox.ts';
import type { LaneName } from '../../db/read/late-lanes.ts';
import { makeTestTenant, NOON } from '../support/api.ts';
import type { TestTenant } from '../support/api.ts';
import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let [noisy, quiet]: TestTenant[] = [];
beforeAll(async () => {
  database = await openTestDatabase();
  [noisy, quiet] = [await makeTestTenant(database, NOON), await makeTestTenant(database, NOON)];
});
beforeEach(() => database.superuser`delete from outbox`);
afterAll(() => database.drop());

async function tell(tenant: TestTenant | undefined, lane: string, times: number): Promise<void> {
  await database.superuser`insert into outbox (tenant_id, kind, lane, created_at) select ${tenant?.tenantId ?? ''}, 'nudge', ${lane}, ${NOON} from generate_series(1, ${times}::int)`;
}
const left = async (): Promise<number> => (await database.superuser`select 1 from outbox`).length;

test('a lane that cannot be told holds up no other, however many rows it has before them', async () => {
  await tell(noisy, 'email-0', 1200);
  await tell(quiet, 'email-0', 2);
  const asked: LaneName[] = [];
  const more = await takeOutbox(database.relay, async (lanes) => {
    asked.push(...lanes);
    return lanes.filter(({ tenantId }) => tenantId === quiet?.tenantId);
  });
  expect(asked.map(({ tenantId }) => tenantId).toSorted()).toEqual([noisy?.tenantId, quiet?.tenantId].toSorted());
  expect([more, await left()]).toEqual([false, 1200]);
});

test('rows stay when whoever tells the lanes fails', async () => {
  await tell(quiet, 'email-0', 3);
  await expect(takeOutbox(database.relay, () => Promise.reject(new Error('Temporal is away')))).rejects.toThrow('Temporal is away');
  expect(await left()).toBe(3);
});

test('two relays never tell the same rows', async () => {
  await tell(quiet, 'email-0', 1);
  let second: boolean | undefined;
  await takeOutbox(database.relay, async (lanes) => {
    second = await takeOutbox(database.relay, () => { throw new Error('the second relay was given the first one\'s row'); });
    return lanes;
  });
  expect([second, await left()]).toEqual([false, 0]);
});
