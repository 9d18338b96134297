import type { HandOff } from '../../src/providers/transport.ts';

/** What a hand-off says of the provider itself: it works, it fails, or nothing. */
export type Verdict = { readonly kind: 'answered' } | { readonly kind: 'failed'; readonly reason: string } | { readonly kind: 'none' };

/**
 * A provider that answers for a message works, whatever the answer: to refuse a recipient or to put one off is its business.
 * It fails where it cannot be reached, lets nobody in, breaks off or does not answer.
 */
export function verdictOf(handOff: HandOff): Verdict {
  switch (handOff.outcome) {
    case 'handed_off': return { kind: 'answered' };
    // What we refuse ourselves never reached it.
    case 'permanent': return { kind: handOff.reason === 'invalid_message' ? 'none' : 'answered' };
    case 'unknown': return { kind: 'failed', reason: handOff.reason };
    case 'retry': return verdictOfRetry(handOff);
  }
}

/** A server may close a connection that idles in the pool: the adapter then asks for another try at once. */
const AT_ONCE_MS = 1_000;

function verdictOfRetry({ reason, retryAfterMs }: Extract<HandOff, { outcome: 'retry' }>): Verdict {
  switch (reason) {
    case 'deferred':
    case 'quiet_hours': return { kind: 'answered' };
    case 'transport_closed':
    case 'sms_off': return { kind: 'none' };
    case 'connection_lost': return retryAfterMs < AT_ONCE_MS ? { kind: 'none' } : { kind: 'failed', reason };
    case 'server_busy':
    case 'cannot_connect':
    case 'timed_out':
    case 'smtp_auth_failed':
    case 'smtp_tls_failed':
    case 'smtp_protocol_error':
    case 'rate_limited':
    case 'sms_account_refused': return { kind: 'failed', reason };
  }
}
