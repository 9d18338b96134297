import type { MemberId, ProgramId, RunId, TenantId } from '../../../src/domain/ids.ts';
import { noticesOfRewards } from '../../../src/domain/notice/notices-of-rewards.ts';
import { evaluateRun } from '../../../src/domain/reward/evaluate-run.ts';
import { movesForKey } from '../../../src/domain/reward/moves-for-key.ts';
import { runTopic } from '../../../src/domain/play/stream-topic.ts';
import type { EvaluatedReward } from '../../../src/domain/reward/evaluated-reward.ts';
import type { RewardMove } from '../../../src/domain/reward/reward-move.ts';
import { mayRelease } from '../../../src/domain/reward/reward-state.ts';
import type { RewardTerms } from '../../../src/domain/reward/reward-terms.ts';
import type { Tx } from '../../client.ts';
import { readRunHelpers } from '../../read/run-helpers.ts';
import { bookTransfers } from '../ledger/book-transfers.ts';
import { tellStreams } from '../tell-streams.ts';
import { queueNotices } from '../queue-notices.ts';
import { giveReleasedFreezes } from '../streaks/give-released-freezes.ts';
import { announce } from '../webhooks/announce.ts';
import { carryOut } from './carry-out.ts';
import type { Refusal } from './load-standing.ts';
import { lockRewardsOfRuns, type RewardRow } from './reward-row.ts';
import type { Grant, Step } from './run-steps.ts';
import { newsOfRewards } from './tell-rewards.ts';
import { newsOfRefusals, refusalOfGrant, writeRefusals } from './write-refusals.ts';

/** `at`: when what earns it happened (epoch ms), the same however often it is asked. */
export type GrantingRun = { readonly tenantId: TenantId; readonly runId: RunId; readonly fact: string; readonly at: number; readonly now: number };

/** How many rewards the run now has by this fact, and how many were refused; `unknown_run`: there is none of a program with terms of its own. */
export type RunGranted = { readonly outcome: 'granted'; readonly granted: number; readonly refused: number } | { readonly outcome: 'unknown_run' };

/**
 * What a run of a loop grants: by the reward rules `on: { kind: 'loop', fact }` of the version it is pinned to, to the member it was
 * started for and all other members in it, through the caps, budgets and books that everything earned goes through. What is held for
 * no time is released at once. Asked again it grants nothing more; a cap or spent budget refuses for good, with its reason. Where whoever helped has turned out to be
 * the member, what is for both is refused, and what was granted before that was known is taken back.
 * A run that is over grants nothing: a life that was lost may come back and ask. Call it once in a transaction.
 */
export async function grantForRun(tx: Tx, asked: GrantingRun): Promise<RunGranted> {
  const { tenantId, runId, fact, at, now } = asked;
  const run = await lockRun(tx, tenantId, runId);
  if (run === null) return { outcome: 'unknown_run' };
  const named = run.terms === null ? [] : evaluateRun(run.terms, { runId, fact, at, memberId: run.memberId, others: run.others, ...await readRunHelpers(tx, { tenantId, runId, memberId: run.memberId, others: run.others }) });
  const [rows, before] = await Promise.all([lockRewardsOfRuns(tx, tenantId, [runId]), loadRefusalsOfRun(tx, tenantId, runId)]);
  const evaluated = run.isOver ? named.filter(({ key }) => [...rows, ...before].some((one) => one.key === key)) : named;
  const asks = movesOf(evaluated, rows, before);
  const grants = asks.flatMap(({ move, stored }): Grant[] => (move.kind === 'grant' && stored.length === 0 ? [{ move, programId: run.programId, programVersion: run.programVersion, referralId: null, runId }] : []));

  const given = await carryOut(tx, { tenantId, rows, steps: asks.flatMap(({ move, stored }) => takeBackOf(move, stored)), grants, now });
  const refusals = [...evaluated.flatMap((one) => refusalOf(one, run.programId, runId)), ...given.refused.map(refusalOfGrant)];
  const others = before.filter(({ key }) => !evaluated.some((one) => one.key === key));
  const fresh = writeRefusals(tx, { tenantId, before, wanted: [...others, ...refusals], lifted: new Set(), now });
  const released = await carryOut(tx, { tenantId, rows: given.granted, steps: given.granted.flatMap((row) => releaseOf(row, now)), grants: [], now });

  const happened = [...given.happened, ...released.happened];
  if (happened.length > 0) tellStreams(tx, { tenantId, topics: [runTopic(runId)] });
  await Promise.all([
    announce(tx, { tenantId, news: [...newsOfRewards(happened, now), ...newsOfRefusals(fresh, now)], now }),
    queueNotices(tx, { tenantId, notices: noticesOfRewards(happened, now), now }),
  ]);
  await bookTransfers(tx, { tenantId, bookings: [...given.bookings, ...released.bookings], now });
  await giveReleasedFreezes(tx, { tenantId, happened, now });
  const keys = new Set(evaluated.map(({ key }) => key));
  const gone = new Set(given.changed.flatMap(({ id, state }) => (state === 'voided' || state === 'reversed' ? [id] : [])));
  const stands = new Set([...rows, ...given.granted].flatMap(({ id, key, state }) => (keys.has(key) && !gone.has(id) && state !== 'voided' && state !== 'reversed' ? [key] : [])));
  return { outcome: 'granted', granted: stands.size, refused: keys.size - stands.size };
}

type Pinned = { readonly programId: ProgramId; readonly programVersion: number; readonly memberId: MemberId; readonly others: readonly MemberId[]; readonly terms: RewardTerms | null; readonly isOver: boolean };

/** The run, locked: two grants of one run go one after the other. */
async function lockRun(tx: Tx, tenantId: TenantId, runId: RunId): Promise<Pinned | null> {
  const [, [run]] = await Promise.all([
    tx.sql`select 1 from runs where tenant_id = ${tenantId} and id = ${runId} for no key update`,
    tx.sql<Pinned[]>`
      select r.program_id as "programId", r.program_version as "programVersion", r.member_id as "memberId", v.terms -> 'rewards' as terms, r.closed_at is not null as "isOver",
             array(select p.person_id from run_people p where p.tenant_id = ${tenantId} and p.run_id = r.id and p.person_id like 'mbr\\_%' order by 1) as others
      from runs r join program_versions v on v.program_id = r.program_id and v.version = r.program_version
      where r.tenant_id = ${tenantId} and r.id = ${runId} and r.member_id is not null`,
  ]);
  return run ?? null;
}

async function loadRefusalsOfRun({ sql }: Tx, tenantId: TenantId, runId: RunId): Promise<Refusal[]> {
  return sql<Refusal[]>`
    select key, program_id as "programId", referral_id as "referralId", run_id as "runId", member_id as "memberId", rule_key as "ruleKey", side, reason, detail, earned_at as "earnedAt"
    from reward_refusals where tenant_id = ${tenantId} and run_id = ${runId}`;
}

type Asked = { readonly move: RewardMove; readonly stored: readonly RewardRow[] };

function movesOf(evaluated: readonly EvaluatedReward[], rows: readonly RewardRow[], before: readonly Refusal[]): Asked[] {
  return evaluated.flatMap((one) => {
    const stored = rows.filter(({ key }) => key === one.key);
    const refused = before.find(({ key }) => key === one.key)?.reason ?? null;
    // What was granted once stays as it is, for all that a run hears later: but nobody earns as both sides.
    if (one.state === 'refused' && one.reason !== 'self_referral') return [];
    return movesForKey(stored, one, refused).map((move) => ({ move, stored }));
  });
}

function takeBackOf(move: RewardMove, stored: readonly RewardRow[]): Step[] {
  if ((move.kind !== 'void' && move.kind !== 'reverse') || move.reason !== 'self_referral') return [];
  const row = stored.find(({ generation }) => generation === move.generation);
  return row === undefined ? [] : [{ rewardId: row.id, move }];
}

function refusalOf(evaluated: EvaluatedReward, programId: ProgramId, runId: RunId): Refusal[] {
  if (evaluated.state !== 'refused') return [];
  const { key, memberId, ruleKey, side, reason, detail, earnedAt } = evaluated;
  return [{ key, programId, referralId: null, runId, memberId, ruleKey, side, reason, detail, earnedAt }];
}

function releaseOf(row: RewardRow, now: number): Step[] {
  return mayRelease(row, now) ? [{ rewardId: row.id, move: { kind: 'release' } }] : [];
}
