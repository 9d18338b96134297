import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { migrate } from '../../db/migrate.ts';
import { prepareDatabase } from '../../src/dev/prepare-database.ts';
import { readTestServer } from '../support/test-server-urls.ts';

const made: string[] = [];
const freshName = (): string => {
  const name = `prepared_${randomBytes(6).toString('hex')}`;
  made.push(name);
  return name;
};

async function asSuperuser<T>(work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(readTestServer().superuserUrl, { max: 1, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

afterAll(() => asSuperuser(async (sql) => {
  for (const name of made) await sql`drop database if exists ${sql(name)} with (force)`;
}));

test('a prepared database can be migrated by its owner, and preparing it again finds what is there', async () => {
  const name = freshName();
  const first = await prepareDatabase(readTestServer().superuserUrl, { name, password: 'test' });
  const report = await migrate(first.ownerUrl);
  const second = await prepareDatabase(readTestServer().superuserUrl, { name, password: 'test' });

  expect(second).toEqual(first);
  expect(await migrate(second.ownerUrl)).toEqual({ applied: [], already: report.applied.length });
});

test('two starts at once prepare one database', async () => {
  const name = freshName();
  const prepared = await Promise.all([1, 2].map(() => prepareDatabase(readTestServer().superuserUrl, { name, password: 'test' })));

  expect(prepared[0]).toEqual(prepared[1]);
});

test('the owner is bound by row-level security and may act as the app, the relay and retention', async () => {
  const name = freshName();
  const { ownerUrl } = await prepareDatabase(readTestServer().superuserUrl, { name, password: 'test' });
  await migrate(ownerUrl);
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  try {
    const [owner] = await sql`select rolsuper, rolbypassrls from pg_roles where rolname = current_user`;
    expect(owner).toEqual({ rolsuper: false, rolbypassrls: false });
    for (const role of ['flywheel_app', 'flywheel_relay', 'flywheel_retention']) {
      const [row] = await sql.begin(async (tx) => {
        await tx`set local role ${tx(role)}`;
        return tx`select current_user::text as role`;
      });
      expect(row).toEqual({ role });
    }
  } finally {
    await sql.end({ timeout: 5 });
  }
});

test('a password that cannot be written into a statement is refused', async () => {
  await expect(prepareDatabase(readTestServer().superuserUrl, { name: freshName(), password: 'back\\slash' }))
    .rejects.toThrow('backslash');
});
