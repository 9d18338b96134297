import { againAfterDeadlock } from '../again-after-deadlock.ts';
import type { TenantId, TouchId } from '../../src/domain/ids.ts';
import type { Sql } from '../client.ts';
import type { WhyNotCounted } from '../schema/links.ts';

/** One opening of a link. `notAPerson` null: nothing speaks against a person. */
export type NewTouch = {
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
 * Commits one touch, counted or not: one statement, one round trip (`record_touch` in the migrations). A visitor is known
 * by the cookie, else by network and class of program, and counts again an hour after being counted. Two openings at
 * the same instant count once: the second waits for the first on a lock of that visitor and link, then sees it.
 */
export async function recordTouch(sql: Sql, tenantId: TenantId, touch: NewTouch): Promise<RecordedTouch> {
  const { kind, id: visitorId } = touch.visitor;
  const [row] = await againAfterDeadlock(async () => sql<RecordedTouch[]>`
    select record_touch(${tenantId}, ${touch.id}, ${touch.code}, ${touch.notAPerson}, ${kind === 'known' ? visitorId : null}, ${kind === 'fresh' ? visitorId : null},
                        ${touch.ipHash}, ${touch.agentClass}, ${touch.now}, ${touch.now - REPEAT_WINDOW_MS}) as "whyNot"`);
  if (row === undefined) throw new Error('a touch was not recorded');
  return { whyNot: row.whyNot };
}
