import { STANDARD_NOTICES } from '../../src/domain/notice/notice-kinds.ts';
import type { Tx } from '../client.ts';
import type { SqlPart } from './consent.ts';

/** The notices that a program with these terms (jsonb) sends, as an expression (jsonb): the rule of `noticesOf`. */
export function noticesSent(tx: Tx, terms: SqlPart) {
  return tx.sql`coalesce(${terms} -> 'notices', case when ${terms} ? 'rewards' then ${JSON.stringify(STANDARD_NOTICES)}::jsonb else '[]'::jsonb end)`;
}

/** Does it send any? */
export function sendsNotices(tx: Tx, terms: SqlPart) {
  return tx.sql`${noticesSent(tx, terms)} <> '[]'::jsonb`;
}
