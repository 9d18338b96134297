import { groupBy } from '../group-by.ts';
import type { ProgramId } from '../ids.ts';
import type { Transfer } from '../ledger/transfer.ts';
import { transfersForReward } from '../ledger/transfers-for-reward.ts';
import { budgetAfterMove } from '../reward/budget-after-move.ts';
import { evaluateMilestones } from '../reward/evaluate-milestones.ts';
import { evaluateRewards } from '../reward/evaluate-rewards.ts';
import type { EvaluatedReward, HeldReward, RefusedReward } from '../reward/evaluated-reward.ts';
import type { ReferralCourse, RewardFact } from '../reward/facts.ts';
import { isFinalRefusal, movesForKey, type KeptReward } from '../reward/moves-for-key.ts';
import { applyMove, grantedReward, type RewardMove } from '../reward/reward-move.ts';
import { mayExpire, mayRelease } from '../reward/reward-state.ts';
import type { RewardTerms } from '../reward/reward-terms.ts';
import { giveBack, takeLimits, type LimitState } from '../reward/take-limits.ts';

export type CourseToTry = {
  readonly terms: RewardTerms;
  readonly programId: ProgramId;
  /** The invented referral; its facts in any order. Each counts from its own time on, as if it had been told at once. */
  readonly course: ReferralCourse;
  /** The referrer's others, for milestones. */
  readonly others: readonly ReferralCourse[];
  /** Caps and budgets before it. */
  readonly limits: LimitState;
  /** How far the course is followed (epoch ms): what is due by then is released and expires. */
  readonly until: number;
};

/** A reward as it stands at the end, and what it is for. */
export type TriedReward = KeptReward & Pick<HeldReward, 'ruleKey' | 'side' | 'earnedAt' | 'holdUntil' | 'expiresAt'>;
export type TriedStep =
  | { readonly kind: RewardMove['kind']; readonly at: number; readonly reward: TriedReward; readonly amountMinor: number; readonly transfers: readonly Transfer[] }
  | { readonly kind: 'refuse'; readonly at: number; readonly refused: RefusedReward };

export type TriedCourse = {
  /** Everything that happened, in its order. */
  readonly steps: readonly TriedStep[];
  readonly rewards: readonly TriedReward[];
  /** As they stand at the end: what a later fact made good is not here. */
  readonly refusals: readonly RefusedReward[];
  readonly limits: LimitState;
};

type World = { readonly asked: CourseToTry; readonly rewards: Map<string, TriedReward>; readonly refused: Map<string, RefusedReward>; limits: LimitState; readonly steps: TriedStep[] };

/**
 * Follows an invented course of events through the rules that real ones meet: fact by fact what is earned, taken back or paused,
 * what caps and the budget refuse, what its hold releases and what expires between two facts, and what each of it would book.
 * Pure; nothing is kept.
 */
export function tryCourse(asked: CourseToTry): TriedCourse {
  const world: World = { asked, rewards: new Map(), refused: new Map(), limits: asked.limits, steps: [] };
  const facts = asked.course.facts.filter(({ at }) => at <= asked.until).toSorted((a, b) => a.at - b.at);
  for (const [place, { at }] of facts.entries()) {
    doWhatIsDue(world, at);
    settle(world, facts.slice(0, place + 1), at);
  }
  doWhatIsDue(world, asked.until);
  return { steps: world.steps, rewards: [...world.rewards.values()], refusals: [...world.refused.values()], limits: world.limits };
}

function settle(world: World, facts: readonly RewardFact[], at: number): void {
  const { terms, programId, course, others } = world.asked;
  const known: ReferralCourse = { ...course, facts };
  const ofMilestones = evaluateMilestones(terms, { programId, referrerId: course.referrerId, referrals: [...others, known] }, (id) => id === course.referralId);
  const evaluated = new Map([...evaluateRewards(terms, known), ...ofMilestones].map((reward): [string, EvaluatedReward] => [reward.key, reward]));
  const kept = groupBy(world.rewards.values(), ({ key }) => key);
  for (const key of new Set([...kept.keys(), ...evaluated.keys()])) {
    const now = evaluated.get(key) ?? null;
    const stored = kept.get(key) ?? [];
    for (const move of movesForKey(stored, now, world.refused.get(key)?.reason ?? null)) {
      if (move.kind === 'grant') grant(world, move, at);
      else step(world, move, at);
    }
    noteRefusal(world, key, now, at);
  }
}

/** What the facts refuse, once for each reason; one that holds again is no refusal any more. */
function noteRefusal({ refused, steps }: World, key: string, now: EvaluatedReward | null, at: number): void {
  const before = refused.get(key);
  if (before !== undefined && isFinalRefusal(before.reason)) return;
  if (now?.state !== 'refused') {
    refused.delete(key);
    return;
  }
  refused.set(key, now);
  if (before?.reason !== now.reason) steps.push({ kind: 'refuse', at, refused: now });
}

function grant(world: World, move: Extract<RewardMove, { kind: 'grant' }>, at: number): void {
  const { terms, programId } = world.asked;
  const { amountMinor, reward: { key, memberId, ruleKey, side, unit, earnedAt, holdUntil, expiresAt, reason } } = move;
  const taken = takeLimits(terms.caps ?? [], world.limits, { memberId, ruleKey, unit, amountMinor, earnedAt });
  if (taken.outcome === 'refused') {
    const refused: RefusedReward = { key, ruleKey, side, memberId, earnedAt, state: 'refused', reason: taken.reason, detail: taken.detail };
    world.refused.set(key, refused);
    world.steps.push({ kind: 'refuse', at, refused });
    return;
  }
  world.limits = taken.state;
  const reward: TriedReward = { ...grantedReward(move), ruleKey, side, earnedAt, holdUntil, expiresAt, reason };
  world.rewards.set(nameOf(move), reward);
  world.steps.push({ kind: 'grant', at, reward, amountMinor, transfers: transfersForReward(move, { reward, programId }) });
}

function step(world: World, move: Exclude<RewardMove, { kind: 'grant' }>, at: number): void {
  const before = world.rewards.get(nameOf(move));
  if (before === undefined) throw new Error(`no reward ${nameOf(move)} that could ${move.kind}`);
  const { terms, programId } = world.asked;
  const takes = move.kind === 'void' || move.kind === 'reverse' || move.kind === 'reduce';
  const budget = world.limits.budgets.get(before.unit);
  if (budget !== undefined) world.limits = { ...world.limits, budgets: new Map(world.limits.budgets).set(before.unit, budgetAfterMove(budget, move, before)) };
  if (takes) world.limits = giveBack(terms.caps ?? [], world.limits, { ...before, amountMinor: move.amountMinor }, move.kind === 'reduce' ? 'part' : 'all');
  const reward: TriedReward = { ...before, ...applyMove(before, move), reason: takes ? move.reason : move.kind === 'pause' ? 'under_review' : move.kind === 'resume' ? null : before.reason };
  world.rewards.set(nameOf(move), reward);
  const amountMinor = takes ? move.amountMinor : before.grantedMinor - before.takenBackMinor;
  world.steps.push({ kind: move.kind, at, reward, amountMinor, transfers: transfersForReward(move, { reward: before, programId }) });
}

/** Ends holds and lets expire what is due, the earliest first. */
function doWhatIsDue(world: World, now: number): void {
  const queue = [...world.rewards.values()].flatMap((reward, place) => dueOf(reward, now).map((due) => ({ ...due, place }))).toSorted((a, b) => a.at - b.at);
  // Each stands in the queue once, and at most once more when what was released may expire: nothing is looked through again.
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { at, move, place } = next;
    // A hold that was over while a pause lasted ends with the pause: then, not in the past.
    step(world, move, Math.max(at, world.steps.at(-1)?.at ?? at));
    const reward = world.rewards.get(nameOf(move));
    for (const due of reward === undefined ? [] : dueOf(reward, now)) {
      const before = queue.findIndex((other) => other.at > due.at || (other.at === due.at && other.place > place));
      queue.splice(before === -1 ? queue.length : before, 0, { ...due, place });
    }
  }
}

function dueOf(reward: TriedReward, now: number): { at: number; move: Exclude<RewardMove, { kind: 'grant' }> }[] {
  const { key, generation, holdUntil, expiresAt } = reward;
  if (mayRelease(reward, now)) return [{ at: holdUntil, move: { kind: 'release', key, generation } }];
  if (expiresAt !== null && mayExpire(reward, now)) return [{ at: expiresAt, move: { kind: 'expire', key, generation } }];
  return [];
}

function nameOf({ key, generation }: { readonly key: string; readonly generation: number }): string {
  return `${key}#${String(generation)}`;
}
