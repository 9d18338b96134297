import type { Claim } from '../../src/domain/credit/claim.ts';
import { decideCredit } from '../../src/domain/credit/decide-credit.ts';
import type { MemberId, ReferralId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { loadProgramCredit } from '../read/credit-rules.ts';
import { loadPersons } from '../read/persons.ts';
import { addLine, loadLinesAbove, standsAbove } from '../read/referral-lines.ts';
import { referralsOfReferee } from '../read/referrals-of-referee.ts';
import { gatherClaims, type SignUpFact } from './gather-claims.ts';
import { lockReferralGraph } from './lock-referral-graph.ts';
import { writeCredits, type DecidedCredit } from './write-credits.ts';
import type { EventRow } from './write-events.ts';

/**
 * Decides who is credited for sign-ups that were just stored, by the time they happened, and keeps every claim with what became of it;
 * answers the referrals that were made. Decisions of one tenant wait for each other: two members who bring one another at the same
 * instant would else make a ring. A referee who was credited before keeps that credit; what speaks at a later sign-up is kept as `duplicate`.
 */
export async function creditSignUps(tx: Tx, { tenantId, rows, now }: { tenantId: TenantId; rows: readonly EventRow[]; now: number }): Promise<ReferralId[]> {
  const signUps = rows.flatMap(({ fact, memberId, touchId }): SignUpFact[] =>
    (memberId === null ? [] : [{ eventId: fact.eventId, refereeId: memberId, at: fact.occurredAt, code: fact.code, touchId, guestToken: fact.detail?.guestToken ?? null }])).toSorted(byTime);
  if (signUps.length === 0) return [];
  const found = await gatherClaims(tx, signUps, now);
  if ([...found.values()].every((claims) => claims.length === 0)) return [];
  return writeCredits(tx, { tenantId, decided: await decideAll(tx, tenantId, signUps, found), now });
}

async function decideAll(tx: Tx, tenantId: TenantId, signUps: readonly SignUpFact[], found: Awaited<ReturnType<typeof gatherClaims>>): Promise<DecidedCredit[]> {
  const refereeIds = signUps.map(({ refereeId }) => refereeId);
  const referrerIds = [...new Set([...found.values()].flat().map(({ referrerId }) => referrerId))];
  // Sent together: what is read behind the lock was committed while it was waited for.
  const [, programs, persons, lines, credited] = await Promise.all([
    lockReferralGraph(tx, tenantId), loadProgramCredit(tx), loadPersons(tx, [...new Set([...refereeIds, ...referrerIds])]), loadLinesAbove(tx, referrerIds), creditedAmong(tx, refereeIds),
  ]);
  return signUps.flatMap(({ eventId, refereeId, at }): DecidedCredit[] => {
    const claims = (found.get(eventId) ?? []).flatMap((claim): Claim[] => {
      const programId = claim.programId ?? programs.programFor(at);
      return programId === null ? [] : [{ ...claim, programId }];
    });
    const decision = decideCredit(claims, programs.rules, {
      at,
      referee: persons.get(refereeId) ?? { memberId: refereeId },
      referrers: persons,
      broughtByReferee: new Set(claims.flatMap(({ referrerId }) => (standsAbove(lines, refereeId, referrerId) ? [referrerId] : []))),
      creditedBefore: credited.has(refereeId),
    });
    for (const { referrerId } of decision.credited) addLine(lines, refereeId, referrerId);
    if (decision.credited.length > 0) credited.add(refereeId);
    return [{ refereeId, signedUpAt: at, claims, decision, versions: programs.versions }];
  });
}

async function creditedAmong(tx: Tx, refereeIds: readonly MemberId[]): Promise<Set<MemberId>> {
  const rows = await tx.sql<{ id: MemberId }[]>`
    select n.id from unnest(${[...new Set(refereeIds)]}::text[]) as n (id)
    cross join lateral (${referralsOfReferee(tx, tx.sql`n.id`)} limit 1) r`;
  return new Set(rows.map(({ id }) => id));
}

/** Of one instant by their ids, so that the order of telling decides nothing. */
function byTime(a: SignUpFact, b: SignUpFact): number {
  return a.at - b.at || (a.eventId < b.eventId ? -1 : 1);
}
