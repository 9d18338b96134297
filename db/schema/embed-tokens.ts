import { pgTable, text } from 'drizzle-orm/pg-core';
import type { MemberId, TenantId } from '../../src/domain/ids.ts';
import { bytes, instant } from './columns.ts';

export const embedTokens = pgTable('embed_tokens', {
  tokenHash: bytes('token_hash').primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  memberId: text('member_id').$type<MemberId>().notNull(),
  expiresAt: instant('expires_at').notNull(),
  sessionHash: bytes('session_hash'),
  sessionExpiresAt: instant('session_expires_at'),
});
