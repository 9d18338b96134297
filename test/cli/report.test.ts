import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { makeTestTenant, NOON, type TestTenant } from '../support/api.ts';
import { errorIn, runCli, runJson } from '../support/cli.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let tenant: TestTenant;
let env: { DATABASE_URL: string; DATABASE_APP_URL: string; DATABASE_RELAY_URL: string };
let dir: string;
beforeAll(async () => {
  database = await openTestDatabase();
  env = { DATABASE_URL: database.ownerUrl, DATABASE_APP_URL: database.ownerUrl, DATABASE_RELAY_URL: database.ownerUrl };
  tenant = await makeTestTenant(database, NOON);
  dir = mkdtempSync(join(tmpdir(), 'flywheel-report-'));
});
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await database.drop();
});

const answer = z.object({ reports: z.array(z.looseObject({ tenantId: z.string(), week: z.string(), isOver: z.boolean(), startsAt: z.iso.datetime(), mailedAt: z.null() })), pdf: z.null() });

test('a report is made now for one tenant or all, printed, and mailed to nobody', async () => {
  const one = await runJson(env, ['report', tenant.tenantId], answer);
  expect(one.reports).toMatchObject([{ tenantId: tenant.tenantId, isOver: true }]);
  const { code, out } = await runCli(env, ['report']);
  expect([code, out.includes(`Kite Club (${tenant.tenantId}): Week `), out.includes('K at first value'), out.includes('THIS WEEK')]).toEqual([0, true, true, true]);
  expect(await database.superuser`select 1 from weekly_reports where mailed_at is not null`).toEqual([]);
});

test('its PDF is written where it was asked for', async () => {
  const file = join(dir, 'report.pdf');
  expect((await runCli(env, ['report', tenant.tenantId, '--pdf', file])).out).toContain(file);
  expect(readFileSync(file).subarray(0, 5).toString()).toBe('%PDF-');
});

test('what cannot be made says why and what to do', async () => {
  expect((await runCli(env, ['report', tenant.tenantId, '--week', '2026-W00'])).code).toBe(2);
  expect(errorIn(await runCli(env, ['report', tenant.tenantId, '--week', '2010-W10', '--json']))).toMatchObject({ message: expect.stringContaining('too long ago'), todo: expect.stringContaining('one of the 4 before it') });
  await makeTestTenant(database, NOON + 1);
  expect((await runCli(env, ['report', '--pdf', join(dir, 'two.pdf')])).code).toBe(1);
});
