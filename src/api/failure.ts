import { types } from 'node:util';

/** What a thrown error means to the caller. */
export type Failure = 'unavailable' | 'try_again' | 'ours';

// The database cannot be reached, is starting or stopping, has no connection to spare, or was waited for as long as we may
// (a statement, a lock, a transaction that stood still with its server: db/patience.ts).
const UNREACHABLE = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT', 'EPIPE',
  'CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED', 'CONNECT_TIMEOUT',
  '57P01', '57P02', '57P03', '57P05', '53100', '53200', '53300', '53400', '25006', '57014', '55P03', '25P03', '25P04',
]);
// A deadlock or a serialisation failure: the transaction left nothing behind and may simply run again.
const RETRYABLE = new Set(['40P01', '40001']);

export function classifyFailure(error: unknown): Failure {
  for (let at: unknown = error; types.isNativeError(at); at = at.cause) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : '';
    if (UNREACHABLE.has(code) || code.startsWith('08')) return 'unavailable';
    if (RETRYABLE.has(code)) return 'try_again';
    if (at instanceof AggregateError) return classifyFailure(at.errors[0]);
  }
  return 'ours';
}

/** May the failure of a group be that of one of them? All but the loss of the database, which is everybody's; a lock that was waited for is that of one's rows. */
export function mayBeOfOne(error: unknown): boolean {
  return classifyFailure(error) === 'ours' || (error instanceof Error && 'code' in error && error.code === '55P03');
}
