import type { MemberId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { SqlPart } from './consent.ts';
import { referralsOfReferee } from './referrals-of-referee.ts';

/** Who was brought by whom: of each member those who brought it. */
export type Lines = Map<MemberId, Set<MemberId>>;

/**
 * Everybody who stands above these members, by any number of generations, as lines from each to those who brought it. Upwards a member has few
 * lines, downwards it may have millions: so whether one stands above another is asked from below.
 */
export async function loadLinesAbove(tx: Tx, memberIds: readonly MemberId[]): Promise<Lines> {
  // Member by member, by the index: as a join it would be planned for far more rows than there are.
  const rows = memberIds.length === 0 ? [] : await tx.sql<{ member: MemberId; broughtBy: MemberId }[]>`
    with recursive above (member_id, brought_by) as (
      select m.id, r.referrer_id from unnest(${memberIds}::text[]) as m (id) cross join lateral (${broughtBy(tx, tx.sql`m.id`)}) r
      union
      select a.brought_by, r.referrer_id from above a cross join lateral (${broughtBy(tx, tx.sql`a.brought_by`)}) r
    )
    select member_id as member, brought_by as "broughtBy" from above`;
  const lines: Lines = new Map();
  for (const { member, broughtBy } of rows) addLine(lines, member, broughtBy);
  return lines;
}

/** One a program at most. */
function broughtBy(tx: Tx, member: SqlPart) {
  return tx.sql`select referrer_id from (${referralsOfReferee(tx, member)}) as own limit 1000`;
}

export function addLine(lines: Lines, member: MemberId, broughtBy: MemberId): void {
  lines.set(member, new Set([...lines.get(member) ?? [], broughtBy]));
}

/** Does one stand above the other? Nobody stands above themselves. */
export function standsAbove(lines: Lines, one: MemberId, other: MemberId): boolean {
  const seen = new Set<MemberId>([other]);
  const waiting = [other];
  for (let member = waiting.pop(); member !== undefined; member = waiting.pop()) {
    for (const above of lines.get(member) ?? []) {
      if (above === one) return true;
      if (!seen.has(above)) waiting.push(above);
      seen.add(above);
    }
  }
  return false;
}
