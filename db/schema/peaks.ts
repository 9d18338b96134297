import { jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { ProgramId, TenantId } from '../../src/domain/ids.ts';
import type { PeakBasis } from '../../src/domain/send-time/peak-basis.ts';
import type { PeakWindow } from '../../src/domain/send-time/learn-peaks.ts';
import { instant } from './columns.ts';

export const learntPeaks = pgTable('learnt_peaks', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  programId: text('program_id').$type<ProgramId>(),
  windows: jsonb().$type<readonly PeakWindow[]>().notNull(),
  basis: jsonb().$type<PeakBasis>().notNull(),
  learntAt: instant('learnt_at').notNull(),
  lookedAt: instant('looked_at').notNull(),
});
