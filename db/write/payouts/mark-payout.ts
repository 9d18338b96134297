import type { PayoutId, TenantId } from '../../../src/domain/ids.ts';
import type { PayoutState } from '../../../src/domain/payout/payout-state.ts';
import { RAILS } from '../../../src/domain/payout/rails.ts';
import type { Tx } from '../../client.ts';
import { recordDecision } from '../decide.ts';
import { openRuns } from '../open-runs.ts';
import { tellRuns } from '../tell-runs.ts';
import { lockPayout, type LockedPayout } from './lock-payouts.ts';
import { movePayoutBy } from './move-payout.ts';
import { tellsRun } from './payout-news.ts';

type By = { readonly tenantId: TenantId; readonly payoutId: PayoutId; readonly actor: string; readonly now: number };
export type Mark = By & { readonly as: 'paid' | 'failed'; readonly reference: string | null; readonly detail: string | null };
export type Marked = { readonly outcome: 'marked' | 'already' | 'not_found' } | { readonly outcome: 'too_late' | 'too_early' | 'being_handed_over'; readonly state: PayoutState };

/**
 * Somebody who knows says how a payout ended: who paid it by hand, the tenant's own system, or an operator who has looked at the provider. Said
 * twice it counts once. While a provider with a list is just being called (`being_handed_over`) nobody can know better than its answer.
 */
export async function markPayout(tx: Tx, { tenantId, payoutId, as, reference, detail, actor, now }: Mark): Promise<Marked> {
  const payout = await lockPayout(tx, { tenantId, payoutId });
  if (payout === null) return { outcome: 'not_found' };
  const refused = refuse(payout, as);
  if (refused !== null) return refused;
  await tellRuns(tx, { tenantId, facts: [tellsRun(payoutId, 'payout_moved', now)], now });
  await recordDecision(tx, { tenantId, subjectId: payoutId, kind: `payout_marked_${as}`, rule: 'A payout ended as whoever pays it says.', inputs: { was: payout.state, rail: payout.rail }, actor, now });
  await movePayoutBy(tx, { tenantId, payoutId, now }, () => ({ action: as === 'paid' ? 'pay' : 'fail', reason: 'marked', reference, detail }));
  return { outcome: 'marked' };
}

function refuse({ state, rail }: LockedPayout, as: Mark['as']): Marked | null {
  switch (state) {
    case 'created':
    case 'approved': return { outcome: 'too_early', state };
    case 'completed': return as === 'paid' ? { outcome: 'already' } : { outcome: 'too_late', state };
    case 'failed': return as === 'failed' ? { outcome: 'already' } : { outcome: 'too_late', state };
    case 'canceled': return { outcome: 'too_late', state };
    case 'sending': return rail !== null && RAILS[rail].canList ? { outcome: 'being_handed_over', state } : null;
    case 'unknown':
    case 'sent': return null;
  }
}

export type Asked = { readonly outcome: 'asked' | 'not_found' } | { readonly outcome: 'not_under_way' | 'rail_cannot'; readonly state: PayoutState };

/**
 * Asks a payout's run to look at the rail now (`look`), or to tell a rail without a list once more (`resend`). A run that was canceled
 * begins again: what has left has to end.
 */
export async function askPayoutRun(tx: Tx, { tenantId, payoutId, ask, actor, now }: By & { readonly ask: 'look' | 'resend' }): Promise<Asked> {
  const payout = await lockPayout(tx, { tenantId, payoutId });
  if (payout === null) return { outcome: 'not_found' };
  const { state, rail } = payout;
  const isUnderWay = ask === 'look' ? state === 'approved' || state === 'sending' || state === 'unknown' || state === 'sent' : state === 'unknown';
  if (!isUnderWay) return { outcome: 'not_under_way', state };
  if (ask === 'resend' && rail !== 'own_system') return { outcome: 'rail_cannot', state };
  await openRuns(tx, { tenantId, runs: [{ id: payoutId, loop: 'payout', stage: 'approved', input: {} }], now });
  await tellRuns(tx, { tenantId, facts: [tellsRun(payoutId, ask, now)], now });
  await recordDecision(tx, { tenantId, subjectId: payoutId, kind: ask === 'look' ? 'payout_reconcile_asked' : 'payout_resend_asked', rule: 'A payout that has left is looked for at its rail; it is never paid a second time.', inputs: { state, rail }, actor, now });
  return { outcome: 'asked' };
}
