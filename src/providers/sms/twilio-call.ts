import http from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import https from 'node:https';
import twilio from 'twilio';
import type { Answer, Silence } from './classify-answer.ts';

export type TwilioCredentials = {
  readonly accountSid: string;
  /** Basic authentication: the account's own sid and token, or an API key's sid and secret. */
  readonly user: string;
  readonly secret: string;
};

export type TwilioWire = {
  /** Where requests go: the vendor's API, or a stand-in for it. */
  readonly baseUrl: URL;
  readonly credentials: TwilioCredentials;
  /** From the name look-up to an open connection. */
  readonly connectMs: number;
  /** One request altogether: a server that trickles never goes silent. */
  readonly answerMs: number;
};

type Messages = ReturnType<typeof twilio>['messages'];
export type Told = { readonly kind: 'answer'; readonly answer: Answer } | { readonly kind: 'silence'; readonly silence: Silence };

export type TwilioCaller = {
  /** One request through the package's client; whatever comes of it is told, nothing is thrown and nothing is tried twice. */
  call(ask: (messages: Messages) => Promise<unknown>): Promise<Told>;
  /** Cuts what is on the wire. */
  cut(): void;
};

const LARGEST_ANSWER_BYTES = 5_000_000;

/**
 * Calls the vendor through its own package, which forms requests and signs them in. Each call gets a client of its own,
 * since the package drops the headers of a failed answer and cannot tell whether anything had left; connections are shared.
 * The way out is ours: the base URL, the deadlines and the watch over what has left.
 */
export function twilioCaller({ baseUrl, credentials, connectMs, answerMs }: TwilioWire): TwilioCaller {
  const secure = baseUrl.protocol === 'https:';
  const agent = secure ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });
  const open = new Set<ClientRequest>();
  let closed = false;

  function watchedRequest(watch: { left: boolean; code: string | undefined }) {
    return (options: RequestOptions, onAnswer: (answer: IncomingMessage) => void): ClientRequest => {
      const where = { protocol: baseUrl.protocol, hostname: baseUrl.hostname.replace(/^\[|\]$/g, ''), port: baseUrl.port, host: null, path: `${baseUrl.pathname.replace(/\/$/, '')}${options.path ?? '/'}` };
      const request = (secure ? https : http).request({ ...options, ...where, agent }, onAnswer);
      open.add(request);
      const give = (code: string): void => {
        watch.code ??= code;
        request.destroy(new Error(code));
      };
      const connecting = setTimeout(() => give('CONNECT_TIMEOUT'), connectMs);
      const answering = setTimeout(() => give('ANSWER_TIMEOUT'), answerMs);
      const sent = (): void => {
        watch.left = true;
        clearTimeout(connecting);
      };
      request.once('socket', (socket) => {
        if (request.reusedSocket || !socket.connecting) sent();
        else socket.once(secure ? 'secureConnect' : 'connect', sent);
      });
      request.once('error', (error: NodeJS.ErrnoException) => { watch.code ??= error.code; });
      request.once('close', () => {
        open.delete(request);
        clearTimeout(connecting);
        clearTimeout(answering);
      });
      return request;
    };
  }

  return {
    async call(ask) {
      const watch: { left: boolean; code: string | undefined } = { left: false, code: undefined };
      const client = new twilio.RequestClient({ timeout: answerMs + connectMs });
      client.axios.defaults.transport = { request: watchedRequest(watch) };
      client.axios.defaults.maxContentLength = LARGEST_ANSWER_BYTES;
      const { messages } = twilio(credentials.user, credentials.secret, { accountSid: credentials.accountSid, httpClient: client });
      // the answer itself is read, not what the package makes of it
      await ask(messages).catch(() => undefined);
      const { lastResponse } = client;
      if (lastResponse === undefined) return { kind: 'silence', silence: { ...watch, closed } };
      return { kind: 'answer', answer: { status: lastResponse.statusCode, body: parsed(lastResponse.body), retryAfter: headerOf(lastResponse.headers, 'retry-after') } };
    },
    cut() {
      closed = true;
      for (const request of open) request.destroy(new Error('CLOSED'));
      agent.destroy();
    },
  };
}

function parsed(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    const value: unknown = JSON.parse(body);
    return value;
  } catch {
    return body;
  }
}

function headerOf(headers: unknown, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  const value: unknown = Reflect.get(headers, name);
  return typeof value === 'string' ? value : undefined;
}
