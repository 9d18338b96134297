import { newId } from '../../../src/config/new-id.ts';
import type { RunId, TenantId } from '../../../src/domain/ids.ts';
import { liveTerms } from '../../../src/domain/program/live-loop.ts';
import type { Tx } from '../../client.ts';
import { LANE_SIGNAL } from '../lane.ts';
import type { Start } from './judge-starts.ts';

/** Writes the rows of runs that begin, and tells the relay. Who finds the occasion taken meanwhile, by another or by an earlier of these, is missing in the answer. */
export async function insertRuns(tx: Tx, { tenantId, starts, now }: { tenantId: TenantId; starts: readonly Start[]; now: number }): Promise<Map<Start, RunId>> {
  if (starts.length === 0) return new Map();
  const rows = starts.map((start) => ({ ...start, start, runId: newId('run', now) }));
  const made = await tx.sql<{ runId: RunId }[]>`
    with opened as (
      insert into runs (tenant_id, id, loop, input, stage, opened_at, moved_at, seen_at, program_id, program_version, member_id, subject, prompt_id)
      select ${tenantId}, r.id, r.loop, r.input, r.stage, ${now}, ${now}, ${now}, r.program_id, r.program_version, r.member_id, r.subject, r.prompt_id
      from unnest(${rows.map(({ runId }) => runId)}::text[], ${rows.map(({ loop }) => loop.key)}::text[], ${rows.map((row) => JSON.stringify(inputOf(row, now)))}::jsonb[],
                  ${rows.map(({ loop }) => loop.life.start.stage)}::text[], ${rows.map(({ programId }) => programId)}::text[], ${rows.map(({ program }) => program.version)}::integer[],
                  ${rows.map(({ memberId }) => memberId)}::text[], ${rows.map(({ occasion }) => occasion)}::text[], ${rows.map(({ promptId }) => promptId ?? null)}::text[])
        with ordinality as r (id, loop, input, stage, program_id, program_version, member_id, subject, prompt_id, place)
      order by r.place
      on conflict (tenant_id, program_id, member_id, subject) where subject is not null do nothing
      returning id, loop, generation, input
    ), told as (
      insert into outbox (tenant_id, kind, lane, created_at, payload)
      select ${tenantId}, 'start_run', id, ${now}, jsonb_build_object('loop', loop, 'generation', generation, 'input', input) from opened order by id
    )
    select id as "runId", pg_notify(${LANE_SIGNAL}, ${`${tenantId}/`} || id) from opened`;
  const opened = new Set(made.map(({ runId }) => runId));
  return new Map(rows.flatMap(({ start, runId }) => (opened.has(runId) ? [[start, runId] as const] : [])));
}

/** What its workflow is started with. */
function inputOf({ input, memberId, invitees, loop, program }: Start, now: number): Readonly<Record<string, unknown>> {
  return { ...input, memberId, startedAt: now, invited: invitees?.length ?? 0, terms: liveTerms(loop.life, program.terms) };
}
