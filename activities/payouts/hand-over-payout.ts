import { claimPayout, readPayoutToSend, type PayoutToSend } from '../../db/write/payouts/claim-payout.ts';
import type { LockedPayout } from '../../db/write/payouts/lock-payouts.ts';
import { movePayoutBy } from '../../db/write/payouts/move-payout.ts';
import type { PayoutLook } from '../../src/domain/payout/look.ts';
import { RAILS } from '../../src/domain/payout/rails.ts';
import { afterHandOver, type HandOver } from '../../src/domain/payout/settle-payout.ts';
import { orderOf, readInput, type PayoutDeps, type PayoutInput, type Which } from './deps.ts';
import { lookOf } from './look-of.ts';
import { movesBy } from './moves-by.ts';
import { railOf } from './rail-of.ts';

const PAUSED_LOOK_MS = 60_000;

/**
 * Hands an approved payout to its rail: claimed (its key stored) in one transaction, called outside any, recorded in another. Whatever stood
 * when it was called decides: one that was handed over already is only looked at. Run twice, or stopped at any instant, it pays once:
 * what was claimed and never recorded becomes `unknown`. `again`: somebody asked a rail without a list to be told once more.
 */
export async function handOverPayout(deps: PayoutDeps, input: PayoutInput & { readonly again: boolean }): Promise<PayoutLook> {
  const { db, clock } = deps;
  const which = readInput(input);
  const standing = await db.asTenant(which.tenantId, (tx) => readPayoutToSend(tx, which));
  if (standing === null) throw new Error('there is no such payout');
  const mayRepeat = input.again && standing.rail !== null && !RAILS[standing.rail].canList;
  return claimAndCall(deps, which, mayRepeat ? standing.claimedAt : null, clock.now());
}

/** `again`: the claim that was looked for and not found, which alone may be repeated. */
export async function claimAndCall(deps: PayoutDeps, which: Which, again: number | null, now: number): Promise<PayoutLook> {
  const claimed = await deps.db.asTenant(which.tenantId, (tx) => claimPayout(tx, { ...which, again, now }));
  if (claimed === null) throw new Error('there is no such payout');
  switch (claimed.kind) {
    case 'paused': return { kind: 'goes_on', stage: 'paused', next: 'hand_over', nextAt: now + PAUSED_LOOK_MS };
    case 'stands': return lookOf(claimed.payout, now, deps.payoutPatience);
    case 'claimed': return call(deps, which, claimed.payout);
  }
}

async function call(deps: PayoutDeps, which: Which, payout: PayoutToSend): Promise<PayoutLook> {
  const { clock, keyring, log } = deps;
  const rail = await railOf(deps, which.tenantId, payout);
  const answer = await rail.handOver(orderOf(keyring, which.tenantId, payout), clock.now());
  log.info({ ...which, rail: rail.kind, outcome: answer.outcome, ...('detail' in answer ? { detail: answer.detail } : {}) }, 'a payout was handed over');
  const now = clock.now();
  // An answer that is written down late, after others have looked, speaks for its own hand-over alone: what was found meanwhile stays found.
  const isOurs = ({ state, claimedAt, unsureAt }: LockedPayout): boolean => state === 'sending' && claimedAt === payout.claimedAt && unsureAt === null;
  const moved = await deps.db.asTenant(which.tenantId, (tx) => movePayoutBy(tx, { ...which, now }, (found) => movesBy(afterHandOver(answer, !isOurs(found)), answer)));
  if (moved === null) throw new Error('a payout that was claimed is gone');
  const retryAt = moved.state === 'approved' && answer.outcome === 'retry' ? now + retryMs(answer) : null;
  return lookOf({ ...payout, state: moved.state, sentAt: now }, now, deps.payoutPatience, retryAt);
}

function retryMs(answer: Extract<HandOver, { outcome: 'retry' }>): number {
  return answer.retryAfterMs;
}
