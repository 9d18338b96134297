import { boolean, integer, jsonb, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import type { GuestId, MemberId, RunId, TenantId } from '../../src/domain/ids.ts';
import type { Question } from '../../src/domain/play/deck.ts';
import { bytes, instant } from './columns.ts';

export const decks = pgTable('decks', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  runId: text('run_id').$type<RunId>().notNull(),
  title: text(),
  subject: text(),
  questions: jsonb().$type<readonly Question[]>().notNull(),
  answersSealed: bytes('answers_sealed').notNull(),
  places: integer().notNull(),
  rounds: smallint().notNull(),
  scoreToBeat: smallint('score_to_beat'),
  endsAt: instant('ends_at').notNull(),
  createdAt: instant('created_at').notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.runId] })]);

export const plays = pgTable('plays', {
  tenantId: text('tenant_id').$type<TenantId>().notNull(),
  runId: text('run_id').$type<RunId>().notNull(),
  personId: text('person_id').$type<MemberId | GuestId>().notNull(),
  round: smallint().notNull(),
  n: smallint().notNull(),
  choice: smallint().notNull(),
  isRight: boolean('is_right').notNull(),
  at: instant().notNull(),
}, (table) => [primaryKey({ columns: [table.tenantId, table.runId, table.personId, table.round, table.n] })]);
