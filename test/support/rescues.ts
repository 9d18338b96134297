import { asId } from '../../src/domain/ids.ts';
import type { RunId } from '../../src/domain/ids.ts';
import { textIn } from './api.ts';
import type { Reply, TestApi, TestTenant } from './api.ts';
import { DECK, hiddenIn } from './play.ts';
import type { Friend } from './play.ts';
import type { Opened } from './open-page.ts';

const HOUR_MS = 3_600_000;

export type Rescue = { readonly runId: RunId; readonly code: string; readonly path: string; readonly reply: Reply };

/** A program of the streak rescue, and Ana with a name; answers the program's id. */
export async function arrangeRescues(api: TestApi, tenant: TestTenant, terms: Record<string, unknown> = {}): Promise<string> {
  await api.send(tenant, 'PUT', '/v1/members/ana', { name: 'Ana Bell', contact: { email: 'ana@example.com' }, zone: 'Europe/Paris' });
  return textIn((await api.send(tenant, 'POST', '/v1/programs', { loop: 'streak-rescue', title: 'Rescues', terms })).body, 'id');
}

/** Ana's streak ends in four hours; she asks a buddy. `path`: of her own page. */
export async function startRescue(api: TestApi, tenant: TestTenant, programId: string, more: Record<string, unknown> = {}): Promise<Rescue> {
  const now = api.clock.now();
  const reply = await api.send(tenant, 'POST', '/v1/runs', {
    programId, externalId: 'ana', deck: DECK,
    input: { streakEndsAt: new Date(now + 4 * HOUR_MS).toISOString(), streakDay: new Date(now).toISOString().slice(0, 10), streakDays: 12 }, ...more,
  });
  const link = reply.body['link'];
  if (typeof link !== 'object' || link === null || !('code' in link)) throw new Error(`not started: ${reply.text}`);
  return { runId: asId('run', textIn(reply.body, 'id')), code: String(link.code), path: new URL(textIn(reply.body, 'waitingUrl')).pathname, reply };
}

/** Ana answers the question that is open on her own page; answers what she is led to, or told instead. */
export async function answerOwn(browser: Friend, { path }: Pick<Rescue, 'path'>, choice: number | null, changed: Readonly<Record<string, string>> = {}): Promise<Opened> {
  const open = await browser.get(`${path}/play`);
  const said = await browser.post(`${path}/play`, { ...hiddenIn(open.text), ...(choice === null ? {} : { choice: String(choice) }), ...changed });
  return said.status === 303 ? browser.get(said.headers.location ?? '') : said;
}

/** Ana answers all five, so many right. */
export async function playOwn(browser: Friend, rescue: Pick<Rescue, 'path'>, right = 5): Promise<Opened> {
  let page = await browser.get(`${rescue.path}/play`);
  for (const n of [0, 1, 2, 3, 4]) page = await answerOwn(browser, rescue, n < right ? n % 3 : (n + 1) % 3);
  return page;
}

/** What the run was told, in the order of telling. */
export async function factsOf(api: TestApi, runId: RunId): Promise<string[]> {
  return (await api.database.superuser<{ kind: string }[]>`select kind from run_facts where run_id = ${runId} order by recorded_at, kind`).map(({ kind }) => kind);
}
