import type { TenantId, TouchId } from '../../src/domain/ids.ts';
import type { Database } from '../client.ts';
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
 * Commits one touch, counted or not, in one transaction. A visitor is known by the cookie, else by network and class
 * of program, and counts again an hour after being counted. Two openings at the same instant count once: the second
 * waits for the first on a lock of that visitor and link, then sees it. Times in epoch ms.
 */
export async function recordTouch(db: Database, tenantId: TenantId, touch: NewTouch): Promise<RecordedTouch> {
  const visitorKey = touch.visitor.kind === 'known' ? touch.visitor.id : `${hexOf(touch.ipHash) ?? touch.id} ${touch.agentClass}`;
  const rows = await db.asTenant(tenantId, async ({ sql }) => {
    // The lock is a statement before the look, or the look would not see what was committed while it waited.
    const locked = touch.notAPerson !== null ? null : sql`select pg_advisory_xact_lock(hashtextextended(${`touch ${touch.code} ${visitorKey}`}, 0))`.execute();
    const inserted = sql<{ whyNot: WhyNotCounted | null }[]>`
      insert into touches (id, tenant_id, code, kind, counted, why_not, visitor_id, ip_hash, agent_class, at)
      select ${touch.id}, ${tenantId}, ${touch.code}, 'click', looked.why_not is null, looked.why_not,
             case when looked.why_not is null or ${touch.visitor.kind === 'known'} then ${touch.visitor.id} end,
             ${touch.ipHash}::bytea, ${touch.agentClass}, ${touch.now}::timestamptz
      from (select coalesce(${touch.notAPerson}::text, case when exists (${countedBefore(sql, touch)}) then 'repeat' end) as why_not) looked
      returning why_not as "whyNot"`.execute();
    const [, done] = await Promise.all([locked, inserted]);
    return done;
  });
  const [row] = rows;
  if (row === undefined) throw new Error('a touch was not recorded');
  return { whyNot: row.whyNot };
}

type Sql = Parameters<Parameters<Database['asTenant']>[1]>[0]['sql'];

function countedBefore(sql: Sql, touch: NewTouch) {
  const since = touch.now - REPEAT_WINDOW_MS;
  return touch.visitor.kind === 'known'
    ? sql`select 1 from touches where code = ${touch.code} and visitor_id = ${touch.visitor.id} and at > ${since}::timestamptz and counted and kind = 'click'`
    : sql`select 1 from touches where code = ${touch.code} and ip_hash = ${touch.ipHash}::bytea and at > ${since}::timestamptz
          and agent_class = ${touch.agentClass} and counted and kind = 'click'`;
}

function hexOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('hex');
}
