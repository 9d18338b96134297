import { newId } from '../../src/config/new-id.ts';
import type { MemberId, ProgramId, RunId } from '../../src/domain/ids.ts';
import type { LiveLoopDefinition } from '../../src/domain/program/live-loop.ts';
import type { ProgramTerms } from '../../src/domain/program/terms.ts';
import { createProgram } from '../../db/write/create-program.ts';
import type { RunToStart } from '../../db/write/runs/run-to-start.ts';
import { startRun, type StartedRun } from '../../db/write/runs/start-run.ts';
import { studyBuddyNudgeDefinition } from '../../workflows/study-buddy-nudge/definition.ts';
import { arrangeNotices } from './arrange-notices.ts';
import type { TestSending } from './sending.ts';

/** A live loop with words to invitees: those of the loop of that key. */
export const askingLoop: LiveLoopDefinition = {
  ...studyBuddyNudgeDefinition, key: 'invite',
  life: { ...studyBuddyNudgeDefinition.life, start: { fields: {}, stage: 'waiting', invitees: { min: 1, max: 5 } } },
};

export type ToldRun = { kind: string; data: Record<string, unknown> };

/** Runs of live loops, in the tenant of a test's sending. */
export function arrangeRuns(sending: TestSending, loop: LiveLoopDefinition = studyBuddyNudgeDefinition) {
  const { database, deps, tenant: { tenantId, keyId }, clock } = sending;
  const { makeMember } = arrangeNotices(sending);
  return {
    makeMember,
    makeProgram: (terms: Partial<ProgramTerms> = {}): Promise<ProgramId> => deps.db.asTenant(tenantId, (tx) =>
      createProgram(tx, { tenantId, loop: loop.key, title: 'Learn together', topic: loop.topic, terms: { ...loop.defaultTerms, ...terms }, actor: keyId, now: clock.now() })),
    start: (programId: ProgramId, memberId: MemberId, more: Partial<RunToStart> = {}): Promise<StartedRun> => deps.db.asTenant(tenantId, (tx) =>
      startRun(tx, deps.keyring, { tenantId, loop, programId, memberId, input: { examAt: clock.now() + 100 * 3_600_000 }, subject: newId('dec', clock.now()), actor: keyId, now: clock.now(), ...more })),
    /** Its id; throws where it was not started. */
    async started(programId: ProgramId, memberId: MemberId, more: Partial<RunToStart> = {}): Promise<RunId> {
      const made = await this.start(programId, memberId, more);
      if (made.outcome !== 'started') throw new Error(made.outcome);
      return made.runId;
    },
    async facts(runId: RunId): Promise<ToldRun[]> {
      const rows = await database.superuser<ToldRun[]>`select kind, data from run_facts where run_id = ${runId} order by recorded_at, fact_id`;
      return [...rows];
    },
    /** `step outcome reason` of each of its messages that it was told of. */
    async heard(runId: RunId): Promise<string[]> {
      return (await this.facts(runId)).map(({ kind, data }) => [kind, data['step'], data['outcome'], data['reason']].filter((part) => typeof part === 'string').join(' '));
    },
  };
}
