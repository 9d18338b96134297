import { againAfterDeadlock } from '../again-after-deadlock.ts';
import { bytesArray } from '../array-params.ts';
import type { TenantId, TouchId } from '../../src/domain/ids.ts';
import type { Sql } from '../client.ts';
import type { WhyNotCounted } from '../schema/links.ts';

/** One opening of a link. `notAPerson` null: nothing speaks against a person. */
export type NewTouch = {
  tenantId: TenantId;
  id: TouchId;
  code: string;
  notAPerson: Exclude<WhyNotCounted, 'repeat'> | null;
  /** `known`: the browser brought this id. `fresh`: it gets this id if it counts. */
  visitor: { kind: 'known' | 'fresh'; id: string };
  /** Keyed hash (16 bytes) of the visitor's network; null where the address is not known. */
  ipHash: Uint8Array | null;
  agentClass: string;
  now: number;
};

/** `whyNot` null: it counts. */
export type RecordedTouch = { whyNot: WhyNotCounted | null };

/** A visitor counts once an hour on a link; the visitor's cookie lives as long. */
export const REPEAT_WINDOW_MS = 3_600_000;

/**
 * Commits a group of touches, of any tenants, counted or not: one statement, one round trip (`record_touches` in the
 * migrations). Says of each, in the same order, what became of it. A visitor is known by the cookie, else by network and
 * class of program, and counts again an hour after being counted. Two openings at the same instant count once: within a group
 * the first of them; across groups the second waits for the first on a lock of that visitor and link, then sees it.
 */
export async function recordTouches(sql: Sql, touches: readonly NewTouch[]): Promise<RecordedTouch[]> {
  const visitors = (kind: NewTouch['visitor']['kind']): (string | null)[] => touches.map(({ visitor }) => (visitor.kind === kind ? visitor.id : null));
  const rows = await againAfterDeadlock(async () => sql<{ id: string; whyNot: WhyNotCounted | null }[]>`
    select touch_id as id, not_counted as "whyNot" from record_touches(
      ${touches.map(({ tenantId }) => tenantId)}::text[], ${touches.map(({ id }) => id)}::text[], ${touches.map(({ code }) => code)}::text[],
      ${touches.map(({ notAPerson }) => notAPerson)}::text[], ${visitors('known')}::text[], ${visitors('fresh')}::text[],
      ${bytesArray(touches.map(({ ipHash }) => ipHash))}::bytea[], ${touches.map(({ agentClass }) => agentClass)}::text[],
      ${touches.map(({ now }) => now)}::timestamptz[], ${REPEAT_WINDOW_MS} * interval '1 millisecond')`);
  const recorded = new Map<string, RecordedTouch>(rows.map(({ id, whyNot }) => [id, { whyNot }]));
  return touches.map(({ id }) => {
    const touch = recorded.get(id);
    if (touch === undefined) throw new Error('a touch was not recorded');
    return touch;
  });
}

/** One touch by itself. */
export async function recordTouch(sql: Sql, touch: NewTouch): Promise<RecordedTouch> {
  const [recorded] = await recordTouches(sql, [touch]);
  if (recorded === undefined) throw new Error('a touch was not recorded');
  return recorded;
}
