import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { checkWebhookUrl, hostOf } from './check-url.ts';
import { isInternalAddress } from './internal-address.ts';
import { onlyTo, resolveAnyHost, resolvePublicHost, type HostAddress, type ResolveHost } from './resolve-host.ts';
import { failureOf, isRedirect, retryAfterOf } from './read-answer.ts';

export type WebhookPost = { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: string };
export type PostFailure = 'http_status' | 'redirect' | 'timeout' | 'dns' | 'connection' | 'tls';

/** What came of a try. `refused`: we do not call there, now or later. Everything that is not 2xx or 410 may be tried again. */
export type WebhookAnswer =
  | { readonly outcome: 'delivered'; readonly status: number }
  | { readonly outcome: 'gone'; readonly status: number }
  | { readonly outcome: 'retry'; readonly reason: PostFailure; readonly status: number | null; readonly retryAfterMs: number | null }
  | { readonly outcome: 'refused'; readonly reason: 'bad_url' | 'internal_address' };

export type PostOptions = {
  /** For development and closed networks: `http://`, and hosts inside. */
  readonly allowInternal: boolean;
  /** For tests; left out: name servers. */
  readonly resolve?: ResolveHost;
  /** For tests; left out: 15 seconds for everything, from the name's resolution to the end of the answer. */
  readonly timeoutMs?: number;
};

const TIMEOUT_MS = 15_000;
/** So much of an answer is read, and thrown away: its status is all that counts. */
const LONGEST_ANSWER_BYTES = 64 * 1024;
const LONGEST_HEADERS_BYTES = 16 * 1024;

/**
 * Posts a webhook, guarded: the host is resolved, refused where any of its addresses is internal, and the connection goes to the
 * addresses that were checked, so that a name that answers differently the second time gains nothing. Follows no redirect, knows no
 * proxy, keeps no connection. Never throws.
 */
export async function postWebhook(post: WebhookPost, options: PostOptions): Promise<WebhookAnswer> {
  const checked = checkWebhookUrl(post.url, options);
  if (checked.outcome === 'refused') return { outcome: 'refused', reason: checked.reason };
  const over = new AbortController();
  const timer = setTimeout(() => { over.abort(); }, options.timeoutMs ?? TIMEOUT_MS);
  try {
    const addresses = await addressesOf(checked.url, options, over.signal);
    if (addresses.length === 0) return retry('dns');
    if (!options.allowInternal && addresses.some(({ address }) => isInternalAddress(address))) return { outcome: 'refused', reason: 'internal_address' };
    return answerOf(await send(checked.url, post, addresses, over.signal));
  } catch (error) {
    return retry(over.signal.aborted ? 'timeout' : failureOf(error));
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

/** Given up with the rest of the try: a name server may never answer. */
function addressesOf(url: URL, { allowInternal, resolve = allowInternal ? resolveAnyHost : resolvePublicHost }: PostOptions, signal: AbortSignal): Promise<readonly HostAddress[]> {
  const given = new Promise<never>((_resolve, reject) => { signal.addEventListener('abort', () => { reject(new Error('the name was not resolved in time')); }, { once: true }); });
  return Promise.race([resolve(hostOf(url), signal), given]);
}

/** Resolves with the head of the answer, once its body has ended, was too long, or its time is over: the status is known by then. */
function send(url: URL, { headers, body }: WebhookPost, addresses: readonly HostAddress[], signal: AbortSignal): Promise<IncomingMessage> {
  const payload = Buffer.from(body);
  const host = hostOf(url);
  const options: RequestOptions = {
    method: 'POST',
    protocol: url.protocol,
    hostname: host,
    ...(url.port === '' ? {} : { port: url.port }),
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, 'content-type': 'application/json', 'content-length': payload.length, 'user-agent': 'Flywheel-Webhooks/1' },
    agent: false,
    maxHeaderSize: LONGEST_HEADERS_BYTES,
    lookup: onlyTo(addresses),
    signal,
  };
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:'
      ? httpsRequest({ ...options, rejectUnauthorized: true, ...(isIP(host) === 0 ? { servername: host } : {}) })
      : httpRequest(options);
    let head: IncomingMessage | null = null;
    // Once the head is here, an end of whatever kind changes nothing.
    request.on('error', (error) => { if (head === null) reject(error); else resolve(head); });
    request.on('response', (response) => {
      head = response;
      let readBytes = 0;
      const end = (): void => { resolve(response); request.destroy(); };
      response.on('data', (chunk: Buffer) => {
        readBytes += chunk.length;
        if (readBytes > LONGEST_ANSWER_BYTES) end();
      });
      response.on('end', end);
      response.on('error', end);
      response.on('close', end);
    });
    request.end(payload);
  });
}

function answerOf({ statusCode = 0, headers }: IncomingMessage): WebhookAnswer {
  if (statusCode >= 200 && statusCode < 300) return { outcome: 'delivered', status: statusCode };
  if (statusCode === 410) return { outcome: 'gone', status: statusCode };
  return { outcome: 'retry', reason: isRedirect(statusCode) ? 'redirect' : 'http_status', status: statusCode, retryAfterMs: retryAfterOf(headers) };
}

function retry(reason: PostFailure): WebhookAnswer {
  return { outcome: 'retry', reason, status: null, retryAfterMs: null };
}
