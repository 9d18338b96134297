import { isDeepStrictEqual } from 'node:util';
import type { TenantId } from '../../src/domain/ids.ts';
import type { ProgramTerms } from '../../src/domain/program/terms.ts';
import type { Tx } from '../client.ts';
import type { ProgramView } from '../read/programs.ts';
import { programVersions } from '../schema/programs.ts';
import { recordDecision } from './decide.ts';
import { markStale } from './mark-stale.ts';
import { mirrorBudgets } from './rewards/mirror-budgets.ts';

/** Terms that bind what waits, too. */
const NEVER_PINNED: readonly (keyof ProgramTerms)[] = ['sendRules', 'eventBufferDays', 'peakTimes'];

export type ProgramUpdate = { tenantId: TenantId; title: string; topic?: string | undefined; terms: ProgramTerms; actor: string; now: number };

/**
 * Gives a program (read for update) its next version; nothing where nothing changed. Running invites keep the copy, steps
 * and expiry of their own version. Send rules, caps, the days around events and peak times are never pinned: a change of those marks
 * what waits as stale, so that it is planned again before it can leave. Budgets of rewards are the program's and bind at once.
 */
export async function updateProgram(tx: Tx, before: ProgramView, { tenantId, title, topic, terms, actor, now }: ProgramUpdate): Promise<void> {
  if (topic !== undefined && topic !== before.topic) await changeTopic(tx, before, { tenantId, topic, actor, now });
  const changed = changedTerms(before.terms, terms);
  if (title === before.title && changed.length === 0) return;
  const version = before.version + 1;
  const rulesChanged = NEVER_PINNED.some((field) => changed.includes(field)) || (changed.includes('cap') && (defers(before.terms) || defers(terms)));
  const rulesVersion = before.rulesVersion + (rulesChanged ? 1 : 0);
  await tx.orm.insert(programVersions).values({ programId: before.id, version, tenantId, title, terms, createdAt: now });
  await tx.sql`update programs set title = ${title}, version = ${version}, rules_version = ${rulesVersion}, updated_at = ${now} where id = ${before.id}`;
  if (changed.includes('rewards')) await mirrorBudgets(tx, { tenantId, programId: before.id, rewards: terms.rewards });
  if (rulesChanged) await markStale(tx, { kind: 'program', programId: before.id }, now);
  await recordDecision(tx, {
    tenantId, subjectId: before.id, kind: 'program_changed', actor, now,
    rule: rulesChanged ? 'New send rules bind what waits, too: it is planned again.' : 'New terms bind new invites; those that run keep theirs.',
    inputs: { version, rulesVersion, changed: [...(title === before.title ? [] : ['title']), ...changed] },
  });
}

/** No part of a version: what waits heeds the topic that its program has when it is due. */
async function changeTopic(tx: Tx, before: ProgramView, { tenantId, topic, actor, now }: { tenantId: TenantId; topic: string; actor: string; now: number }): Promise<void> {
  await tx.sql`update programs set topic = ${topic}, updated_at = ${now} where id = ${before.id}`;
  await recordDecision(tx, {
    tenantId, subjectId: before.id, kind: 'program_topic_changed', actor, now,
    rule: 'Opt-outs from the new topic bind what waits, too.', inputs: { before: before.topic, topic },
  });
}

/** A cap that defers is part of what was planned; the tenant's own is taken for one. */
function defers({ cap }: ProgramTerms): boolean {
  return 'profile' in cap && cap.profile !== 'consumer';
}

function changedTerms(before: ProgramTerms, after: ProgramTerms): string[] {
  const [old, fresh] = [new Map<string, unknown>(Object.entries(before)), new Map<string, unknown>(Object.entries(after))];
  return [...new Set([...old.keys(), ...fresh.keys()])].filter((field) => !isDeepStrictEqual(old.get(field), fresh.get(field))).toSorted();
}
