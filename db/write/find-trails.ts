import { madeAt } from '../../src/domain/ids.ts';
import type { BatchId, InviteRef, TouchId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** What a fact's click and code lead to, as far as they are this tenant's: the click, the link, the invite behind it. */
export type Trail = { click: { id: TouchId } | null; link: { code: string; invite: InviteRef | null } | null };

type LinkRow = { code: string; batchId: BatchId | null; n: number | null };

/** A click is recorded at the instant in its id; the hour is for what was arranged by hand. */
const SLACK_MS = 3_600_000;
/** Whoever makes up an id can put any year into it; Postgres reads years of four digits. */
const LATEST_AT = Date.parse('9999-01-01T00:00:00Z');

/** Follows many facts at once, in their order. A click names its link by itself; where both are given, the click counts. */
export async function findTrails(tx: Tx, facts: readonly { clickId: TouchId | null; code: string | null }[]): Promise<Trail[]> {
  const clickIds = facts.flatMap((fact) => (fact.clickId === null || madeAt(fact.clickId) > LATEST_AT ? [] : [fact.clickId]));
  const clickedAt = clickIds.map(madeAt);
  const codes = facts.flatMap((fact) => fact.code ?? []);
  const [clicks, links] = await Promise.all([
    clickIds.length === 0 ? [] : tx.sql<(LinkRow & { id: TouchId })[]>`
      select t.id, l.code, l.batch_id as "batchId", l.n
      from touches t cross join lateral (select code, batch_id, n from links where code = t.code limit 1) l
      where t.tenant_id = current_tenant() and t.id = any(${clickIds}::text[])
        and t.recorded_at between ${Math.min(...clickedAt) - SLACK_MS} and ${Math.max(...clickedAt) + SLACK_MS}`,
    codes.length === 0 ? [] : tx.sql<LinkRow[]>`
      select l.code, l.batch_id as "batchId", l.n from unnest(${[...new Set(codes)]}::text[]) as c (code)
      cross join lateral (select code, batch_id, n from links where code = c.code limit 1) l`,
  ]);
  const clickById = new Map(clicks.map((click) => [click.id, click]));
  const linkByCode = new Map(links.map((link) => [link.code, link]));
  return facts.map(({ clickId, code }) => {
    const click = clickId === null ? undefined : clickById.get(clickId);
    const link = click ?? (code === null ? undefined : linkByCode.get(code));
    return { click: click === undefined ? null : { id: click.id }, link: link === undefined ? null : { code: link.code, invite: inviteOf(link) } };
  });
}

function inviteOf({ batchId, n }: LinkRow): InviteRef | null {
  return batchId === null || n === null ? null : { batchId, n };
}
