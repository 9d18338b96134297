import { boolean, jsonb, pgTable, smallint, text } from 'drizzle-orm/pg-core';
import type { ContactId, MemberId, SuppressionId, TenantId } from '../../src/domain/ids.ts';
import { bytes, day, instant } from './columns.ts';

/** Where a zone was learnt from, best first. */
export const ZONE_SOURCES = ['explicit', 'device', 'address', 'phone', 'tenant'] as const;
export type ZoneSource = (typeof ZONE_SOURCES)[number];

export const SUPPRESSION_REASONS = ['unsubscribe', 'hard_bounce', 'complaint', 'manual', 'legal', 'sms_stop'] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

/** A person's own quiet hours, wall clock of the person's zone. */
export type QuietHours = { start: string; end: string }[];

export const contacts = pgTable('contacts', {
  id: text().$type<ContactId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  emailHash: bytes('email_hash'),
  emailSealed: bytes('email_sealed'),
  phoneHash: bytes('phone_hash'),
  phoneSealed: bytes('phone_sealed'),
  nameSealed: bytes('name_sealed'),
  zones: text().array().notNull(),
  zoneSource: text('zone_source').$type<ZoneSource>(),
  locale: text(),
  places: text().array().notNull(),
  createdAt: instant('created_at').notNull(),
  quietHours: jsonb('quiet_hours').$type<QuietHours>(),
  /** The person said it, so no invite knows better. */
  ownZone: boolean('own_zone').notNull(),
});

export const members = pgTable('members', {
  id: text().$type<MemberId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  externalId: text('external_id').notNull(),
  contactId: text('contact_id').$type<ContactId>(),
  locale: text(),
  zone: text(),
  zoneSource: text('zone_source').$type<ZoneSource>(),
  quietHours: jsonb('quiet_hours').$type<QuietHours>(),
  birthYear: smallint('birth_year'),
  isMinor: boolean('is_minor').notNull(),
  parentAllows: boolean('parent_allows').notNull(),
  eventDates: day('event_dates').array().notNull(),
  place: text(),
  attributes: jsonb().$type<Record<string, string | number | boolean | null>>().notNull(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
  tokensNotBefore: instant('tokens_not_before'),
});

export const suppressions = pgTable('suppressions', {
  id: text().$type<SuppressionId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  recipientHash: bytes('recipient_hash').notNull(),
  reason: text().$type<SuppressionReason>().notNull(),
  createdAt: instant('created_at').notNull(),
  liftedAt: instant('lifted_at'),
});
