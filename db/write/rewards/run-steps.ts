import { newId } from '../../../src/config/new-id.ts';
import { transfersForReward } from '../../../src/domain/ledger/transfers-for-reward.ts';
import type { ProgramId, ReferralId, RewardId, RunId } from '../../../src/domain/ids.ts';
import { budgetAfterMove } from '../../../src/domain/reward/budget-after-move.ts';
import { applyMove, grantedReward, type RewardMove } from '../../../src/domain/reward/reward-move.ts';
import type { RewardReason } from '../../../src/domain/reward/reward-reasons.ts';
import { moveReward } from '../../../src/domain/reward/reward-state.ts';
import type { RewardCap } from '../../../src/domain/reward/reward-terms.ts';
import { openLimits, type LimitState, type OpenLimits } from '../../../src/domain/reward/take-limits.ts';
import type { Booking } from '../ledger/book-transfers.ts';
import type { RewardRow } from './reward-row.ts';

type GrantMove = Extract<RewardMove, { kind: 'grant' }>;
/** One step of a reward that was granted; a whole `RewardMove` fits, too. */
export type RewardChange = DropWhich<Exclude<RewardMove, { kind: 'grant' }>>;
type DropWhich<M> = M extends RewardMove ? Omit<M, 'key' | 'generation'> : never;

export type Step = { readonly rewardId: RewardId; readonly move: RewardChange };
/** A reward to be given, and for what. `programVersion`: whose terms say so. */
export type Grant = { readonly move: GrantMove; readonly programId: ProgramId; readonly programVersion: number; readonly referralId: ReferralId | null; /** Left out: by none. */ readonly runId?: RunId };

export type NotMoved = 'not_found' | 'not_from_this_state' | 'paused' | 'not_paused' | 'in_payout' | 'not_in_payout';
export type Stepped = { readonly rewardId: RewardId; readonly outcome: 'moved' } | { readonly rewardId: RewardId; readonly outcome: 'refused'; readonly reason: NotMoved };
export type RefusedGrant = { readonly grant: Grant; readonly reason: 'cap_reached' | 'budget_spent'; readonly detail: string };
/** One thing that happened to a reward, as it stands after it. */
export type Happened = { readonly kind: RewardMove['kind']; readonly reward: RewardRow; readonly amountMinor: number };

/** Caps by the version that gave a reward; what programs have used and set aside. */
export type Limits = { readonly capsOf: (programId: ProgramId, version: number) => readonly RewardCap[]; readonly states: ReadonlyMap<ProgramId, LimitState> };

export type Ran = {
  /** In the order of the steps. */
  readonly stepped: readonly Stepped[];
  readonly granted: readonly RewardRow[];
  /** Rows that were there and are different now. */
  readonly changed: readonly RewardRow[];
  readonly refused: readonly RefusedGrant[];
  readonly states: ReadonlyMap<ProgramId, LimitState>;
  readonly bookings: readonly Booking[];
  readonly happened: readonly Happened[];
};

type Asked = {
  readonly rows: readonly RewardRow[];
  readonly steps: readonly Step[];
  readonly grants: readonly Grant[];
  readonly limits: Limits;
  /** How often a reward was paused and resumed before: `rew_…:pause` -> 2. */
  readonly timesBefore: ReadonlyMap<string, number>;
  readonly now: number;
};

/**
 * Carries out steps on locked rows, then grants, each on top of the one before: what they make of the rows, caps and budgets,
 * and what they book. Writes nothing. A step that is not allowed as the reward stands is refused and changes nothing; a grant may find no room.
 */
export function runSteps({ rows, steps, grants, limits, timesBefore, now }: Asked): Ran {
  const standing = new Map(rows.map((row) => [row.id, row]));
  const open = new Map([...limits.states].map(([id, state]) => [id, openLimits(state)]));
  const changed = new Set<RewardId>();
  const times = new Map(timesBefore);
  const bookings: Booking[] = [];
  const happened: Happened[] = [];

  const takeStep = ({ rewardId, move }: Step): Stepped => {
    const before = standing.get(rewardId);
    if (before === undefined) return { rewardId, outcome: 'refused', reason: 'not_found' };
    const allowed = moveReward({ state: before.state, paused: before.pausedBy !== null, inPayout: before.inPayout }, move.kind);
    if (allowed.outcome === 'refused') return { rewardId, outcome: 'refused', reason: allowed.reason };
    const whole = { ...move, key: before.key, generation: before.generation };
    const after: RewardRow = { ...before, ...applyMove(before, whole), reason: reasonAfter(before.reason, move), expiresAt: move.kind === 'release' ? expiryOfReleased(before, now) : before.expiresAt };
    bookings.push(...bookingsOf(whole, before, moveName(before.id, move.kind, times)));
    changeLimits(limitsOf(open, before.programId), whole, before, limits.capsOf(before.programId, before.programVersion));
    standing.set(rewardId, after);
    changed.add(rewardId);
    happened.push({ kind: move.kind, reward: after, amountMinor: 'amountMinor' in move ? move.amountMinor : before.grantedMinor - before.takenBackMinor });
    return { rewardId, outcome: 'moved' };
  };
  const stepped = steps.map(takeStep);

  const granted: RewardRow[] = [];
  const refused: RefusedGrant[] = [];
  for (const grant of grants) {
    const { move, programId, programVersion, referralId, runId = null } = grant;
    const { memberId, ruleKey, side, earnedAt, holdUntil, expiresAt, unit } = move.reward;
    const [caps, room] = [limits.capsOf(programId, programVersion), limitsOf(open, programId)];
    const taken = room.take(caps, { memberId, ruleKey, unit, earnedAt, amountMinor: move.amountMinor });
    if (taken.outcome === 'refused') {
      refused.push({ grant, reason: taken.reason, detail: taken.detail });
      continue;
    }
    const row: RewardRow = { ...grantedReward(move), id: newId('rew', now), programId, programVersion, referralId, runId, ruleKey, side, earnedAt, holdUntil, expiresAt, payoutId: null, reason: move.reward.reason, capZone: zoneOfCaps(caps, room.zone) };
    granted.push(row);
    bookings.push(...bookingsOf(move, row, 'grant'));
    happened.push({ kind: 'grant', reward: row, amountMinor: move.amountMinor });
  }
  const states = new Map([...open].map(([id, { state }]) => [id, state]));
  return { stepped, granted, refused, states, bookings, happened, changed: [...changed].flatMap((id) => standing.get(id) ?? []) };
}

/** Rewards as they will stand after steps; what is not allowed changes nothing. */
export function rowsAfter(rows: readonly RewardRow[], steps: readonly Step[], now: number): readonly RewardRow[] {
  if (steps.length === 0) return rows;
  const { changed } = runSteps({ rows, steps, grants: [], limits: { capsOf: () => [], states: new Map() }, timesBefore: new Map(), now });
  return [...new Map([...rows, ...changed].map((row) => [row.id, row])).values()];
}

/** A reward that was released late (it was in dispute, its run was paused) can be used for as long as was promised. */
function expiryOfReleased({ holdUntil, expiresAt }: RewardRow, now: number): number | null {
  return expiresAt === null ? null : expiresAt + Math.max(0, now - holdUntil);
}

/** Why it is paused or was taken back; a pause that is over leaves no reason. */
function reasonAfter(before: RewardReason | null, move: RewardChange): RewardReason | null {
  switch (move.kind) {
    case 'void':
    case 'reverse':
    case 'reduce': return move.reason;
    case 'pause': return 'under_review';
    case 'resume': return null;
    case 'release':
    case 'redeem':
    case 'expire':
    case 'pay': return before;
  }
}

/** `rew_…:reduce:500`: what was taken back before tells one part from the next. */
function bookingsOf(move: RewardMove, before: RewardRow, name: string): Booking[] {
  return transfersForReward(move, { reward: before, programId: before.programId }).map((transfer, place) => ({
    id: `${before.id}:${name}:${String(before.takenBackMinor)}${place === 0 ? '' : `:${String(place)}`}`, transfer, move: move.kind, rewardId: before.id,
  }));
}

/** A reward may be paused and resumed again and again: from the second time on the transfer's id says so. */
function moveName(id: RewardId, kind: RewardChange['kind'], times: Map<string, number>): string {
  if (kind !== 'pause' && kind !== 'resume') return kind;
  const nth = (times.get(`${id}:${kind}`) ?? 0) + 1;
  times.set(`${id}:${kind}`, nth);
  return nth === 1 ? kind : `${kind}-${String(nth)}`;
}

function changeLimits(room: OpenLimits, move: Exclude<RewardMove, { kind: 'grant' }>, before: RewardRow, caps: readonly RewardCap[]): void {
  room.changeBudget(before.unit, (budget) => budgetAfterMove(budget, move, before));
  if (move.kind !== 'void' && move.kind !== 'reverse' && move.kind !== 'reduce') return;
  room.giveBack(caps, { ...before, amountMinor: move.amountMinor }, move.kind === 'reduce' ? 'part' : 'all', before.capZone ?? room.zone);
}

function zoneOfCaps(caps: readonly RewardCap[], zone: string): string | null {
  return caps.some(({ per }) => per !== 'total') ? zone : null;
}

/** A program that is not among the limits has none; what is counted there all the same is told with the rest. */
function limitsOf(open: Map<ProgramId, OpenLimits>, programId: ProgramId): OpenLimits {
  const known = open.get(programId);
  if (known !== undefined) return known;
  const none = openLimits({ zone: 'UTC', used: new Map(), budgets: new Map() });
  open.set(programId, none);
  return none;
}
