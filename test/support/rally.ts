import { asId } from '../../src/domain/ids.ts';
import type { MemberId, RunId, TenantId } from '../../src/domain/ids.ts';
import type { Sql } from '../../db/client.ts';
import { textIn } from './api.ts';
import type { Reply, TestApi, TestTenant } from './api.ts';

export type Rally = { readonly runId: RunId; readonly code: string; readonly boardPath: string; readonly endsAt: number; readonly reply: Reply };

const DAY_MS = 86_400_000;

/** A program of the results rally with what it gives by default, and Ana, who opens boards; answers the program's id. */
export async function arrangeRallies(api: TestApi, tenant: TestTenant, terms: Record<string, unknown> = {}): Promise<string> {
  await api.send(tenant, 'PUT', '/v1/members/ana', { name: 'Ana <b>Bell</b>', contact: { email: 'ana@example.com' }, zone: 'Europe/Paris' });
  const reply = await api.send(tenant, 'POST', '/v1/programs', { loop: 'results-rally', title: 'Rallies', ...(Object.keys(terms).length === 0 ? {} : { terms }) });
  return textIn(reply.body, 'id');
}

/** A board of two days. */
export async function startRally(api: TestApi, tenant: TestTenant, programId: string, more: Record<string, unknown> = {}): Promise<Rally> {
  const endsAt = api.clock.now() + 2 * DAY_MS;
  const reply = await api.send(tenant, 'POST', '/v1/runs', { programId, externalId: 'ana', input: { cohort: 'Algebra & <sets>', endsAt: new Date(endsAt).toISOString() }, ...more });
  const link = reply.body['link'];
  if (typeof link !== 'object' || link === null || !('code' in link)) throw new Error(`not started: ${reply.text}`);
  return { runId: asId('run', textIn(reply.body, 'id')), code: String(link.code), boardPath: new URL(textIn(reply.body, 'boardUrl')).pathname, endsAt, reply };
}

let facts = 0;

/** The app tells that a member practised. */
export function practise(api: TestApi, tenant: TestTenant, externalId: string, properties: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<Reply> {
  facts += 1;
  return api.send(tenant, 'POST', '/v1/events', { events: [{ eventId: `practice-${String(facts)}`, type: 'practice_completed', externalId, properties, ...more }] });
}

type Line = { rank: number; tied: number; name: string; score: number; movement: string; places: number; isOwn: boolean };
export type BoardBody = { title: string; isOver: boolean; players: number; practisingNow: number; top: Line[]; own: Line | null; url: string };

/** The board as the app reads it, for one member. */
export async function readBoardOf(api: TestApi, tenant: TestTenant, runId: string, query = ''): Promise<BoardBody> {
  const response = await api.send(tenant, 'GET', `/v1/runs/${runId}/board${query}`);
  if (!isBoard(response.body)) throw new Error(response.text);
  return response.body;
}

function isBoard(body: unknown): body is BoardBody {
  return typeof body === 'object' && body !== null && 'top' in body && 'players' in body && 'own' in body;
}

/** One of those whom `fillBoard` puts on a board. */
export function playerId(n: number): MemberId {
  return asId('mbr', `mbr_${String(n).padStart(26, '0')}`);
}

/** Puts so many on a board, each with a score of the own, from 1 on; before the last look all were first. */
export async function fillBoard(superuser: Sql, { tenantId, runId, players, now }: { tenantId: TenantId; runId: RunId; players: number; now: number }): Promise<void> {
  await superuser`
    insert into board_entries (tenant_id, run_id, person_id, name_drawn, score, achieved_at, joined_at, noted_rank)
    select ${tenantId}, ${runId}, 'mbr_' || lpad(n::text, 26, '0'), n % 25600, n, ${now}, ${now}, 1 from generate_series(1, ${players}::int) n`;
}
