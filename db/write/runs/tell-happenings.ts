import { createHash } from 'node:crypto';
import { groupBy } from '../../../src/domain/group-by.ts';
import type { GuestId, MemberId, RunId, TenantId } from '../../../src/domain/ids.ts';
import type { EventDetail } from '../../../src/domain/event/event-detail.ts';
import type { FactScalar } from '../../../src/domain/run/fact.ts';
import { eventData } from '../../../src/domain/run/fact-data.ts';
import { TOLD_BY_US } from '../../../src/domain/run/told-by-us.ts';
import type { Tx } from '../../client.ts';
import { tellRuns, type RunFact } from '../tell-runs.ts';

/** What somebody did. `id`: of the business fact; `runId`: told to this run only; `at`: when it happened (epoch ms); `data`: ids and figures, nothing of a person. */
export type Happening = {
  readonly personId: MemberId | GuestId;
  readonly runId: string | null;
  readonly type: string;
  readonly id: string;
  readonly at: number;
  readonly data: Readonly<Record<string, FactScalar>>;
};

type Telling = { readonly tenantId: TenantId; readonly happenings: readonly Happening[]; readonly now: number };

/** An app's clock may be so much behind ours: what it dates before the start of a run that it began itself counts all the same. */
const CLOCKS_APART_MS = 60_000;

/** So many facts of one kind a run hears of one person: no story waits for more, and what it hears fills its history. */
const MOST_OF_A_KIND = 500;

/**
 * Tells what people did to the open runs that they are in and that hear of it, each run once by the happening's id. One look where the tenant
 * has no open run of a live loop. What happened before a run began is none of its facts, nor is
 * the 501st of a kind by the same person. Locks runs; see `tellRuns`.
 */
export async function tellHappenings(tx: Tx, { tenantId, happenings, now }: Telling): Promise<void> {
  if (happenings.length === 0) return;
  const heard = await tx.sql<Heard[]>`
    select h.place::int - 1 as place, p.run_id as "runId", p.hears ->> h.type as kind, p.role,
           (select count(*)::int from run_facts f where f.run_id = p.run_id and f.kind = p.hears ->> h.type and f.data ->> 'personId' = p.person_id) as before
    from unnest(${happenings.map(({ personId }) => personId)}::text[], ${happenings.map(({ type }) => type)}::text[],
                ${happenings.map(({ runId }) => runId)}::text[], ${happenings.map(({ at }) => at)}::timestamptz[]) with ordinality as h (person_id, type, run_id, at, place)
    join run_people p on p.tenant_id = ${tenantId} and p.person_id = h.person_id and p.hears ? h.type and (h.run_id is null or h.run_id = p.run_id)
    join runs r on r.tenant_id = ${tenantId} and r.id = p.run_id and r.closed_at is null and h.at >= r.opened_at - make_interval(secs => ${CLOCKS_APART_MS / 1000})
    where ${hasLiveRuns(tx, tenantId)}`;
  const news = heard.flatMap(({ place, before, ...to }) => {
    const happening = happenings[place];
    return happening === undefined ? [] : [{ before, fact: factOf(happening, to), personId: happening.personId }];
  });
  const alike = groupBy(news, ({ fact: { runId, kind }, personId }) => `${runId} ${kind} ${personId}`);
  await tellRuns(tx, { tenantId, now, facts: [...alike.values()].flatMap((each) => each.slice(0, Math.max(0, MOST_OF_A_KIND - (each[0]?.before ?? 0))).map(({ fact }) => fact)) });
}

type Heard = { readonly place: number; readonly runId: RunId; readonly kind: string; readonly role: string; /** So many of the kind it heard of this person before. */ readonly before: number };

/** Is there an open run of a live loop? Asked once a statement, whatever its rows. */
export function hasLiveRuns(tx: Tx, tenantId: TenantId) {
  return tx.sql`(select exists (select 1 from runs live where live.tenant_id = ${tenantId} and live.program_id is not null and live.closed_at is null))`;
}

/** Is there any run that might hear? Asked beside what is asked anyway, by who would rather not ask in vain. */
export async function mayBeHeard(tx: Tx, tenantId: TenantId): Promise<boolean> {
  const [row] = await tx.sql<{ live: boolean }[]>`select ${hasLiveRuns(tx, tenantId)} as live`;
  return row?.live === true;
}

/** Somebody's place in a run. */
export type RunPlace = { readonly runId: RunId; readonly personId: MemberId | GuestId };

/** Tells runs what the app said of people since the runs began, before they were in them. */
export async function tellEarlier(tx: Tx, { tenantId, places, now }: { tenantId: TenantId; places: readonly RunPlace[]; now: number }): Promise<void> {
  if (places.length === 0) return;
  const rows = await tx.sql<(RunPlace & { eventId: string; type: string; kind: string; role: string; at: number; properties: Readonly<Record<string, unknown>>; detail: EventDetail | null })[]>`
    select w.run_id as "runId", w.person_id as "personId", e.event_id as "eventId", e.type, p.hears ->> e.type as kind, p.role, e.occurred_at as at, e.properties, e.detail
    from unnest(${places.map(({ runId }) => runId)}::text[], ${places.map(({ personId }) => personId)}::text[]) as w (run_id, person_id)
    cross join lateral (select role, hears from run_people where tenant_id = ${tenantId} and run_id = w.run_id and person_id = w.person_id limit 1) p
    cross join lateral (select opened_at from runs where tenant_id = ${tenantId} and id = w.run_id and closed_at is null limit 1) r
    cross join lateral (
      select event_id, type, occurred_at, properties, detail from events
      where tenant_id = ${tenantId} and member_id = w.person_id and p.hears ? type and not type = any(${[...TOLD_BY_US]}::text[])
        and occurred_at >= r.opened_at - make_interval(secs => ${CLOCKS_APART_MS / 1000}) and coalesce(properties ->> 'runId', w.run_id) = w.run_id
      order by occurred_at, event_id limit ${MOST_OF_A_KIND}
    ) e
    order by e.occurred_at, e.event_id`;
  await tellRuns(tx, { tenantId, now, facts: rows.map(({ runId, personId, eventId, type, kind, role, at, properties, detail }) =>
    factOf({ personId, runId, type, id: eventId, at, data: eventData(properties, detail) }, { runId, kind, role })) });
}

function factOf({ personId, id, at, data }: Happening, { runId, kind, role }: { runId: RunId; kind: string; role: string }): RunFact {
  return { runId, factId: factIdOf(id), kind, data: { ...data, personId, role }, at };
}

const PLAIN_ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/;

/** An app's id may be made of an address: where it could be, the history has what is the same for the same id alone. */
function factIdOf(id: string): string {
  return PLAIN_ID.test(id) ? id : `sha256:${createHash('sha256').update(id).digest('hex')}`;
}
