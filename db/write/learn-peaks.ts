import { isDeepStrictEqual } from 'node:util';
import type { ProgramId, TenantId } from '../../src/domain/ids.ts';
import { learnPeaks as learn, type LearntPeaks, type PeakWindow } from '../../src/domain/send-time/learn-peaks.ts';
import type { SlotCounter } from '../../src/domain/send-time/local-slots.ts';
import { peakBasis, type PeakBasis } from '../../src/domain/send-time/peak-basis.ts';
import type { Tx } from '../client.ts';
import type { AnswerSpan } from '../read/answer-slots.ts';
import { lockLearnt, type LearntRow } from '../read/learnt-peaks.ts';
import { recordDecisions, type Decision } from './decide.ts';
import { markStale } from './mark-stale.ts';

type Scope = ProgramId | null;
type Learnt = { scope: Scope; before: readonly PeakWindow[]; learnt: LearntPeaks; basis: PeakBasis; changed: boolean };
/** `changed`: programs and (null) the tenant whose windows are others now. `replanned`: programs whose messages are planned again for it. */
export type PeaksLearnt = { looked: number; changed: Scope[]; replanned: ProgramId[] };

/**
 * Learns peak times from what was counted, of each program and of the tenant as a whole, and keeps windows and basis.
 * Where the windows in force change for a program that asks for learnt ones, its rules get a new version and what waits is
 * planned again. Told the same twice, it changes nothing.
 */
export async function learnPeaks(tx: Tx, told: { tenantId: TenantId; counter: SlotCounter<ProgramId>; span: AnswerSpan; now: number }): Promise<PeaksLearnt> {
  const { tenantId, counter, span, now } = told;
  const known = await lockLearnt(tx, tenantId);
  const scopes: Scope[] = [null, ...new Set([...counter.scopes(), ...known.flatMap(({ programId }) => programId ?? [])])];
  const all = scopes.map((scope): Learnt => {
    const slots = counter.slots(scope ?? undefined);
    const before = known.find(({ programId }) => programId === scope)?.windows ?? [];
    const learnt = learn({ slots, before });
    return { scope, before, learnt, basis: peakBasis(learnt, slots, span), changed: !isDeepStrictEqual(learnt.windows, before) };
  });
  for (const one of all) await keep(tx, tenantId, one, now);
  const changed = all.filter((one) => one.changed);
  const replanned = await replanPrograms(tx, { tenantId, known, all, now });
  await recordDecisions(tx, changed.map((one) => decisionOf(one, replanned, tenantId, now)));
  return { looked: all.length, changed: changed.map(({ scope }) => scope), replanned };
}

async function keep(tx: Tx, tenantId: TenantId, { scope, learnt, basis, changed }: Learnt, now: number): Promise<void> {
  await tx.sql`
    insert into learnt_peaks (tenant_id, program_id, windows, basis, learnt_at, looked_at)
    values (${tenantId}, ${scope}, ${JSON.stringify(learnt.windows)}, ${JSON.stringify(basis)}, ${now}, ${now})
    on conflict (tenant_id, program_id) do update set windows = excluded.windows, basis = excluded.basis, looked_at = excluded.looked_at,
      learnt_at = case when ${changed} then excluded.learnt_at else learnt_peaks.learnt_at end`;
}

/** A program follows its own windows, else the tenant's: new ones bind what waits where those in force are others now. */
async function replanPrograms(tx: Tx, { tenantId, known, all, now }: { tenantId: TenantId; known: readonly LearntRow[]; all: readonly Learnt[]; now: number }): Promise<ProgramId[]> {
  if (all.every(({ changed }) => !changed)) return [];
  const before = inForce(known.map(({ programId, windows }) => [programId, windows]));
  const after = inForce(all.map(({ scope, learnt }) => [scope, learnt.windows]));
  const learning = await tx.sql<{ id: ProgramId }[]>`
    select p.id from programs p join program_versions v on v.program_id = p.id and v.version = p.version
    where p.tenant_id = ${tenantId} and v.terms #> '{peakTimes,learnt}' is not null order by p.id for no key update of p`;
  const programIds = learning.map(({ id }) => id).filter((id) => !isDeepStrictEqual(before(id), after(id)));
  if (programIds.length === 0) return [];
  await tx.sql`update programs set rules_version = rules_version + 1, updated_at = ${now} where id = any(${programIds}::text[])`;
  await markStale(tx, { kind: 'programs', programIds }, now);
  return programIds;
}

function inForce(learnt: readonly (readonly [Scope, readonly PeakWindow[]])[]): (id: ProgramId) => readonly PeakWindow[] {
  const windows = new Map(learnt.filter(([, ones]) => ones.length > 0));
  return (id) => windows.get(id) ?? windows.get(null) ?? [];
}

function decisionOf({ scope, before, learnt }: Learnt, replanned: readonly ProgramId[], tenantId: TenantId, now: number): Decision {
  const rule = learnt.windows.length === 0
    ? 'No time of the week is answered clearly better than the rest any more.'
    : 'These times of the week were answered clearly better than the rest.';
  return {
    tenantId, subjectId: scope ?? tenantId, kind: 'peaks_learnt', actor: 'learn-peaks', now,
    rule: replanned.length === 0 ? rule : `${rule} What waits of programs that follow them is planned again.`,
    inputs: { windows: learnt.windows, before, evidence: learnt.evidence, sent: learnt.sent, answered: learnt.answered, replanned: scope === null ? replanned : replanned.filter((id) => id === scope) },
  };
}
