import type { TestApi, TestTenant } from './api.ts';
import { makeInvitation, makeLiveProgram } from './landing.ts';
import type { Invitation } from './landing.ts';
import { madeByHook, useTenant, useTestApi } from './use-test-api.ts';
import type { ProgramId } from '../../src/domain/ids.ts';

type Wanted = Parameters<typeof makeInvitation>[3];
export type UsedLanding = {
  readonly api: TestApi;
  readonly tenant: TestTenant;
  /** A run of the tenant's buddy challenge, with its link. */
  invite(wanted?: Wanted): Promise<Invitation>;
  touchesOf(code: string): Promise<{ id: string; why_not: string | null; visitor_id: string | null }[]>;
  answersOf(code: string): Promise<{ answer: string; reason: string | null }[]>;
  /** The kinds of what a run was told. */
  factsOf(runId: string): Promise<string[]>;
  /** Everything but touches that a visit could have changed: the tables that some work did change. */
  changedBy(work: () => Promise<unknown>): Promise<string[]>;
};

/** For tests of landing pages: an API behind a proxy, and a tenant with a program of the buddy challenge. */
export function useLanding(): UsedLanding {
  const api = useTestApi({ trustProxy: 1 });
  const tenant = useTenant(api);
  const programId = madeByHook<ProgramId>('the program');
  beforeAll(async () => { programId.set(await makeLiveProgram(api, tenant)); });
  const counts = async () => api.database.superuser<{ name: string; stat: string }[]>`
    select 'landing_answers' as name, count(*)::text as stat from landing_answers union all select 'run_facts', count(*)::text from run_facts
    union all select 'guests', count(*)::text from guests union all select 'suppressions', count(*)::text from suppressions union all select 'outbox', count(*)::text from outbox
    union all select 'decisions', count(*)::text from decisions union all select 'consents', count(*)::text from consents union all select 'run_people', count(*)::text from run_people`;
  return {
    api, tenant,
    invite: (wanted = {}) => makeInvitation(api, tenant, programId.get(), wanted),
    touchesOf: async (code) => api.database.superuser<{ id: string; why_not: string | null; visitor_id: string | null }[]>`select id, why_not, visitor_id from touches where code = ${code} order by at, id`,
    answersOf: async (code) => api.database.superuser<{ answer: string; reason: string | null }[]>`select answer, reason from landing_answers where code = ${code} order by answer`,
    factsOf: async (runId) => (await api.database.superuser<{ kind: string }[]>`select kind from run_facts where run_id = ${runId} order by kind`).map(({ kind }) => kind),
    async changedBy(work) {
      const before = await counts();
      await work();
      const after = await counts();
      return after.filter(({ name, stat }) => before.find((other) => other.name === name)?.stat !== stat).map(({ name }) => name);
    },
  };
}
