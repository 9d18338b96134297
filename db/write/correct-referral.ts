import { newId } from '../../src/config/new-id.ts';
import { sameBy } from '../../src/domain/credit/same-person.ts';
import type { MemberId, ProgramId, ReferralId, TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import { loadPersons } from '../read/persons.ts';
import { loadLinesAbove, standsAbove } from '../read/referral-lines.ts';
import type { ReferralState } from '../schema/referrals.ts';
import { recordDecision } from './decide.ts';
import { lockMembers } from './lock-people.ts';
import { lockReferralGraph } from './lock-referral-graph.ts';
import { settleRewards } from './rewards/settle-rewards.ts';
import { announce } from './webhooks/announce.ts';

type Change = { tenantId: TenantId; referralId: ReferralId; reason: string; actor: string; now: number };

/**
 * `too_late`: something of its rewards was paid out or stands in a payout. `self_referral`, `cycle`: the new referrer cannot have brought
 * this referee.
 */
export type CorrectOutcome =
  | { outcome: 'corrected' | 'unchanged' }
  | { outcome: 'refused'; reason: 'unknown_referral' | 'unknown_referrer' | 'too_late' | 'self_referral' | 'cycle' };

type Row = { programId: ProgramId; referrerId: MemberId; refereeId: MemberId; claimId: string; state: ReferralState };

/**
 * Gives the credit for a referral to another member, by an operator's word. What the referrer before has of it is taken back, and the
 * new one is given what the same facts give. The claim that had the credit stays, as `corrected`.
 */
export async function correctReferral(tx: Tx, change: Change & { referrerExternalId: string }): Promise<CorrectOutcome> {
  const { tenantId, referralId, referrerExternalId, reason, actor, now } = change;
  const before = await readRow(tx, change);
  if (before === null) return { outcome: 'refused', reason: 'unknown_referral' };
  const [referrer] = await tx.sql<{ id: MemberId }[]>`select id from members where tenant_id = ${tenantId} and external_id = ${referrerExternalId}`;
  if (referrer === undefined) return { outcome: 'refused', reason: 'unknown_referrer' };
  // Facts about the referee, and others' credits, wait.
  await lockMembers(tx, [before.refereeId]);
  await lockReferralGraph(tx, tenantId);
  await tx.sql`select 1 from referrals where id = ${referralId} for no key update`;
  const row = await readRow(tx, change);
  if (row === null) throw new Error('a referral is gone within its own transaction');
  if (row.referrerId === referrer.id) return { outcome: 'unchanged' };
  const refusal = await whatSpeaksAgainst(tx, change, row, referrer.id);
  if (refusal !== null) return { outcome: 'refused', reason: refusal };
  const claimId = `operator:${newId('dec', now)}`;
  await tx.sql`
    insert into credit_claims (tenant_id, referee_id, id, program_id, referrer_id, kind, at, outcome, decided_at)
    values (${tenantId}, ${row.refereeId}, ${claimId}, ${row.programId}, ${referrer.id}, 'operator', ${now}, 'credited', ${now})`;
  await tx.sql`
    update credit_claims set outcome = 'lost', reason = 'corrected', to_claim_id = ${claimId}, decided_at = ${now}
    where tenant_id = ${tenantId} and referee_id = ${row.refereeId} and id = ${row.claimId}`;
  await tx.sql`
    update referrals set referrer_id = ${referrer.id}, claim_id = ${claimId}, confidence = 'high', self_referral = false, moved_at = ${now} where id = ${referralId}`;
  await recordDecision(tx, {
    tenantId, subjectId: referralId, kind: 'referral_corrected', rule: reason, inputs: { from: row.referrerId, to: referrer.id, claimId, claimBefore: row.claimId }, actor, now,
  });
  const { programId, refereeId, state } = row;
  await announce(tx, {
    tenantId, news: [{ type: 'referral.corrected', subjectId: referralId, sequenceOf: referralId, at: now, data: { referralId, programId, referrerId: referrer.id, refereeId, state } }], now,
  });
  await settleRewards(tx, { tenantId, referralIds: [referralId], now });
  return { outcome: 'corrected' };
}

/** Opens or ends a review: as long as it is open, what the referral earns is held. Answers false where there is no such referral. */
export async function reviewReferral(tx: Tx, { tenantId, referralId, underReview, reason, actor, now }: Change & { underReview: boolean }): Promise<boolean> {
  const [known] = await tx.sql<{ underReview: boolean }[]>`
    select under_review as "underReview" from referrals where tenant_id = ${tenantId} and id = ${referralId} for no key update`;
  if (known === undefined) return false;
  if (known.underReview === underReview) return true;
  await tx.sql`update referrals set under_review = ${underReview}, moved_at = ${now} where id = ${referralId}`;
  await recordDecision(tx, { tenantId, subjectId: referralId, kind: underReview ? 'referral_review_opened' : 'referral_review_ended', rule: reason, inputs: {}, actor, now });
  await settleRewards(tx, { tenantId, referralIds: [referralId], now });
  return true;
}

async function readRow(tx: Tx, { tenantId, referralId }: Change): Promise<Row | null> {
  const [row] = await tx.sql<Row[]>`
    select program_id as "programId", referrer_id as "referrerId", referee_id as "refereeId", claim_id as "claimId", state from referrals where tenant_id = ${tenantId} and id = ${referralId}`;
  return row ?? null;
}

async function whatSpeaksAgainst(tx: Tx, { tenantId, referralId }: Change, { refereeId }: Row, referrerId: MemberId): Promise<'too_late' | 'self_referral' | 'cycle' | null> {
  // Locked, so that no payout takes one of them meanwhile.
  const rewards = await tx.sql<{ gone: boolean }[]>`
    select payout_id is not null or state = 'paid' as gone from rewards where tenant_id = ${tenantId} and referral_id = ${referralId} order by id for no key update`;
  if (rewards.some(({ gone }) => gone)) return 'too_late';
  const persons = await loadPersons(tx, [refereeId, referrerId]);
  if (sameBy(persons.get(referrerId) ?? { memberId: referrerId }, persons.get(refereeId) ?? { memberId: refereeId }) !== null) return 'self_referral';
  return standsAbove(await loadLinesAbove(tx, [referrerId]), refereeId, referrerId) ? 'cycle' : null;
}
