import { hearProvider } from '../../db/write/breaker.ts';
import { createServer } from 'node:http';
import { z } from 'zod';
import { buildName } from '../../src/config/build.ts';
import { NOON } from '../support/api.ts';
import { arrangeInvites } from '../support/arrange-invites.ts';
import { arrangeMessage } from '../support/arrange-messages.ts';
import { runCli, runJson } from '../support/cli.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';
import { openEmptyTestDatabase } from '../support/database.ts';

/** What the doctor finds in a database, and what it says to do. Temporal has its part in test/stack. */
let sending: TestSending;
let env: { DATABASE_URL: string; SMTP_URL: string };
beforeEach(async () => {
  sending = await openTestSending();
  env = { DATABASE_URL: sending.database.ownerUrl, SMTP_URL: sending.sink.url };
});
afterEach(() => sending.close());

const finding = z.object({ area: z.string(), status: z.enum(['ok', 'note', 'problem', 'skipped']), says: z.string(), fix: z.string().nullable() });
const diagnosis = z.object({ build: z.string(), healthy: z.boolean(), problems: z.number(), findings: z.array(finding) });
type Diagnosis = z.output<typeof diagnosis>;

const examine = (...more: string[]): Promise<Diagnosis> => runJson(env, ['doctor', ...more], diagnosis);
const problemsIn = ({ findings }: Diagnosis, area: string) => findings.filter((each) => each.area === area && each.status === 'problem');
const sayings = ({ findings }: Diagnosis, area: string) => findings.filter((each) => each.area === area).map(({ says }) => says).join('\n');

test('where nothing is wrong it says so, what it looked at, and what it could not ask', async () => {
  const { code, out, err } = await runCli(env, ['doctor']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const says of ['The role flywheel_app may do what it must', 'The role flywheel_relay may do what it must', 'migrations are applied', 'none late', 'It is empty.',
    'The mail server greets us', 'TEMPORAL_ADDRESS is not set', 'No --api-url was given', 'This machine\'s clock and the database\'s are within', buildName(), 'Nothing is wrong.']) {
    expect(out).toContain(says);
  }
  expect(sending.sink.deliveries()).toEqual([]);
});

test('every problem comes with its fix, and with one the exit code is 1', async () => {
  await sending.accept(await sending.makeProgram({ reminders: [] }), [invitee('late@friends.example')]);
  const diagnosed = await examine();
  expect(diagnosed).toMatchObject({ healthy: false, build: buildName() });
  expect(diagnosed.findings.filter(({ status, fix }) => status === 'problem' && fix === null)).toEqual([]);
  expect(diagnosed.problems).toBe(diagnosed.findings.filter(({ status }) => status === 'problem').length);
  expect((await runCli(env, ['doctor'])).code).toBe(1);
});

test('with PostgreSQL away it says that, and looks at the rest', async () => {
  const away = await runJson({ ...env, DATABASE_URL: 'postgres://x:y@127.0.0.1:1/z' }, ['doctor'], diagnosis);
  expect(problemsIn(away, 'PostgreSQL')).toMatchObject([{ says: expect.stringContaining('PostgreSQL does not answer') }]);
  expect(sayings(away, 'SMTP')).toContain('greets us');
});

test('with Temporal, mail server and API away each is named', async () => {
  const away = await runJson({ ...env, TEMPORAL_ADDRESS: '127.0.0.1:1', SMTP_URL: 'smtp://127.0.0.1:1' }, ['doctor', '--api-url', 'http://127.0.0.1:1'], diagnosis);
  expect(problemsIn(away, 'Temporal')).toMatchObject([{ says: 'Temporal does not answer at 127.0.0.1:1.' }]);
  expect(problemsIn(away, 'SMTP')).toHaveLength(1);
  expect(problemsIn(away, 'API')).toHaveLength(1);
}, 60_000);

test('an API that is not ready is a problem, one that is, is not', async () => {
  let status = 503;
  const server = createServer((request, response) => { response.writeHead(request.url === '/readyz' ? status : 404).end('{"reason":"schema_not_migrated"}'); });
  await new Promise<void>((listening) => { server.listen(0, '127.0.0.1', listening); });
  try {
    const address = server.address();
    const url = `http://127.0.0.1:${String(typeof address === 'object' && address !== null ? address.port : 0)}`;
    expect(problemsIn(await examine('--api-url', url), 'API')).toMatchObject([{ says: expect.stringContaining('schema_not_migrated') }]);
    status = 200;
    expect(problemsIn(await examine('--api-url', url), 'API')).toEqual([]);
  } finally {
    await new Promise((closed) => { server.close(closed); });
  }
});

test('a database that was never migrated, one that lacks a migration and one that is ahead are told apart', async () => {
  const empty = await openEmptyTestDatabase();
  try {
    const never = await runJson({ ...env, DATABASE_URL: empty.ownerUrl }, ['doctor'], diagnosis);
    expect(problemsIn(never, 'schema')).toMatchObject([{ says: expect.stringContaining('0001_roles.sql'), fix: 'npx flywheel migrate' }]);
  } finally {
    await empty.drop();
  }
  const { superuser } = sending.database;
  await superuser`update schema_migrations set checksum = 'x' where name = '0002_tenants.sql'`;
  await superuser`update schema_migrations set name = '9999_from_tomorrow.sql' where name = '0001_roles.sql'`;
  expect(problemsIn(await examine(), 'schema').map(({ says }) => says)).toEqual([
    'Migrations are missing: 0001_roles.sql.', 'Migrations were changed after they had been applied: 0002_tenants.sql.', 'The database has migrations of a newer version: 9999_from_tomorrow.sql.',
  ]);
});

test('months for which no partition was made are found a week before they come', async () => {
  const { superuser } = sending.database;
  const parts = await superuser<{ leaf: string }[]>`select leaf from month_partitions() where parent = 'receipts' and until_at > ${Date.now() + 7 * 24 * 3_600_000}`;
  expect([parts.length > 0, problemsIn(await examine(), 'schema')]).toEqual([true, []]);
  for (const { leaf } of parts) await superuser`drop table ${superuser(leaf)}`;
  expect(problemsIn(await examine(), 'schema')).toMatchObject([{ says: 'Partitions do not reach a week ahead: receipts.', fix: expect.stringContaining('npx flywheel migrate') }]);
});

test('a law book that is older than the shipped one, and days that run out, are noted', async () => {
  expect(sayings(await examine(), 'law')).toMatch(/^Edition 20\d\d-\d\d-\d\d is in force\.$/);
  const { superuser } = sending.database;
  await superuser`
    insert into law_books (version, edition, book, published_at, published_by)
    select version + 1, '2020-01-01', jsonb_set(jsonb_set(book, '{edition}', '"2020-01-01"'), '{rules,0,dates}', '["2026-01-01"]'), published_at, 'test' from law_books`;
  const told = sayings(await examine(), 'law');
  expect(told).toContain('Edition 2020-01-01 is in force.');
  expect(told).toContain('This program ships a newer edition');
  expect(told).toContain('end within half a year: ');
});

test('a right that was taken away, and a table whose rows are not kept apart, are found', async () => {
  const { superuser } = sending.database;
  await superuser`revoke insert on decisions from flywheel_app`;
  await superuser`revoke delete on outbox from flywheel_relay`;
  await superuser`alter table links no force row level security`;
  const says = problemsIn(await examine(), 'PostgreSQL').map((each) => each.says);
  expect(says).toEqual(expect.arrayContaining([
    'The role flywheel_app lacks rights: decisions: insert.', 'The role flywheel_relay lacks rights: outbox: delete.', 'Row-level security is not enforced on the table links.',
  ]));
});

test('a lane nobody serves is late, one that is being worked off is not, and what is held is neither', async () => {
  const { superuser } = sending.database;
  await sending.accept(await sending.makeProgram({ reminders: [] }), [invitee('one@friends.example')]);
  await superuser`update batch_lanes set next_due_at = ${Date.now() - 600_000}`;
  await superuser`update invite_batches set expires_at = ${Date.now() + 600_000}`;
  expect(problemsIn(await examine(), 'lanes')).toMatchObject([{ says: expect.stringMatching(/^email-0 of tnt_\w+ is late by .*: 1 batch due, and nobody serves it\.$/) }]);

  await superuser`insert into lanes (tenant_id, lane, epoch, served_by, served_at, clock_skew_ms) values (${sending.tenant.tenantId}, 'email-0', 1, ${buildName()}, ${Date.now()}, 3)`;
  const busy = await examine();
  expect([problemsIn(busy, 'lanes'), sayings(busy, 'lanes')]).toEqual([[], expect.stringContaining('being worked off')]);

  await superuser`update programs set paused_at = ${NOON}`;
  const held = await examine();
  expect(sayings(held, 'lanes')).toContain('none late');
  expect(held.findings).toContainEqual({ area: 'lanes', status: 'note', says: 'Held on purpose: 1 program paused.', fix: 'npx flywheel held' });
});

test('a provider that fails is a problem, with since when, why and what to do', async () => {
  const { superuser, app } = sending.database;
  await hearProvider(app.sql, 'email:smtp.example', { failures: 50, answers: 0, reason: 'smtp_auth_failed' }, Date.now() - 180_000, 0.5);
  expect(problemsIn(await examine(), 'lanes')).toContainEqual(expect.objectContaining({
    says: expect.stringMatching(/^mail server smtp\.example fails \(smtp_auth_failed\), for 3 min/), fix: expect.stringContaining('npx flywheel breakers reset email:smtp.example'),
  }));
  await superuser`delete from breakers`;
});

test('an outbox that nobody empties is a problem, one that was just written is not', async () => {
  const { superuser } = sending.database;
  const write = (at: number) => superuser`insert into outbox (tenant_id, kind, lane, created_at) values (${sending.tenant.tenantId}, 'nudge', 'email-0', ${at})`;
  await write(Date.now());
  expect(problemsIn(await examine(), 'outbox')).toEqual([]);
  await write(Date.now() - 3_600_000);
  expect(problemsIn(await examine(), 'outbox')).toMatchObject([{ says: expect.stringContaining('2 rows in 1 lane, the oldest for 1 h'), fix: expect.stringContaining('npx flywheel outbox') }]);
});

test('hand-offs of unknown outcome are told with their age', async () => {
  const now = Date.now();
  const { batchId } = await arrangeInvites(sending.database, sending.tenant.tenantId, now);
  await arrangeMessage(sending.database, sending.tenant.tenantId, { batchId, n: 0 }, 'unknown', now - 2 * 3_600_000);
  expect(sayings(await examine(), 'lanes')).toContain('1 hand-off of unknown outcome, the oldest for 2 h');
});

test('an older worker beside this code is noted, and a worker whose clock is wrong is a problem', async () => {
  const serve = (by: string, skewMs: number) => sending.database.superuser`
    insert into lanes (tenant_id, lane, epoch, served_by, served_at, clock_skew_ms) values (${sending.tenant.tenantId}, 'email-0', 1, ${by}, ${Date.now()}, ${skewMs})
    on conflict (tenant_id, lane) do update set served_by = excluded.served_by, clock_skew_ms = excluded.clock_skew_ms`;
  await serve('0.0.9+0123456789ab', 20);
  const older = await examine();
  expect(older.healthy).toBe(true);
  expect(sayings(older, 'workers')).toBe(`1 lane was served last by 0.0.9+0123456789ab; this code is ${buildName()}.`);
  await serve(buildName(), 7_200_000);
  const skewed = await examine();
  expect(problemsIn(skewed, 'clocks')).toMatchObject([{ says: expect.stringContaining('has a clock 2 h ahead of the database\'s: it sends nothing') }]);
  expect(sayings(skewed, 'workers')).toContain('and so are the workers that served 1 lane last');
});
