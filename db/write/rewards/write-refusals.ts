import type { TenantId } from '../../../src/domain/ids.ts';
import { isFinalRefusal } from '../../../src/domain/reward/moves-for-key.ts';
import type { Tx } from '../../client.ts';
import type { News } from '../webhooks/announce.ts';
import type { Refusal } from './load-standing.ts';
import type { RefusedGrant } from './run-steps.ts';

/** What caps and budgets refused, as it is kept. */
export function refusalOfGrant({ grant: { move, programId, referralId, runId }, reason, detail }: RefusedGrant): Refusal {
  const { key, memberId, ruleKey, side, earnedAt } = move.reward;
  return { key, programId, referralId, runId: runId ?? null, memberId, ruleKey, side, reason, detail, earnedAt };
}

type ToWrite = { readonly tenantId: TenantId; readonly before: readonly Refusal[]; readonly wanted: readonly Refusal[]; /** Keys of which one for good is so no longer. */ readonly lifted: ReadonlySet<string>; readonly now: number };

/**
 * Makes the refusals what they should be, and answers those that are new or have another reason. What was refused for good (by a
 * cap, a budget, an operator) stays as it is; what is no longer refused is removed.
 */
export function writeRefusals(tx: Tx, { tenantId, before, wanted, lifted, now }: ToWrite): Refusal[] {
  const isFinal = ({ key, reason }: Refusal): boolean => isFinalRefusal(reason) && !lifted.has(key);
  const known = new Map(before.map((refusal) => [refusal.key, refusal]));
  const keys = new Set(wanted.map(({ key }) => key));
  const fresh = wanted.filter((refusal) => {
    const told = known.get(refusal.key);
    return told === undefined || (!isFinal(told) && differs(told, refusal));
  });
  const gone = [
    ...before.filter((refusal) => !keys.has(refusal.key) && !isFinal(refusal)),
    ...fresh.filter(({ key, memberId }) => known.has(key) && known.get(key)?.memberId !== memberId),
  ];
  if (gone.length > 0) tx.answerLater(tx.sql`delete from reward_refusals where tenant_id = ${tenantId} and key = any(${gone.map(({ key }) => key)}::text[])`);
  insertRefusals(tx, tenantId, fresh, now);
  return fresh.filter(({ key, reason, memberId }) => known.get(key)?.reason !== reason || known.get(key)?.memberId !== memberId);
}

function differs(before: Refusal, { reason, detail, memberId }: Refusal): boolean {
  return before.reason !== reason || before.detail !== detail || before.memberId !== memberId;
}

export function insertRefusals(tx: Tx, tenantId: TenantId, refusals: readonly Refusal[], now: number): void {
  if (refusals.length === 0) return;
  tx.answerLater(tx.sql`
    insert into reward_refusals (tenant_id, key, program_id, referral_id, run_id, member_id, rule_key, side, reason, detail, earned_at, at)
    select ${tenantId}, n.key, n.program_id, n.referral_id, n.run_id, n.member_id, n.rule_key, n.side, n.reason, n.detail, n.earned_at, ${now}
    from unnest(${refusals.map(({ key }) => key)}::text[], ${refusals.map(({ programId }) => programId)}::text[], ${refusals.map(({ referralId }) => referralId)}::text[], ${refusals.map(({ runId = null }) => runId)}::text[],
                ${refusals.map(({ memberId }) => memberId)}::text[], ${refusals.map(({ ruleKey }) => ruleKey)}::text[], ${refusals.map(({ side }) => side)}::text[],
                ${refusals.map(({ reason }) => reason)}::text[], ${refusals.map(({ detail }) => detail)}::text[], ${refusals.map(({ earnedAt }) => earnedAt)}::timestamptz[])
      as n (key, program_id, referral_id, run_id, member_id, rule_key, side, reason, detail, earned_at)
    on conflict (tenant_id, key) do update set reason = excluded.reason, detail = excluded.detail, at = excluded.at`);
}

/** News of what was not given. */
export function newsOfRefusals(refusals: readonly Refusal[], now: number): News[] {
  return refusals.map(({ key, programId, referralId, memberId, ruleKey, side, reason }) => ({
    type: 'reward.refused', subjectId: referralId ?? key, sequenceOf: referralId, at: now,
    data: { referralId, programId, memberId, ruleKey, side, reason },
  }));
}
