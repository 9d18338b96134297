import { request as httpRequest, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { checkWebhookUrl, hostOf } from '../webhook/check-url.ts';
import { isInternalAddress } from '../webhook/internal-address.ts';
import { retryAfterOf } from '../webhook/read-answer.ts';
import { onlyTo, resolveAnyHost, resolvePublicHost, type HostAddress } from '../webhook/resolve-host.ts';

export type RailCall = { readonly method: 'GET' | 'POST'; readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: string | null };
export type CallOptions = { /** For tests and closed networks: `http://`, and hosts inside. */ readonly allowInternal: boolean; readonly timeoutMs?: number };

/** What came of a call. `silent`: no whole answer came; `left` tells whether anything may have reached the other side. */
export type RailAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly retryAfterMs: number | null; readonly body: string }
  | { readonly kind: 'silent'; readonly left: boolean; readonly why: 'timeout' | 'connection' | 'dns' }
  | { readonly kind: 'forbidden'; readonly why: 'bad_url' | 'internal_address' };

const TIMEOUT_MS = 15_000;
const LONGEST_ANSWER_BYTES = 1_000_000;

/**
 * One guarded call to a rail: the host is resolved, refused where any of its addresses is internal, and the connection goes to the
 * addresses that were checked. No redirect is followed. Never throws. For money it matters whether a request may have arrived: until the
 * connection stands, TLS included, nothing has left.
 */
export async function callRail(call: RailCall, { allowInternal, timeoutMs = TIMEOUT_MS }: CallOptions): Promise<RailAnswer> {
  const checked = checkWebhookUrl(call.url, { allowInternal });
  if (checked.outcome === 'refused') return { kind: 'forbidden', why: checked.reason };
  const over = new AbortController();
  const timer = setTimeout(() => { over.abort(); }, timeoutMs);
  const watch = { left: false };
  try {
    const addresses = await addressesOf(hostOf(checked.url), allowInternal, over.signal);
    if (addresses.length === 0) return { kind: 'silent', left: false, why: 'dns' };
    if (!allowInternal && addresses.some(({ address }) => isInternalAddress(address))) return { kind: 'forbidden', why: 'internal_address' };
    return await send(call, checked.url, { addresses, signal: over.signal, watch });
  } catch {
    return { kind: 'silent', left: watch.left, why: over.signal.aborted ? 'timeout' : 'connection' };
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

/** Given up with the rest of the call: a name server may never answer. None where the name is not known. */
async function addressesOf(host: string, allowInternal: boolean, signal: AbortSignal): Promise<readonly HostAddress[]> {
  const given = new Promise<readonly HostAddress[]>((resolve) => { signal.addEventListener('abort', () => { resolve([]); }, { once: true }); });
  const asked = (allowInternal ? resolveAnyHost : resolvePublicHost)(host, signal).catch((): readonly HostAddress[] => []);
  return Promise.race([asked, given]);
}

type Sending = { readonly addresses: readonly HostAddress[]; readonly signal: AbortSignal; readonly watch: { left: boolean } };

function send({ method, headers, body }: RailCall, url: URL, { addresses, signal, watch }: Sending): Promise<RailAnswer> {
  const host = hostOf(url);
  const secure = url.protocol === 'https:';
  const payload = body === null ? null : Buffer.from(body);
  const options: RequestOptions = {
    method,
    protocol: url.protocol,
    hostname: host,
    ...(url.port === '' ? {} : { port: url.port }),
    path: `${url.pathname}${url.search}`,
    headers: { ...headers, ...(payload === null ? {} : { 'content-length': payload.length }), 'user-agent': 'Flywheel-Payouts/1' },
    agent: false,
    lookup: onlyTo(addresses),
    signal,
  };
  return new Promise((resolve, reject) => {
    const request = secure ? httpsRequest({ ...options, rejectUnauthorized: true, ...(isIP(host) === 0 ? { servername: host } : {}) }) : httpRequest(options);
    watchLeaving(request, secure, watch);
    request.on('error', reject);
    request.on('response', (response) => { readAnswer(response).then(resolve, reject).finally(() => { request.destroy(); }); });
    request.end(payload ?? undefined);
  });
}

function watchLeaving(request: ClientRequest, secure: boolean, watch: { left: boolean }): void {
  request.once('socket', (socket) => { socket.once(secure ? 'secureConnect' : 'connect', () => { watch.left = true; }); });
}

function readAnswer(response: IncomingMessage): Promise<RailAnswer> {
  const chunks: Buffer[] = [];
  let readBytes = 0;
  return new Promise((resolve, reject) => {
    response.on('data', (chunk: Buffer) => {
      readBytes += chunk.length;
      if (readBytes > LONGEST_ANSWER_BYTES) reject(new Error('the answer is too long'));
      else chunks.push(chunk);
    });
    response.on('error', reject);
    // Broken off in the middle, it is no answer.
    response.on('close', () => { reject(new Error('the answer was broken off')); });
    response.on('end', () => { resolve({ kind: 'answer', status: response.statusCode ?? 0, retryAfterMs: retryAfterOf(response.headers), body: Buffer.concat(chunks).toString('utf8') }); });
  });
}
