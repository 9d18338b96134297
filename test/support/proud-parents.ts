import { createLogger } from '../../src/telemetry/logger.ts';
import { openTestApi, textIn, type Reply, type TestApi } from './api.ts';
import { openTestSending, type TestSending } from './sending.ts';

/** A parent with a run of the week. `answer`: that of the start, word for word. */
export type Parent = { externalId: string; email: string; runId: string; code: string; answer: string };
export type ToldFact = { kind: string; data: Record<string, unknown> };

/** Stands nowhere else. */
export const CHILD = 'Zelmira';
export const WEEK = '2026-W23';
export const FIGURES = { skillsImproved: 3, minutes: 95, streakDays: 5 };

/** A tenant whose parents get cards: API and sender over one database, and what both log. */
export async function openProudParents() {
  const logged: string[] = [];
  const log = createLogger({ level: 'debug', destination: { write: (line: string) => { logged.push(line); } } });
  const sending: TestSending = await openTestSending();
  sending.deps.log = log;
  const api: TestApi = await openTestApi({ db: sending.deps.db, keyring: sending.deps.keyring, clock: sending.clock, log, trustProxy: 1 });
  sending.clock.set('2026-06-05T16:00:00Z');
  const programId = textIn((await api.send(sending.tenant, 'POST', '/v1/programs', { loop: 'proud-parent', title: 'Progress cards' })).body, 'id');
  let parents = 0;
  const start = (externalId: string, input: Record<string, unknown> = {}): Promise<Reply> => api.send(sending.tenant, 'POST', '/v1/runs', { programId, externalId, input: { week: WEEK, ...FIGURES, ...input } });
  return {
    sending, api, logged, start,
    async startFor(zone: string, locale = 'en'): Promise<Parent> {
      const externalId = `parent-${String((parents += 1))}`;
      const email = `${externalId}@families.example`;
      await api.send(sending.tenant, 'PUT', `/v1/members/${externalId}`, { contact: { email }, name: 'Rosa Diaz', zone, locale });
      const { status, text, body } = await start(externalId, { childName: CHILD });
      if (status !== 201) throw new Error(text);
      return { externalId, email, runId: textIn(body, 'id'), code: /\/i\/([^"]+)"/.exec(text)?.[1] ?? '', answer: text };
    },
    async factsOf(runId: string): Promise<ToldFact[]> {
      return [...await sending.database.superuser<ToldFact[]>`select kind, data from run_facts where run_id = ${runId} order by fact_id`];
    },
    async close(): Promise<void> {
      await api.close();
      await sending.close();
    },
  };
}

export type ProudParents = Awaited<ReturnType<typeof openProudParents>>;
