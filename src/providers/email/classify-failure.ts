import type { HandOff, RetryReason } from '../transport.ts';
import type { MessageProgress } from './message-progress.ts';
import { classifyRefusal } from './classify-refusal.ts';
import { vendorWords } from './vendor-words.ts';

/** What nodemailer tells about a failed send: its code, the command that was answered and the server's reply. */
export type SmtpFailure = {
  readonly message: string;
  readonly code?: string | undefined;
  /** The code before nodemailer put its own, such as ECONNREFUSED. */
  readonly originalCode?: string | undefined;
  readonly command?: string | undefined;
  readonly response?: string | undefined;
  readonly responseCode?: number | undefined;
};

type WireTrouble = Exclude<RetryReason, 'transport_closed'>;

/** Floors, not schedules: the caller backs off further with each attempt. Greylisting wants five minutes (RFC 6647, 2.1). */
const RETRY_AFTER_MS: Record<WireTrouble, number> = {
  deferred: 300_000,
  server_busy: 300_000,
  cannot_connect: 15_000,
  connection_lost: 30_000,
  timed_out: 60_000,
  smtp_auth_failed: 60_000,
  smtp_tls_failed: 60_000,
  smtp_protocol_error: 60_000,
};
const IDLE_CLOSE_RETRY_MS = 500;
/** 421: the server ends this session, since it shuts down or has too many (RFC 5321, 4.2.3). Another may be let in soon. */
const SESSION_ENDED = 421;
const SESSION_ENDED_RETRY_MS = 30_000;

/** What Node calls a certificate or a handshake that it did not accept. */
const TLS_TROUBLE = /^(?:ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH)/;

/** 530, 534, 535, 538: the session is not allowed to send. That is the operator's to mend, not the recipient's fault. */
const AUTH_REPLIES: ReadonlySet<number> = new Set([530, 534, 535, 538]);

/**
 * The outcome of a send that did not end in a 2xx. A reply of the server about this message decides; without
 * one, the message's progress does: its last bytes may have left = `unknown`, otherwise `retry`. `isFirst`: this message
 * has not met a closed connection lately.
 */
export function classifyFailure(failure: SmtpFailure, progress: MessageProgress, isFirst = true): HandOff {
  const detail = vendorWords(failure.response ?? failure.message);
  if (progress === 'composing') return { outcome: 'permanent', reason: 'invalid_message', detail, suppress: false };

  const replied = replyAboutMessage(failure, progress);
  if (replied !== null) return classifyReply(replied, failure, detail);

  if (progress === 'ended') {
    return { outcome: 'unknown', reason: failure.responseCode === undefined ? 'no_answer' : 'unclear_answer', detail };
  }
  // nodemailer's own refusals before the wire carry no reply
  if (failure.code === 'EMESSAGE') return { outcome: 'permanent', reason: 'too_large', detail, suppress: false };
  if (failure.code === 'EENVELOPE' || failure.code === 'ESTREAM') {
    return { outcome: 'permanent', reason: 'invalid_message', detail, suppress: false };
  }
  return retry(retryReason(failure, progress), detail, soonerAfter(failure, progress, isFirst));
}

function soonerAfter(failure: SmtpFailure, progress: MessageProgress, isFirst: boolean): number | undefined {
  if (failure.responseCode === SESSION_ENDED) return SESSION_ENDED_RETRY_MS;
  return isFirst && closedWhileIdle(failure, progress) ? IDLE_CLOSE_RETRY_MS : undefined;
}

/** The 4xx or 5xx that answers this message, or null: a greeting or a login that was refused says nothing about it. */
function replyAboutMessage(failure: SmtpFailure, progress: MessageProgress): number | null {
  const { code, responseCode } = failure;
  if (responseCode === undefined || responseCode < 400 || responseCode > 599) return null;
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return responseCode;
  // a last reply and the end of the connection in one
  return code === 'ECONNECTION' && progress !== 'waiting' ? responseCode : null;
}

function classifyReply(replied: number, failure: SmtpFailure, detail: string): HandOff {
  if (AUTH_REPLIES.has(replied)) return retry('smtp_auth_failed', detail);
  if (replied === 503) return retry('smtp_protocol_error', detail);
  if (replied === SESSION_ENDED) return retry('server_busy', detail, SESSION_ENDED_RETRY_MS);
  if (replied < 500) return retry('deferred', detail);
  return classifyRefusal(replied, failure.response ?? '', failure.command ?? '', detail);
}

function retryReason(failure: SmtpFailure, progress: MessageProgress): WireTrouble {
  if (progress === 'waiting' && TLS_TROUBLE.test(failure.originalCode ?? '')) return 'smtp_tls_failed';
  switch (failure.code) {
    case 'EAUTH':
    case 'ENOAUTH':
    case 'EOAUTH2':
      return isTemporary(failure) ? 'server_busy' : 'smtp_auth_failed';
    case 'ETLS':
    case 'EREQUIRETLS':
      return 'smtp_tls_failed';
    case 'EPROTOCOL':
      return isTemporary(failure) ? 'server_busy' : 'smtp_protocol_error';
    case 'ETIMEDOUT':
      return progress === 'waiting' ? 'cannot_connect' : 'timed_out';
    case 'EABORT':
      return 'timed_out';
    case 'ECONNECTION':
      if (isTemporary(failure)) return 'server_busy';
      return progress === 'waiting' ? 'cannot_connect' : 'connection_lost';
    default:
      return progress === 'waiting' ? 'cannot_connect' : 'connection_lost';
  }
}

function isTemporary(failure: SmtpFailure): boolean {
  return failure.responseCode !== undefined && failure.responseCode >= 400 && failure.responseCode < 500;
}

/**
 * The server had closed a connection that waited in the pool: nodemailer then reports without naming a command. It does
 * the same when a used connection is cut after MAIL or RCPT, so that only the first time may count as that.
 */
export function closedWhileIdle(failure: SmtpFailure, progress: MessageProgress): boolean {
  return failure.code === 'ECONNECTION' && progress === 'offered' && failure.command === undefined;
}

function retry(reason: WireTrouble, detail: string, retryAfterMs = RETRY_AFTER_MS[reason]): HandOff {
  return { outcome: 'retry', retryAfterMs, reason, detail };
}
