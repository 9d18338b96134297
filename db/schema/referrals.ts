import { boolean, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { ClaimKind, Confidence } from '../../src/domain/credit/claim.ts';
import type { LostReason } from '../../src/domain/credit/lost-reasons.ts';
import type { SameBy } from '../../src/domain/credit/same-person.ts';
import type { MemberId, ProgramId, ReferralId, TenantId } from '../../src/domain/ids.ts';
import { instant } from './columns.ts';

export const REFERRAL_STATES = ['attributed', 'activated', 'qualified', 'rewarded', 'voided'] as const;
export type ReferralState = (typeof REFERRAL_STATES)[number];

export const referrals = pgTable('referrals', {
  id: text().$type<ReferralId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  programId: text('program_id').$type<ProgramId>().notNull(),
  programVersion: integer('program_version').notNull(),
  referrerId: text('referrer_id').$type<MemberId>().notNull(),
  refereeId: text('referee_id').$type<MemberId>().notNull(),
  claimId: text('claim_id').notNull(),
  confidence: text().$type<Confidence>().notNull(),
  acquisition: boolean().notNull(),
  state: text().$type<ReferralState>().notNull(),
  selfReferral: boolean('self_referral').notNull(),
  underReview: boolean('under_review').notNull(),
  signedUpAt: instant('signed_up_at').notNull(),
  activatedAt: instant('activated_at'),
  qualifiedAt: instant('qualified_at'),
  createdAt: instant('created_at').notNull(),
  movedAt: instant('moved_at').notNull(),
});

/** `operator`: somebody of the tenant said so, with a reason that the audit log keeps. */
export type StoredClaimKind = ClaimKind | 'operator';
/** `corrected`: an operator gave the credit to somebody else. */
export type StoredLostReason = LostReason | 'corrected';

export const creditClaims = pgTable('credit_claims', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  refereeId: text('referee_id').$type<MemberId>().notNull(),
  id: text().notNull(),
  programId: text('program_id').$type<ProgramId>().notNull(),
  referrerId: text('referrer_id').$type<MemberId>().notNull(),
  kind: text().$type<StoredClaimKind>().notNull(),
  at: instant().notNull(),
  outcome: text().$type<'credited' | 'lost'>().notNull(),
  reason: text().$type<StoredLostReason>(),
  sameBy: text('same_by').$type<SameBy>(),
  toClaimId: text('to_claim_id'),
  decidedAt: instant('decided_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.refereeId, table.id] })]);
