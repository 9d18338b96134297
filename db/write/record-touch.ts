import { againAfterDeadlock } from '../again-after-deadlock.ts';
import { bytesArray } from '../array-params.ts';
import type { TenantId, TouchId } from '../../src/domain/ids.ts';
import type { Sql } from '../client.ts';
import type { FoundLink } from '../read/link-target.ts';
import type { WhyNotCounted } from '../schema/links.ts';

/** One opening of a link. `notAPerson` null: nothing speaks against a person. */
export type NewTouch = {
  tenantId: TenantId;
  id: TouchId;
  code: string;
  /** Of the link as its sender knows it. */
  mark: string;
  notAPerson: Exclude<WhyNotCounted, 'repeat'> | null;
  /** `known`: the browser brought this id. `fresh`: it gets this id if it counts. */
  visitor: { kind: 'known' | 'fresh'; id: string };
  /** Keyed hash (16 bytes) of the visitor's network; null where the address is not known. */
  ipHash: Uint8Array | null;
  agentClass: string;
  now: number;
};

/**
 * `recorded`: `whyNot` null, it counts. `changed`: the link is not, or no longer, what the mark stands for, and nothing was written;
 * `link` is what it is now, null: there is none.
 */
export type RecordedTouch = { kind: 'recorded'; whyNot: WhyNotCounted | null } | { kind: 'changed'; link: FoundLink | null };

/** A visitor counts once an hour on a link; the visitor's cookie lives as long. */
export const REPEAT_WINDOW_MS = 3_600_000;
const REPEAT_WINDOW = `${String(REPEAT_WINDOW_MS / 1000)} seconds`;

/**
 * Commits a group of touches, of any tenants, counted or not: one statement, one round trip (`record_touches` in the
 * migrations). Says of each, in the same order, what became of it. A visitor is known by the cookie, else by network and
 * class of program, and counts again an hour after being counted. Two openings at the same instant count once: within a group
 * the first of them; across groups the second waits for the first on a lock of that visitor and link, then sees it.
 */
export async function recordTouches(sql: Sql, touches: readonly NewTouch[]): Promise<RecordedTouch[]> {
  const visitors = (kind: NewTouch['visitor']['kind']): (string | null)[] => touches.map(({ visitor }) => (visitor.kind === kind ? visitor.id : null));
  const rows = await againAfterDeadlock(async () => sql<Row[]>`
    select touch_id as id, is_written as "isWritten", not_counted as "whyNot", mark::text, target from record_touches(
      ${touches.map(({ tenantId }) => tenantId)}::text[], ${touches.map(({ id }) => id)}::text[], ${touches.map(({ code }) => code)}::text[],
      ${touches.map(({ mark }) => mark)}::bigint[], ${touches.map(({ notAPerson }) => notAPerson)}::text[], ${visitors('known')}::text[], ${visitors('fresh')}::text[],
      ${bytesArray(touches.map(({ ipHash }) => ipHash))}::bytea[], ${touches.map(({ agentClass }) => agentClass)}::text[],
      ${touches.map(({ now }) => now)}::timestamptz[], ${REPEAT_WINDOW})`);
  const recorded = new Map<string, RecordedTouch>(rows.map((row) => [row.id, outcomeOf(row)]));
  return touches.map(({ id }) => {
    const touch = recorded.get(id);
    if (touch === undefined) throw new Error('a touch was not recorded');
    return touch;
  });
}

type Row = { id: string; isWritten: boolean; whyNot: WhyNotCounted | null; mark: string | null; target: string | null };

function outcomeOf({ isWritten, whyNot, mark, target }: Row): RecordedTouch {
  if (isWritten) return { kind: 'recorded', whyNot };
  return { kind: 'changed', link: mark === null || target === null ? null : { mark, target } };
}
