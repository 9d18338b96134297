import { bigint, boolean, integer, jsonb, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import type { KeyId, TenantId } from '../../src/domain/ids.ts';
import type { Tier } from '../../src/domain/limits/tiers.ts';
import type { TenantLimits } from '../../src/domain/program/tenant-limits.ts';
import type { SendTimeRules } from '../../src/domain/send-time/plan-send.ts';
import { bytes, instant } from './columns.ts';

export const tenants = pgTable('tenants', {
  id: text().$type<TenantId>().primaryKey(),
  name: text().notNull(),
  fromAddress: text('from_address').notNull(),
  fromName: text('from_name').notNull(),
  replyTo: text('reply_to'),
  postalAddress: text('postal_address').notNull(),
  zone: text().notNull(),
  publicUrl: text('public_url').notNull(),
  linkHosts: text('link_hosts').array().notNull(),
  allowedDestinations: text('allowed_destinations').array().notNull(),
  sendRules: jsonb('send_rules').$type<SendTimeRules>().notNull(),
  rulesVersion: integer('rules_version').notNull(),
  limits: jsonb().$type<TenantLimits>().notNull(),
  senderShards: smallint('sender_shards').notNull(),
  pausedAt: instant('paused_at'),
  retentionMonths: smallint('retention_months').notNull(),
  tier: text().$type<Tier>().notNull(),
  createdAt: instant('created_at').notNull(),
  reportsAsked: text('reports_asked').array().notNull(),
});

/** `secret`: for servers. `publishable`: for pages and apps, beside a member's token. */
export const KEY_KINDS = ['secret', 'publishable'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

export const apiKeys = pgTable('api_keys', {
  id: text().$type<KeyId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  name: text().notNull(),
  secretHash: bytes('secret_hash').notNull(),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at'),
  revokedAt: instant('revoked_at'),
  kind: text().$type<KeyKind>().notNull(),
  allowedOrigins: text('allowed_origins').array().notNull(),
  isDevelopment: boolean('is_development').notNull(),
});

export const idempotency = pgTable('idempotency', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  key: text().notNull(),
  fingerprint: bytes().notNull(),
  status: smallint().notNull(),
  bodySealed: bytes('body_sealed').notNull(),
  createdAt: instant('created_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.key] })]);

/** One row: by what a wrong secret is noticed. */
export const secretChecks = pgTable('secret_checks', {
  one: boolean().primaryKey(),
  value: bytes().notNull(),
});

/** Shared by all processes and nobody's: `scopeHash` is a keyed hash, `fullAtUs` microseconds since 1970. */
export const rateBuckets = pgTable('rate_buckets', {
  scopeHash: bytes('scope_hash').primaryKey(),
  fullAtUs: bigint('full_at_us', { mode: 'number' }).notNull(),
});
