import { groupBy } from '../../../src/domain/group-by.ts';
import { activatedNotice } from '../../../src/domain/notice/notices-of-referrals.ts';
import { noticesOfRewards } from '../../../src/domain/notice/notices-of-rewards.ts';
import type { MemberId, ReferralId, TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import type { ReferralRow } from '../../read/referral-courses.ts';
import { bookTransfers, type Booking } from '../ledger/book-transfers.ts';
import { openRuns } from '../open-runs.ts';
import { noticesSentFor, queueNotices } from '../queue-notices.ts';
import { giveReleasedFreezes } from '../streaks/give-released-freezes.ts';
import { tellRuns } from '../tell-runs.ts';
import { announce, loadEndpoints } from '../webhooks/announce.ts';
import { carryOut } from './carry-out.ts';
import { loadStanding, type Standing } from './load-standing.ts';
import type { KnownLimits } from './lock-limits.ts';
import { lockReferrals } from './lock-referrals.ts';
import { planSettling, voidedReferrals } from './plan-settling.ts';
import type { RewardRow } from './reward-row.ts';
import { rowsAfter, type Ran, type Step, type Stepped } from './run-steps.ts';
import { tellOfActivated } from '../runs/tell-of-activated.ts';
import { factsForRuns, newsOfRewards } from './tell-rewards.ts';
import { newsOfReferrals, referralsNow, writeReferrals, type ReferralNow } from './write-referrals.ts';
import { newsOfRefusals, refusalOfGrant, writeRefusals } from './write-refusals.ts';

export type Settling = {
  readonly tenantId: TenantId;
  readonly referralIds: readonly ReferralId[];
  /** And those by which these members came. */
  readonly refereeIds?: readonly MemberId[];
  readonly now: number;
  /** What an operator wants done to rewards of theirs, before all else. */
  readonly moves?: readonly Step[];
  /** What the caller books with it, before it. */
  readonly bookings?: readonly Booking[];
};

/**
 * Brings what was granted for these referrals, and the milestones they count for, to what all their facts now give: the one
 * way to earn. An event of the app or a fact that a loop tells is stored first and this is called in its transaction; nothing
 * says "grant". Asked again it moves nothing, so repeats and order cannot matter.
 *
 * Locks the referrals by id, grants what caps and budget have room for, takes back what is no longer earned, keeps every
 * refusal with its reason, sets the referrals' states, opens and tells their runs, announces, tells members, books, takes back freezes: a constant number of
 * statements, however many referrals. Answers what became of `moves`, in their order. Call it once in a transaction, after everything else that locks.
 */
export async function settleRewards(tx: Tx, { tenantId, referralIds, refereeIds, now, moves = [], bookings = [] }: Settling): Promise<readonly Stepped[]> {
  const { referralIds: touched, pairs } = await lockReferrals(tx, tenantId, { ids: referralIds, refereeIds });
  if (touched.length === 0) {
    await bookTransfers(tx, { tenantId, bookings, now });
    return moves.map(({ rewardId }) => ({ rewardId, outcome: 'refused', reason: 'not_found' }));
  }
  // Sent together; who is to hear of it is known then, which in most cases is nobody.
  const [standing, endpoints, sent] = await Promise.all([loadStanding(tx, { tenantId, touched, pairs }), loadEndpoints(tx, tenantId), noticesSentFor(tx, tenantId, touched)]);
  const plan = planSettling({ ...standing, rows: rowsAfter(standing.rows, moves, now) });
  const ran = await carryOut(tx, { tenantId, rows: standing.rows, steps: [...moves, ...plan.steps], grants: plan.grants, now, known: knownLimits(standing) });
  const fresh = writeRefusals(tx, { tenantId, before: standing.refusals, wanted: [...plan.refused, ...ran.refused.map(refusalOfGrant)], lifted: plan.lifted, now });
  const referrals = afterMoves(standing, ran, now);
  writeReferrals(tx, tenantId, referrals, now);
  await wakeRuns(tx, { tenantId, referrals, ran, now });
  await Promise.all([
    announce(tx, { tenantId, news: [...newsOfReferrals(referrals, now), ...newsOfRewards(ran.happened, now), ...newsOfRefusals(fresh, now)], now, endpoints }),
    queueNotices(tx, { tenantId, notices: [...noticesOfRewards(ran.happened, now), ...justActivated(referrals).map(activatedNotice)], now, sent }),
  ]);
  await bookTransfers(tx, { tenantId, bookings: [...bookings, ...ran.bookings], now });
  await giveReleasedFreezes(tx, { tenantId, happened: ran.happened, now });
  return ran.stepped.slice(0, moves.length);
}

/** Caps of the versions that were read with the referrals. */
function knownLimits({ files, zone }: Standing): KnownLimits {
  return { zone, caps: new Map(files.map(({ referral, terms }) => [`${referral.programId}/${String(referral.programVersion)}`, terms?.caps ?? []])) };
}

function afterMoves({ touched, files, rows, refusals }: Standing, { granted, changed }: Ran, now: number): ReferralNow[] {
  const isTouched = new Set(touched);
  const after = new Map<string, RewardRow>([...rows, ...changed, ...granted].map((row) => [row.id, row]));
  return referralsNow(files.filter(({ referral }) => isTouched.has(referral.id)), groupBy(after.values(), ({ referralId }) => referralId), voidedReferrals(refusals), now);
}

/** Referrals by which somebody has just got to first value, and when. */
function justActivated(referrals: readonly ReferralNow[]): (ReferralRow & { at: number })[] {
  return referrals.flatMap(({ file: { referral }, now: { activatedAt, state } }) => (
    referral.activatedAt !== null || activatedAt === null || state === 'voided' ? [] : [{ ...referral, at: activatedAt }]));
}

/** Opens the run of each referral that has something to come, and tells those in which something changed. */
async function wakeRuns(tx: Tx, { tenantId, referrals, ran, now }: { tenantId: TenantId; referrals: readonly ReferralNow[]; ran: Ran; now: number }): Promise<void> {
  const runs = referrals.flatMap(({ file, look }) => (look.kind === 'goes_on' ? [{ id: file.referral.id, loop: 'referral', stage: look.stage, input: {} }] : []));
  await openRuns(tx, { tenantId, runs, now });
  const states = referrals.flatMap(({ file, now: { state }, isChanged }) => (isChanged ? [{ referralId: file.referral.id, state }] : []));
  await tellRuns(tx, { tenantId, facts: factsForRuns(ran.happened, states, now), now });
  await tellOfActivated(tx, { tenantId, referrals: justActivated(referrals), now });
}
