import { createPrivateKey } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { SMTPPoolOptions } from 'nodemailer';
import type { HandOff, OutgoingMessage, Transport } from '../transport.ts';
import { classifyFailure, closedWhileIdle } from './classify-failure.ts';
import type { SmtpFailure } from './classify-failure.ts';
import { watchProgress } from './message-progress.ts';
import type { MessageProgress, ProgressWatch } from './message-progress.ts';
import { parseSmtpUrl } from './smtp-url.ts';
import type { SmtpAddress } from './smtp-url.ts';
import { toMail } from './to-mail.ts';
import { vendorWords } from './vendor-words.ts';

export type SmtpTimeouts = {
  /** From the name look-up to an open connection. */
  readonly connectMs: number;
  readonly greetingMs: number;
  /** Silence of the server at any later point; after the final dot at least two minutes are sensible (RFC 5321, 4.5.3.2.6 asks for ten). */
  readonly answerMs: number;
  /** One message altogether, its wait for a connection included: a server that trickles never goes silent. */
  readonly messageMs: number;
  /** How long `close` waits for what is on the wire. */
  readonly closeMs: number;
};

export type SmtpOptions = {
  /** See `parseSmtpUrl`. */
  readonly url: string;
  readonly connections?: number;
  readonly timeouts?: Partial<SmtpTimeouts>;
  readonly dkim?: { readonly domainName: string; readonly keySelector: string; readonly privateKey: string };
};

export const defaultSmtpTimeouts: SmtpTimeouts = {
  connectMs: 15_000,
  greetingMs: 30_000,
  answerMs: 180_000,
  messageMs: 300_000,
  closeMs: 10_000,
};

/** RFC 8058 section 4 wants both list headers under the signature; the rest is what RFC 6376 section 5.4.1 names and we send. */
const SIGNED_HEADERS =
  'From:Reply-To:Subject:Date:Message-ID:To:MIME-Version:Content-Type:List-Unsubscribe:List-Unsubscribe-Post:Auto-Submitted';

/**
 * One pooled SMTP transport; make one a process. Throws on a URL or a DKIM key that cannot be used, in plain words;
 * everything later is an outcome of `send`. A message that throws while it is composed is `permanent / invalid_message`.
 */
export function smtpTransport(options: SmtpOptions): Transport {
  const parsed = parseSmtpUrl(options.url);
  if (parsed.outcome === 'invalid') throw new Error(parsed.message);
  const connections = options.connections ?? 10;
  const timeouts: SmtpTimeouts = { ...defaultSmtpTimeouts, ...options.timeouts };
  const pool = createTransport(poolOptions(parsed.address, connections, timeouts, options.dkim));

  // A send is known by its signal, the one thing of ours that reaches the composed message.
  const watches = new WeakMap<AbortSignal, ProgressWatch>();
  pool.use('stream', (mail, done) => {
    if (mail.data.signal !== undefined) watches.get(mail.data.signal)?.follow(mail.message);
    done();
  });

  const tellFailure = failureTeller();
  let closed = false;
  const onTheWire = new Set<Promise<HandOff>>();
  async function handOver(message: OutgoingMessage): Promise<HandOff> {
    const composed = toMail(message);
    if (composed.outcome === 'invalid') return { outcome: 'permanent', reason: 'invalid_message', detail: composed.why, suppress: false };
    const watch = watchProgress();
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), timeouts.messageMs);
    watches.set(limit.signal, watch);
    try {
      const info = await pool.sendMail({ ...composed.mail, signal: limit.signal });
      const receipt = vendorWords(info.response ?? '');
      if (watch.progress() !== 'ended') return { outcome: 'unknown', reason: 'unclear_answer', detail: receipt };
      return { outcome: 'handed_off', providerMessageId: bareId(info.serverMessageId ?? message.messageId), receipt };
    } catch (error) {
      const progress = watch.progress();
      return closed && progress === 'waiting' ? CLOSED : tellFailure(asFailure(error), progress, message.messageId);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    channel: 'email',
    provider: `email:${parsed.address.host}`,
    wireLimit: connections,
    send(message) {
      if (closed) return Promise.resolve(CLOSED);
      const sending = handOver(message);
      onTheWire.add(sending);
      return sending.finally(() => onTheWire.delete(sending));
    },
    async verify() {
      try {
        await pool.verify();
        return { ok: true };
      } catch (error) {
        const failed = classifyFailure(asFailure(error), 'waiting');
        return { ok: false, reason: 'detail' in failed ? `${failed.reason}: ${failed.detail}` : failed.outcome };
      }
    },
    async close() {
      closed = true;
      pool.close();
      const cut = setTimeout(() => pool.close({ force: true }), timeouts.closeMs);
      await Promise.all(onTheWire);
      clearTimeout(cut);
    },
  };
}

const CLOSED: HandOff = { outcome: 'retry', retryAfterMs: 1_000, reason: 'transport_closed', detail: 'this process is shutting down' };

function poolOptions(address: SmtpAddress, connections: number, timeouts: SmtpTimeouts, dkim: SmtpOptions['dkim']): SMTPPoolOptions & { pool: true } {
  if (dkim !== undefined) refuseUnusableKey(dkim.privateKey);
  return {
    pool: true,
    host: address.host,
    port: address.port,
    secure: address.secure,
    requireTLS: address.requireTls,
    ignoreTLS: address.ignoreTls,
    tls: { rejectUnauthorized: address.rejectUnauthorized },
    ...(address.auth === undefined ? {} : { auth: { ...address.auth } }),
    ...(address.ehloName === undefined ? {} : { name: address.ehloName }),
    maxConnections: connections,
    maxMessages: 1000,
    maxRequeues: 0, // a second hand-off is the caller's decision, made with fresh checks
    connectionTimeout: timeouts.connectMs,
    greetingTimeout: timeouts.greetingMs,
    socketTimeout: timeouts.answerMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(dkim === undefined ? {} : { dkim: { ...dkim, headerFieldNames: SIGNED_HEADERS } }),
  };
}

/** So many messages that met a closed connection are remembered. */
const REMEMBERED = 1000;

/** A message that meets a closed connection is tried again at once; one that keeps meeting it has another trouble. */
function failureTeller(): (failure: SmtpFailure, progress: MessageProgress, messageId: string) => HandOff {
  const metClosed = new Set<string>();
  return (failure, progress, messageId) => {
    if (!closedWhileIdle(failure, progress)) return classifyFailure(failure, progress);
    const isFirst = !metClosed.delete(messageId);
    metClosed.add(messageId);
    const [oldest] = metClosed;
    if (metClosed.size > REMEMBERED && oldest !== undefined) metClosed.delete(oldest);
    return classifyFailure(failure, progress, isFirst);
  };
}

/** nodemailer would send unsigned, without a word, with a key that it cannot use. */
function refuseUnusableKey(privateKey: string): void {
  let kind: string | undefined;
  try {
    kind = createPrivateKey(privateKey).asymmetricKeyType;
  } catch {
    kind = undefined;
  }
  if (kind !== 'rsa') throw new Error('The DKIM private key cannot be used: an RSA key in PEM form is needed (-----BEGIN PRIVATE KEY-----).');
}

/** By its shape, not by `instanceof`: an error of Node's own may come from another realm. */
function asFailure(error: unknown): SmtpFailure {
  const fields = typeof error === 'object' && error !== null ? error : { message: String(error) };
  return {
    message: text(fields, 'message') ?? 'no reason given',
    code: text(fields, 'code'),
    originalCode: text(fields, 'originalCode'),
    command: text(fields, 'command'),
    response: text(fields, 'response'),
    responseCode: 'responseCode' in fields && typeof fields.responseCode === 'number' ? fields.responseCode : undefined,
  };
}

function text(fields: object, key: 'message' | 'code' | 'originalCode' | 'command' | 'response'): string | undefined {
  const value: unknown = Reflect.get(fields, key);
  return typeof value === 'string' ? value : undefined;
}

function bareId(messageId: string): string {
  return messageId.replace(/^<|>$/g, '');
}
