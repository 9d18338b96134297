import type { MessageOutcome } from '../../../src/domain/run/fact.ts';
import type { InviteState } from '../../schema/invites.ts';

/** What the state of a row of `invites` means to the run whose message it is; null: it waits still, or what it came to is told otherwise (`joined`). */
export function outcomeOfInvite(state: InviteState, reason: string | null): { readonly outcome: MessageOutcome; readonly reason: string | null } | null {
  switch (state) {
    case 'waiting': return null;
    case 'handed_off': return { outcome: 'handed_off', reason: null };
    case 'unknown':
    case 'unknown_expired': return { outcome: 'unknown', reason };
    case 'joined': return { outcome: 'not_sent', reason: 'joined' };
    case 'expired': return { outcome: 'not_sent', reason: WINDOW_CLOSED };
    case 'refused': return { outcome: 'not_sent', reason: reason === 'no_permitted_time' ? WINDOW_CLOSED : reason };
    case 'canceled': return { outcome: 'not_sent', reason: reason ?? 'canceled' };
  }
}

/** No hour in which it was permitted came before its time was over. */
export const WINDOW_CLOSED = 'window_closed_first';
