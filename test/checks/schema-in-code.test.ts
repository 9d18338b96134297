import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { INVITE_STATES } from '../../db/schema/invites.ts';
import { LINK_KINDS, WHY_NOT_COUNTED } from '../../db/schema/links.ts';
import { PAYMENT_CHANGES } from '../../db/schema/payments.ts';
import { REFERRAL_STATES } from '../../db/schema/referrals.ts';
import { CONFIDENCES } from '../../src/domain/credit/claim.ts';
import { SUPPRESSION_REASONS, ZONE_SOURCES } from '../../db/schema/people.ts';
import { LANDING_ANSWERS, REPORT_REASONS } from '../../src/domain/landing/answers.ts';
import { PUSH_REASONS } from '../../src/domain/feed/judge-push.ts';
import { CHANNELS, STOPPABLE } from '../../src/domain/message/channel.ts';
import { CONSENT_ACTIONS, CONSENT_CHANNELS, CONSENT_SOURCES, PREFERENCE_STATES } from '../../src/domain/preference/consent-act.ts';
import { MESSAGE_STATES, RECEIPT_KINDS } from '../../db/schema/sending.ts';
import { TIERS } from '../../src/domain/limits/tiers.ts';
import { ATTEMPT_OUTCOMES, DELIVERY_STATES, DISABLED_REASONS } from '../../src/domain/webhook/delivery-states.ts';
import { REWARD_STATES } from '../../src/domain/reward/reward-state.ts';
import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { REPOSITORY } from './support/source-files.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

/** Table -> its columns, a line each: `state text not null`. */
type Schema = Record<string, string[]>;

async function schemaInCode(): Promise<Schema> {
  const schema: Schema = {};
  const folder = join(REPOSITORY, 'db/schema');
  for (const file of readdirSync(folder)) {
    const module: unknown = await import(join(folder, file));
    for (const table of Object.values(module ?? {}).filter((value) => is(value, PgTable))) {
      const { name, columns, primaryKeys } = getTableConfig(table);
      const key = new Set([...columns.filter((column) => column.primary), ...primaryKeys.flatMap((composite) => composite.columns)].map((column) => column.name));
      schema[name] = columns.map((column) => describeColumn(column.name, column.getSQLType(), column.notNull, key.has(column.name))).toSorted();
    }
  }
  return schema;
}

async function schemaInDatabase(): Promise<Schema> {
  const rows = await database.superuser<{ table: string; name: string; type: string; required: boolean; key: boolean }[]>`
    select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required,
      exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary and a.attnum = any (i.indkey)) as key
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'schema_migrations'`;
  const schema: Schema = {};
  for (const row of rows) (schema[row.table] ??= []).push(describeColumn(row.name, row.type, row.required, row.key));
  return Object.fromEntries(Object.entries(schema).map(([table, columns]) => [table, columns.toSorted()]));
}

function describeColumn(name: string, type: string, required: boolean, key: boolean): string {
  return `${name} ${type}${required ? ' not null' : ''}${key ? ' in the key' : ''}`;
}

test('the tables in db/schema are those the migrations make: columns, types, what may be null, keys', async () => {
  const inCode = await schemaInCode();
  expect(Object.keys(inCode).length).toBeGreaterThan(15);
  expect(inCode).toEqual(await schemaInDatabase());
});

test.each([
  ['invites', 'state', INVITE_STATES],
  ['messages', 'state', MESSAGE_STATES],
  ['receipts', 'kind', RECEIPT_KINDS],
  ['suppressions', 'reason', SUPPRESSION_REASONS],
  ['touches', 'why_not', WHY_NOT_COUNTED],
  ['contacts', 'zone_source', ZONE_SOURCES],
  ['members', 'zone_source', ZONE_SOURCES],
  ['batch_lanes', 'channel', CHANNELS],
  ['invites', 'channel', CHANNELS],
  ['messages', 'channel', CHANNELS],
  ['hard_stops', 'channel', STOPPABLE],
  ['tenants', 'tier', TIERS],
  ['landing_answers', 'answer', LANDING_ANSWERS],
  ['landing_answers', 'reason', REPORT_REASONS],
  ['links', 'kind', LINK_KINDS],
  ['referrals', 'state', REFERRAL_STATES],
  ['referrals', 'confidence', CONFIDENCES],
  ['payment_changes', 'kind', PAYMENT_CHANGES],
  ['consents', 'channel', CONSENT_CHANNELS],
  ['consents', 'action', CONSENT_ACTIONS],
  ['consents', 'source', CONSENT_SOURCES],
  ['preferences', 'channel', CONSENT_CHANNELS],
  ['preferences', 'state', PREFERENCE_STATES],
  ['feed_items', 'push_reason', PUSH_REASONS],
  ['rewards', 'state', Object.keys(REWARD_STATES)],
  ['rewards', 'paused_by', ['dispute', 'review']],
  ['rewards', 'side', ['referrer', 'referee']],
  ['reward_refusals', 'side', ['referrer', 'referee']],
  ['webhook_endpoints', 'disabled_reason', Object.keys(DISABLED_REASONS)],
  ['webhook_deliveries', 'state', Object.keys(DELIVERY_STATES)],
  ['webhook_attempts', 'outcome', ATTEMPT_OUTCOMES],
])('%s.%s takes the values the code knows, and no others', async (table, column, known) => {
  const checks = await database.superuser<{ text: string }[]>`
    select pg_get_constraintdef(c.oid) as text from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and c.conkey = array[a.attnum]
    where c.conrelid = ${table}::regclass and c.contype = 'c' and a.attname = ${column}`;
  const allowed = checks.flatMap(({ text }) => [...text.matchAll(/'([^']*)'::text/g)].map((match) => match[1] ?? ''));
  expect(allowed.toSorted()).toEqual([...known].toSorted());
});
