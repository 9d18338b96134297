import { integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { GuestId, MemberId, ProgramId, PromptId, TenantId, TouchId } from '../../src/domain/ids.ts';
import type { FactScalar } from '../../src/domain/run/fact.ts';
import { bytes, instant } from './columns.ts';

export const runs = pgTable('runs', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  id: text().notNull(),
  loop: text().notNull(),
  generation: integer().notNull(),
  input: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
  stage: text().notNull(),
  dueAt: instant('due_at'),
  capAt: instant('cap_at'),
  pausedAt: instant('paused_at'),
  outcome: text(),
  reason: text(),
  openedAt: instant('opened_at').notNull(),
  movedAt: instant('moved_at').notNull(),
  seenAt: instant('seen_at').notNull(),
  closedAt: instant('closed_at'),
  programId: text('program_id').$type<ProgramId>(),
  programVersion: integer('program_version'),
  memberId: text('member_id').$type<MemberId>(),
  subject: text(),
  promptId: text('prompt_id').$type<PromptId>(),
  livesLost: integer('lives_lost').notNull(),
  restsUntil: instant('rests_until'),
}, (table) => [primaryKey({ columns: [table.tenantId, table.id] })]);

export const runFacts = pgTable('run_facts', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  runId: text('run_id').notNull(),
  factId: text('fact_id').notNull(),
  kind: text().notNull(),
  data: jsonb().$type<Readonly<Record<string, FactScalar>>>().notNull(),
  at: instant().notNull(),
  recordedAt: instant('recorded_at').notNull(),
}, (table) => [primaryKey({ columns: [table.runId, table.factId] })]);

/** What a start brought that is somebody's own, sealed: said by the run's mails alone. `name`: of the start's field. */
export const runPrivate = pgTable('run_private', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  runId: text('run_id').notNull(),
  name: text().notNull(),
  textSealed: bytes('text_sealed').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.runId, table.name] })]);

/** Who is in a run, and which of their events it hears: an event's type to the run's fact. */
export const runPeople = pgTable('run_people', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  runId: text('run_id').notNull(),
  personId: text('person_id').$type<MemberId | GuestId>().notNull(),
  role: text().notNull(),
  hears: jsonb().$type<Readonly<Record<string, string>>>().notNull(),
  joinedAt: instant('joined_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.runId, table.personId] })]);

/** Somebody who plays before signing up, known by a token alone. */
export const guests = pgTable('guests', {
  id: text().$type<GuestId>().primaryKey(),
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  tokenHash: bytes('token_hash').notNull(),
  runId: text('run_id').notNull(),
  linkCode: text('link_code'),
  memberId: text('member_id').$type<MemberId>(),
  createdAt: instant('created_at').notNull(),
  joinedAt: instant('joined_at'),
  touchId: text('touch_id').$type<TouchId>(),
});
