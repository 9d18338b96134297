import { pgTable, text } from 'drizzle-orm/pg-core';
import type { ProgramId, TenantId } from '../../src/domain/ids.ts';
import { bytes, instant } from './columns.ts';

export const previewLinks = pgTable('preview_links', {
  tokenHash: bytes('token_hash').primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  programId: text('program_id').$type<ProgramId>().notNull(),
  requestSealed: bytes('request_sealed').notNull(),
  expiresAt: instant('expires_at').notNull(),
});
