import type { HandOff, Transport } from '../transport.ts';
import { classifyAnswer, classifySilence, TRANSPORT_CLOSED } from './classify-answer.ts';
import { findSentWith } from './find-sent.ts';
import type { FindSent } from './find-sent.ts';
import { limitAtOnce } from './limit-at-once.ts';
import { faultIn } from './outgoing-sms.ts';
import type { OutgoingSms } from './outgoing-sms.ts';
import { twilioCaller } from './twilio-call.ts';
import type { TwilioCredentials } from './twilio-call.ts';

export type TwilioOptions = {
  /** AC…, with the account's token, or with an API key (SK…) and its secret. */
  readonly accountSid: string;
  readonly authToken?: string;
  readonly apiKey?: { readonly sid: string; readonly secret: string };
  readonly sender: { readonly messagingServiceSid: string } | { readonly from: string };
  /** Public; the attempt token follows as the last part of the path. */
  readonly statusCallbackUrl: string;
  /** The vendor's API unless a stand-in takes its place. */
  readonly baseUrl?: string;
  readonly connections?: number;
  readonly timeouts?: Partial<TwilioTimeouts>;
};

export type TwilioTimeouts = { readonly connectMs: number; readonly answerMs: number; /** How long `close` waits for what is on the wire. */ readonly closeMs: number };

export type SmsTransport = Transport<OutgoingSms, 'sms'> & { readonly findSent: FindSent };

const defaultTimeouts: TwilioTimeouts = { connectMs: 10_000, answerMs: 30_000, closeMs: 10_000 };
const LONGEST_VALIDITY_S = 36_000;

/**
 * The SMS adapter over Twilio's Messages API, one a process. Throws on options that cannot be used, in plain words that
 * hold no secret; everything later is an outcome of `send`. A hand-off is made once: the API has no idempotency key, so
 * an `unknown` is settled by the status callback or by `findSent`.
 */
export function twilioTransport(options: TwilioOptions): SmsTransport {
  const timeouts: TwilioTimeouts = { ...defaultTimeouts, ...options.timeouts };
  const connections = options.connections ?? 10;
  const credentials = credentialsOf(options);
  const statusCallback = usableUrl(options.statusCallbackUrl, 'status callback URL').href.replace(/\/$/, '');
  const caller = twilioCaller({ baseUrl: usableUrl(options.baseUrl ?? 'https://api.twilio.com', 'base URL of Twilio'), credentials, ...timeouts });
  const inTurn = limitAtOnce(connections);
  const sender = 'from' in options.sender ? { from: options.sender.from } : { messagingServiceSid: options.sender.messagingServiceSid };
  const onTheWire = new Set<Promise<HandOff>>();
  let closed = false;

  async function handOver(sms: OutgoingSms): Promise<HandOff> {
    if (closed) return TRANSPORT_CLOSED;
    const told = await caller.call((messages) =>
      messages.create({ to: sms.to, body: sms.text, ...sender, validityPeriod: validitySeconds(sms.validityMs), statusCallback: `${statusCallback}/${sms.attemptToken}` }),
    );
    return told.kind === 'answer' ? classifyAnswer(told.answer) : classifySilence(told.silence);
  }

  return {
    channel: 'sms',
    provider: 'sms:twilio',
    wireLimit: connections,
    send(sms) {
      if (closed) return Promise.resolve(TRANSPORT_CLOSED);
      const why = faultIn(sms);
      if (why !== null) return Promise.resolve({ outcome: 'permanent', reason: 'invalid_message', detail: why, suppress: false });
      const sending = inTurn(() => handOver(sms));
      onTheWire.add(sending);
      return sending.finally(() => onTheWire.delete(sending));
    },
    async verify() {
      const told = await caller.call((messages) => messages.page({ pageSize: 1 }));
      if (told.kind === 'answer' && told.answer.status === 200) return { ok: true };
      const failed = told.kind === 'answer' ? classifyAnswer(told.answer) : classifySilence(told.silence);
      return { ok: false, reason: 'reason' in failed ? `${failed.reason}: ${failed.detail}` : 'the answer is not Twilio\'s' };
    },
    findSent: findSentWith(caller),
    async close() {
      closed = true;
      const cut = setTimeout(() => caller.cut(), timeouts.closeMs);
      await Promise.all(onTheWire);
      clearTimeout(cut);
      caller.cut();
    },
  };
}

/** The vendor takes 1 to 36,000 seconds; what is longer than its queue lasts ends there. */
function validitySeconds(validityMs: number): number {
  return Math.min(LONGEST_VALIDITY_S, Math.max(1, Math.floor(validityMs / 1000)));
}

function credentialsOf({ accountSid, authToken, apiKey }: TwilioOptions): TwilioCredentials {
  if (!/^AC[0-9a-f]{32}$/.test(accountSid)) throw new Error('The Twilio account sid cannot be used: AC and 32 hexadecimal digits are expected.');
  if (apiKey !== undefined) {
    if (!/^SK[0-9a-f]{32}$/.test(apiKey.sid) || apiKey.secret === '') throw new Error('The Twilio API key cannot be used: SK and 32 hexadecimal digits are expected, with its secret.');
    return { accountSid, user: apiKey.sid, secret: apiKey.secret };
  }
  if (authToken === undefined || authToken === '') throw new Error('Twilio needs an auth token or an API key.');
  return { accountSid, user: accountSid, secret: authToken };
}

function usableUrl(raw: string, what: string): URL {
  const url = URL.canParse(raw) ? new URL(raw) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new Error(`The ${what} cannot be used: an http or https address without query, fragment and user is expected.`);
  }
  return url;
}
