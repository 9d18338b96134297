import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { ConsentId, TenantId } from '../../src/domain/ids.ts';
import type { ConsentAction, ConsentChannel, ConsentSource, PreferenceState } from '../../src/domain/preference/consent-act.ts';
import { bytes, instant } from './columns.ts';

export const consents = pgTable('consents', {
  id: text().$type<ConsentId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  recipientHash: bytes('recipient_hash').notNull(),
  topic: text().notNull(),
  channel: text().$type<ConsentChannel>().notNull(),
  action: text().$type<ConsentAction>().notNull(),
  basis: text(),
  wordingVersion: text('wording_version'),
  locale: text(),
  source: text().$type<ConsentSource>().notNull(),
  givenAt: instant('given_at').notNull(),
  recordedAt: instant('recorded_at').notNull(),
});

export const preferences = pgTable('preferences', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  recipientHash: bytes('recipient_hash').notNull(),
  topic: text().notNull(),
  channel: text().$type<ConsentChannel>().notNull(),
  state: text().$type<PreferenceState>().notNull(),
  decidedAt: instant('decided_at').notNull(),
  consentId: text('consent_id').$type<ConsentId>().notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.recipientHash, table.topic, table.channel] })]);
