import { openTestSending, type TestSending } from '../support/sending.ts';

let sending: TestSending;
beforeAll(async () => { sending = await openTestSending(); });
afterAll(() => sending.close());

const laneNames = async (): Promise<unknown[]> => (await sending.database.superuser<{ lane: string }[]>`select lane from lanes order by lane`).map((row) => row.lane);
const insert = (lane: string) => sending.database.app.asTenant(sending.tenant.tenantId, async (tx) => {
  tx.answerLater(tx.sql`insert into lanes (tenant_id, lane, epoch) values (${sending.tenant.tenantId}, ${lane}, 1)`);
  return 'done';
});

test('a statement that nobody waits for is committed with the rest, and what comes after it sees it', async () => {
  expect(await insert('email-7')).toBe('done');
  const seen = await sending.database.app.asTenant(sending.tenant.tenantId, async (tx) => {
    tx.answerLater(tx.sql`update lanes set epoch = 2 where lane = 'email-7'`);
    return tx.sql<{ epoch: number }[]>`select epoch from lanes where lane = 'email-7'`;
  });
  expect(seen).toEqual([{ epoch: 2 }]);
  expect(await laneNames()).toEqual(['email-7']);
});

test('where it fails nothing is committed, its caller is told, and the connections go on', async () => {
  await expect(sending.database.app.asTenant(sending.tenant.tenantId, async (tx) => {
    await tx.sql`insert into lanes (tenant_id, lane, epoch) values (${sending.tenant.tenantId}, 'email-8', 1)`;
    tx.answerLater(tx.sql`insert into lanes (tenant_id, lane, epoch) values (${sending.tenant.tenantId}, 'email-9', 0)`);
    return 'done';
  })).rejects.toMatchObject({ code: '23514' });
  await Promise.all(Array.from({ length: 20 }, () => expect(insert('email-7')).rejects.toMatchObject({ code: '23505' })));
  expect(await laneNames()).toEqual(['email-7']);
});

test('where what comes after it fails by it, its caller is told of the first failure: a deadlock is tried again', async () => {
  let tries = 0;
  const work = sending.database.app.asTenant(sending.tenant.tenantId, async (tx) => {
    tries += 1;
    if (tries === 1) tx.answerLater(tx.sql`do $$ begin raise exception 'a ring of locks' using errcode = 'deadlock_detected'; end $$`);
    return tx.sql`select 1 as one`;
  });
  expect(await work).toEqual([{ one: 1 }]);
  expect(tries).toBe(2);
  await expect(sending.database.app.asTenant(sending.tenant.tenantId, async (tx) => {
    tx.answerLater(tx.sql`select 1 / 0`);
    await tx.sql`select 1`;
  })).rejects.toMatchObject({ code: '22012' });
});
