import { readPayoutToSend, type PayoutToSend } from '../../db/write/payouts/claim-payout.ts';
import { movePayoutBy, notePayout } from '../../db/write/payouts/move-payout.ts';
import type { PayoutLook } from '../../src/domain/payout/look.ts';
import type { PayoutReason } from '../../src/domain/payout/reasons.ts';
import { afterListing, afterPoll, type Listing, type Unsettled } from '../../src/domain/payout/settle-payout.ts';
import { orderOf, readInput, type PayoutDeps, type PayoutInput, type Which } from './deps.ts';
import { claimAndCall } from './hand-over-payout.ts';
import { lookOf } from './look-of.ts';
import { movesBy } from './moves-by.ts';
import { railOf } from './rail-of.ts';

/**
 * Settles a payout that has left by looking for it in the rail's list. It creates nothing there; only what the list does not show after every
 * request has died is handed over again, under the key it had, and only while the rail is sure to know that key.
 */
export async function reconcilePayout(deps: PayoutDeps, input: PayoutInput): Promise<PayoutLook> {
  const { db, clock, keyring, log } = deps;
  const which = readInput(input);
  const payout = await db.asTenant(which.tenantId, (tx) => readPayoutToSend(tx, which));
  if (payout === null) throw new Error('there is no such payout');
  if (payout.state !== 'unknown' && payout.state !== 'sent') return lookOf(payout, clock.now(), deps.payoutPatience);
  // Of the time before the question: what arrived while it was asked is not missing.
  const askedAt = clock.now();
  const listing = await (await railOf(deps, which.tenantId, payout)).find(orderOf(keyring, which.tenantId, payout));
  const settled = payout.state === 'sent' ? afterPoll(listing) : afterListing(listing, unsettled(payout), askedAt, deps.payoutPatience);
  log.info({ ...which, was: payout.state, listing: listing.outcome, action: settled?.action ?? null }, 'a payout was looked for at its rail');
  if (settled?.action === 'claim') return claimAndCall(deps, which, payout.claimedAt, clock.now());
  const now = clock.now();
  const state = await record(deps, which, { payout, listing, settled, now });
  return lookOf({ ...payout, state, sentAt: payout.sentAt ?? now }, now, deps.payoutPatience);
}

type Recording = { readonly payout: PayoutToSend; readonly listing: Listing; readonly settled: ReturnType<typeof afterPoll>; readonly now: number };

/** The list speaks of the claim it was asked about: where another hand-over has begun meanwhile, "not there" says nothing. */
async function record({ db, log }: PayoutDeps, which: Which, { payout, listing, settled, now }: Recording): Promise<PayoutToSend['state']> {
  const move = movesBy(settled, listing);
  if (listing.outcome === 'mismatch') log.error({ ...which, detail: listing.detail }, 'a rail shows something else under a payout: look there');
  return db.asTenant(which.tenantId, async (tx) => {
    const note = noteOf(listing);
    if (move === null && note !== null) await notePayout(tx, { ...which, ...note });
    const moved = await movePayoutBy(tx, { ...which, now }, ({ claimedAt }) => (listing.outcome === 'absent' && claimedAt !== payout.claimedAt ? null : move));
    if (moved === null) throw new Error('a payout that was just read is gone');
    return moved.state;
  });
}

function noteOf(listing: Listing): { reason: PayoutReason; detail: string } | null {
  return listing.outcome === 'mismatch' ? { reason: 'mismatch_at_rail', detail: listing.detail } : null;
}

function unsettled({ id, keyAt, claimedAt, handOvers }: PayoutToSend): Unsettled {
  if (keyAt === null || claimedAt === null) throw new Error(`payout ${id} was never claimed`);
  return { keyAt, claimedAt, handOvers };
}
