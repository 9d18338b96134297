import type { GuestId, MemberId, RunId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import { tellEarlier } from './tell-happenings.ts';

/** Somebody in a run. `hears`: an event's type to the run's fact, as the loop's definition has it for the role. */
export type PersonOfRun = {
  readonly tenantId: TenantId;
  readonly runId: RunId;
  readonly personId: MemberId | GuestId;
  readonly role: string;
  readonly hears: Readonly<Record<string, string>>;
  readonly now: number;
};

/**
 * Puts somebody into a run; who is in it keeps the role. What the app had told of a member since the run began is told to the run at once:
 * an event may come before the person. Call it where runs are locked in the order of locks. Answers whether the person is new in it.
 */
export async function addPerson(tx: Tx, { tenantId, runId, personId, role, hears, now }: PersonOfRun): Promise<boolean> {
  const added = await tx.sql`
    insert into run_people (tenant_id, run_id, person_id, role, hears, joined_at)
    values (${tenantId}, ${runId}, ${personId}, ${role}, ${JSON.stringify(hears)}::text::jsonb, ${now})
    on conflict do nothing`;
  if (added.count === 0) return false;
  await tellEarlier(tx, { tenantId, runId, personId, now });
  return true;
}
