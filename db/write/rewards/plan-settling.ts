import { groupBy } from '../../../src/domain/group-by.ts';
import type { ReferralId } from '../../../src/domain/ids.ts';
import { evaluateMilestones } from '../../../src/domain/reward/evaluate-milestones.ts';
import { evaluateRewards } from '../../../src/domain/reward/evaluate-rewards.ts';
import type { EvaluatedReward } from '../../../src/domain/reward/evaluated-reward.ts';
import { movesForKey } from '../../../src/domain/reward/moves-for-key.ts';
import type { RewardMove } from '../../../src/domain/reward/reward-move.ts';
import type { ReferralFile } from '../../read/referral-courses.ts';
import { WHOLE_REFERRAL } from '../../read/reward-refusals.ts';
import type { Refusal, Standing } from './load-standing.ts';
import type { MilestonePair, RewardRow } from './reward-row.ts';
import type { Grant, Step } from './run-steps.ts';

/** What a key's facts give now, and by whose terms. */
type Evaluation = Pick<Grant, 'programId' | 'programVersion' | 'referralId'> & { readonly evaluated: EvaluatedReward };

export type Plan = {
  readonly steps: readonly Step[];
  /** In the order in which they were earned. */
  readonly grants: readonly Grant[];
  /** What the facts refuse; caps and budgets may refuse more. */
  readonly refused: readonly Refusal[];
  /** Keys whose refusal for good is so no longer: it was by a cap of somebody who no longer has the credit. */
  readonly lifted: ReadonlySet<string>;
};

/** From what is known, how rewards should move. Pure: all facts of a referral at once, as if for the first time, against what was granted. */
export function planSettling(standing: Standing): Plan {
  const evaluations = evaluateAll(standing);
  const byKey = groupBy(standing.rows, ({ key }) => key);
  const refusedBefore = new Map(standing.refusals.map(({ key, reason }) => [key, reason]));
  const lifted = new Set(standing.refusals.flatMap((refusal) => (isAnothersCap(refusal, evaluations.get(refusal.key)) ? [refusal.key] : [])));
  const steps: Step[] = [];
  const grants: Grant[] = [];
  for (const key of [...new Set([...evaluations.keys(), ...byKey.keys()])].toSorted()) {
    const evaluation = evaluations.get(key);
    const stored = byKey.get(key) ?? [];
    for (const move of movesForKey(stored, evaluation?.evaluated ?? null, lifted.has(key) ? null : refusedBefore.get(key) ?? null)) {
      if (move.kind !== 'grant') steps.push(stepOf(move, stored));
      else if (evaluation !== undefined) grants.push({ move, programId: evaluation.programId, programVersion: evaluation.programVersion, referralId: evaluation.referralId });
    }
  }
  return { steps, grants: grants.toSorted(byEarned), refused: [...evaluations.values()].flatMap(refusalOf), lifted };
}

function evaluateAll({ touched, pairs, files, refusals }: Standing): Map<string, Evaluation> {
  const voided = new Map(refusals.flatMap(({ ruleKey, referralId, detail }) => (ruleKey === WHOLE_REFERRAL && referralId !== null ? [[referralId, detail] as const] : [])));
  const isTouched = new Set(touched);
  const all = [
    ...files.filter(({ referral }) => isTouched.has(referral.id)).flatMap((file) => evaluateReferral(file, voided.get(file.referral.id) ?? null)),
    ...pairs.flatMap((pair) => evaluatePair(pair, files.filter(({ referral }) => !voided.has(referral.id)))),
  ];
  // Of versions that count differently, the oldest that gives a key.
  return new Map(all.toReversed().map((one) => [one.evaluated.key, one]));
}

/** `voided`: an operator's words; whatever then comes is refused by them. */
function evaluateReferral({ referral, terms, course }: ReferralFile, voided: string | null): Evaluation[] {
  if (terms === null) return [];
  return evaluateRewards(terms, course).map((reward): Evaluation => {
    const { key, ruleKey, side, memberId, earnedAt } = reward;
    const evaluated: EvaluatedReward = voided === null ? reward : { key, ruleKey, side, memberId, earnedAt, state: 'refused', reason: 'operator', detail: voided };
    return { evaluated, programId: referral.programId, programVersion: referral.programVersion, referralId: referral.id };
  });
}

/** A tier goes by the terms of the referral that reached it, so that a later version neither takes nor changes what was reached before it. */
function evaluatePair({ programId, referrerId }: MilestonePair, files: readonly ReferralFile[]): Evaluation[] {
  const own = files.filter(({ referral }) => referral.programId === programId && referral.referrerId === referrerId);
  const referrals = own.map(({ course }) => course);
  const versionOf = new Map<string, number>(own.map(({ referral }) => [referral.id, referral.programVersion]));
  const terms = new Map(own.map((file) => [file.referral.programVersion, file.terms]));
  return [...terms].toSorted(([a], [b]) => a - b).flatMap(([version, ofVersion]) => {
    if (ofVersion === null) return [];
    const reached = evaluateMilestones(ofVersion, { programId, referrerId, referrals }, (id) => versionOf.get(id) === version);
    return reached.map((evaluated): Evaluation => ({ evaluated, programId, programVersion: version, referralId: null }));
  });
}

/** A cap is one person's: what it refused is asked for again where the credit has gone to somebody else. */
function isAnothersCap({ reason, memberId }: Refusal, evaluation: Evaluation | undefined): boolean {
  return reason === 'cap_reached' && evaluation !== undefined && evaluation.evaluated.memberId !== memberId;
}

function stepOf(move: Exclude<RewardMove, { kind: 'grant' }>, stored: readonly RewardRow[]): Step {
  const row = stored.find(({ generation }) => generation === move.generation);
  if (row === undefined) throw new Error(`no generation ${String(move.generation)} of a reward that should ${move.kind}`);
  return { rewardId: row.id, move };
}

function refusalOf({ evaluated, programId, referralId }: Evaluation): Refusal[] {
  if (evaluated.state !== 'refused') return [];
  const { key, memberId, ruleKey, side, reason, detail, earnedAt } = evaluated;
  return [{ key, programId, referralId, memberId, ruleKey, side, reason, detail, earnedAt }];
}

function byEarned(a: Grant, b: Grant): number {
  return a.move.reward.earnedAt - b.move.reward.earnedAt || (a.move.key < b.move.key ? -1 : 1);
}

/** Is this referral voided for good, by an operator? */
export function voidedReferrals(refusals: readonly Refusal[]): ReadonlySet<ReferralId> {
  return new Set(refusals.flatMap(({ ruleKey, referralId }) => (ruleKey === WHOLE_REFERRAL && referralId !== null ? [referralId] : [])));
}
