import { randomBytes } from 'node:crypto';
import { beginRetention, dropMonth, finishRetention, forgetNetworkData, listMonthsOver, removeRowsOver } from '../../db/write/run-retention.ts';
import type { Answer, RetentionSums } from '../../db/write/run-retention.ts';
import type { RetainedTable } from '../../db/schema/retention.ts';
import { createShareLink } from '../../db/write/create-link.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import { newId } from '../../src/config/new-id.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { shareCode } from '../../src/domain/link/code.ts';
import { makeTestTenant } from './api.ts';
import { arrangeInvites } from './arrange-invites.ts';
import type { TestDatabase } from './database.ts';

/** Where a tenant's touches and receipts hang: a link, an invite. */
export type Keeper = { tenantId: TenantId; code: string; batchId: string };

const LONG_AGO = Date.parse('2015-01-01T00:00:00Z');

export async function makeKeeper(database: TestDatabase, months: number): Promise<Keeper> {
  const { tenantId } = await makeTestTenant(database, LONG_AGO);
  await setTerm(database, tenantId, months);
  const code = shareCode(openKeyring(randomBytes(32)), randomBytes(16));
  await database.app.asTenant(tenantId, (tx) =>
    createShareLink(tx, { code, tenantId, memberId: null, resource: null, destination: 'https://app.kite.example/', utm: {}, now: LONG_AGO }));
  const { batchId } = await arrangeInvites(database, tenantId, LONG_AGO);
  return { tenantId, code, batchId };
}

export async function setTerm(database: TestDatabase, tenantId: TenantId, months: number): Promise<void> {
  await database.superuser`update tenants set retention_months = ${months} where id = ${tenantId}`;
}

/** Puts one row recorded at each instant into a table; a touch with visitor and network. Answers their ids in order. */
export async function keepRows(database: TestDatabase, { tenantId, code, batchId }: Keeper, table: RetainedTable, at: readonly number[]): Promise<string[]> {
  const ids = at.map((instant) => newId(table === 'touches' ? 'tch' : table === 'receipts' ? 'rcp' : 'dec', instant));
  const rows = database.superuser`select * from unnest(${ids}::text[], ${[...at]}::timestamptz[]) as r (id, at)`;
  switch (table) {
    case 'touches':
      await database.superuser`
        insert into touches (id, tenant_id, code, kind, counted, visitor_id, ip_hash, agent_class, at, recorded_at)
        select id, ${tenantId}, ${code}, 'click', true, 'v-' || id, ${randomBytes(16)}, 'app', at, at from (${rows}) r`;
      break;
    case 'receipts':
      await database.superuser`
        insert into receipts (id, tenant_id, batch_id, n, step, kind, at, recorded_at) select id, ${tenantId}, ${batchId}, 0, 0, 'delivered', at, at from (${rows}) r`;
      break;
    case 'decisions':
      await database.superuser`
        insert into decisions (id, tenant_id, subject_id, kind, rule, inputs, actor, at) select id, ${tenantId}, ${tenantId}, 'test', 'test', '{}', 'test', at from (${rows}) r`;
      break;
  }
  return ids;
}

/** Every row's id that is left. */
export async function keptIds({ superuser }: TestDatabase): Promise<Set<string>> {
  const rows = await superuser<{ id: string }[]>`select id from touches union all select id from receipts union all select id from decisions`;
  return new Set(rows.map(({ id }) => id));
}

export async function makeMonth({ superuser }: TestDatabase, at: number): Promise<string[]> {
  const [row] = await superuser<{ made: string[] }[]>`select make_month_partitions(${at}, ${at}) as made`;
  return row?.made ?? [];
}

/** The months there are of a table, as `2026_11`; the default partition is none of them. */
export async function monthsOf({ superuser }: TestDatabase, table: RetainedTable): Promise<string[]> {
  const rows = await superuser<{ leaf: string }[]>`select leaf from month_partitions() where parent = ${table} and first_at is not null order by first_at`;
  return rows.map(({ leaf }) => leaf.slice(table.length + 1));
}

/** Removes all months and what is in them: those that were made by the machine's date, too. */
export async function removeMonths({ superuser }: TestDatabase): Promise<void> {
  const leaves = await superuser<{ leaf: string }[]>`select leaf from month_partitions() where first_at is not null`;
  for (const { leaf } of leaves) await superuser`drop table ${superuser(leaf)}`;
}

/** As if retention had last run a day before this. */
export async function ranADayBefore({ superuser }: TestDatabase, now: number): Promise<void> {
  await superuser`truncate retention_runs, retention_reports`;
  await superuser`insert into retention_runs (day, told_at, finished_at) values (${new Date(now - 86_400_000).toISOString().slice(0, 10)}, ${now - 86_400_000}, ${now - 86_400_000})`;
}

export function okay<T>(answer: Answer<T>): T {
  if (answer.outcome !== 'ok') throw new Error(`retention answered ${answer.outcome}`);
  return answer.value;
}

/** All steps of a run, in batches of `most`, as the workflow takes them. */
export async function runRetention({ retention }: TestDatabase, now: number, most = 1_000): Promise<RetentionSums> {
  const { day } = okay(await beginRetention(retention, now));
  while (okay(await forgetNetworkData(retention, { now, day, most })) > 0);
  for (const leaf of okay(await listMonthsOver(retention, now))) okay(await dropMonth(retention, { leaf, now, day }));
  while (okay(await removeRowsOver(retention, { now, day, most })) > 0);
  return okay(await finishRetention(retention, { now, day }));
}
