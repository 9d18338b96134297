import type { TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { tellEarlier, type RunPlace } from './tell-happenings.ts';

/** Somebody in a run. `hears`: an event's type to the run's fact, as the loop's definition has it for the role. */
export type PersonOfRun = RunPlace & { readonly role: string; readonly hears: Readonly<Record<string, string>> };

/**
 * Puts people into runs; who is in one keeps the role. What the app had told of a member since the run began is told to the run at once:
 * an event may come before the person. Call it where runs are locked in the order of locks.
 */
export async function addPeople(tx: Tx, { tenantId, people, now }: { tenantId: TenantId; people: readonly PersonOfRun[]; now: number }): Promise<void> {
  if (people.length === 0) return;
  const added = await tx.sql<RunPlace[]>`
    insert into run_people (tenant_id, run_id, person_id, role, hears, joined_at)
    select ${tenantId}, p.run_id, p.person_id, p.role, p.hears, ${now}
    from unnest(${people.map(({ runId }) => runId)}::text[], ${people.map(({ personId }) => personId)}::text[], ${people.map(({ role }) => role)}::text[],
                ${people.map(({ hears }) => JSON.stringify(hears))}::jsonb[]) as p (run_id, person_id, role, hears)
    on conflict do nothing
    returning run_id as "runId", person_id as "personId"`;
  await tellEarlier(tx, { tenantId, places: added, now });
}
