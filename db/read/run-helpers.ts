import { sameBy } from '../../src/domain/credit/same-person.ts';
import type { MemberId, RunId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { loadPersons } from './persons.ts';

/** `same`: of the others those who are the member by another name. `isSelfHelp`: somebody in the run turned out to be the member, and nobody else helped. */
export type RunHelpers = { readonly same: readonly MemberId[]; readonly isSelfHelp: boolean };

/** A crowd is not one person; and it would be dear to ask. */
const MOST = 200;

/**
 * Who in a run is somebody else than the member it was started for, judged like a referral's two sides: by id, mailbox, phone and means of payment. Guests who
 * have signed up are who they became; one who has not, and has finished the deck, is taken for somebody else, since nothing is known.
 */
export async function readRunHelpers(tx: Tx, { tenantId, runId, memberId, others }: { tenantId: TenantId; runId: RunId; memberId: MemberId; others: readonly MemberId[] }): Promise<RunHelpers> {
  if (others.length > MOST) return { same: [], isSelfHelp: false };
  const guests = await tx.sql<{ memberId: MemberId | null; hasFinished: boolean }[]>`
    select g.member_id as "memberId", (select count(*) from plays p where p.tenant_id = ${tenantId} and p.run_id = ${runId} and p.person_id = g.id and p.round = 1)
      >= (select jsonb_array_length(d.questions) from decks d where d.tenant_id = ${tenantId} and d.run_id = ${runId}) as "hasFinished"
    from guests g where g.tenant_id = ${tenantId} and g.run_id = ${runId} limit ${MOST}`;
  const joined = guests.flatMap((guest) => guest.memberId ?? []);
  const persons = await loadPersons(tx, [...new Set([memberId, ...others, ...joined])]);
  const member = persons.get(memberId) ?? { memberId };
  const isMember = (id: MemberId): boolean => id !== memberId && sameBy(member, persons.get(id) ?? { memberId: id }) !== null;
  const same = others.filter(isMember);
  const isHelped = others.some((id) => id !== memberId && !same.includes(id)) || guests.some((guest) => guest.memberId === null && guest.hasFinished);
  return { same, isSelfHelp: !isHelped && (same.length > 0 || joined.some((id) => id === memberId || isMember(id))) };
}
