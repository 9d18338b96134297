import type { TenantId } from '../../src/domain/ids.ts';
import type { LandingAnswer } from '../../src/domain/landing/answers.ts';
import type { Tx } from '../client.ts';

/** What it takes to share a run's link, and what became of its landing page. */
export type RunShareView = {
  readonly code: string;
  readonly loop: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly tenantName: string;
  readonly publicUrl: string;
  /** The member's. */
  readonly locale: string | null;
  readonly answers: Readonly<Record<LandingAnswer, number>>;
};

type Row = Omit<RunShareView, 'answers'> & Record<LandingAnswer, number>;

/** The first of a run's links that is to be shared and not revoked; null where there is no such run, or no such link of it. */
export async function readRunShare(tx: Tx, tenantId: TenantId, runId: string): Promise<RunShareView | null> {
  const [row] = await tx.sql<Row[]>`
    select l.code, r.loop, r.input, t.name as "tenantName", t.public_url as "publicUrl", coalesce(m.locale, c.locale) as locale, given.*
    from runs r join tenants t on t.id = r.tenant_id
    join lateral (select * from links l where l.tenant_id = ${tenantId} and l.run_id = r.id and l.kind = 'share' and l.revoked_at is null order by l.created_at, l.code limit 1) l on true
    left join members m on m.tenant_id = r.tenant_id and m.id = r.member_id left join contacts c on c.id = m.contact_id
    cross join lateral (
      select count(*) filter (where a.answer = 'accept')::int as accept, count(*) filter (where a.answer = 'decline')::int as decline,
             count(*) filter (where a.answer = 'stop')::int as stop, count(*) filter (where a.answer = 'report')::int as report
      from landing_answers a where a.tenant_id = ${tenantId} and a.run_id = r.id) given
    where r.tenant_id = ${tenantId} and r.id = ${runId}`;
  if (row === undefined) return null;
  const { accept, decline, stop, report, ...view } = row;
  return { ...view, answers: { accept, decline, stop, report } };
}
