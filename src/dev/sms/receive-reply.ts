import { readSmsReply } from '../../domain/message/sms-keywords.ts';
import type { StandInAccount } from './account.ts';
import { newSid } from './messages-api.ts';
import { postWebhook, repliesIn } from './post-webhook.ts';
import type { SmsStore, StoredSms } from './sms-store.ts';

export type ReceiveReply = {
  readonly account: StandInAccount;
  readonly store: SmsStore;
  /** Where the app takes inbound messages; undefined: nowhere yet. */
  readonly webhookUrl: () => string | undefined;
  readonly signal: AbortSignal;
};

/** The vendor's answers to its keywords, in short. */
const VENDOR_SAYS = {
  stop: 'You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.',
  start: 'You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe.',
  help: 'Reply STOP to unsubscribe. Msg&Data Rates May Apply.',
} as const;

/** What became of it: did the app take it? */
export type Received = 'taken' | 'no_webhook' | 'not_taken';

/**
 * A phone answers: the message is kept, the vendor replies to its keywords (one word alone), the app's webhook hears of
 * it, signed, and what its TwiML asks for goes back to the phone, unless that is blocked.
 */
export async function receiveReply(parts: ReceiveReply, phone: string, text: string): Promise<Received> {
  const { account, store } = parts;
  const written = store.list().findLast((sms) => sms.to === phone);
  const number = written?.from ?? account.number;
  const inbound = keep(store, { direction: 'inbound', from: phone, to: number, body: text, messagingServiceSid: written?.messagingServiceSid ?? null });
  const reply = readSmsReply(text);
  if (reply.asks !== 'none' && reply.by === 'keyword') keep(store, { direction: 'outbound-reply', from: number, to: phone, body: VENDOR_SAYS[reply.asks], messagingServiceSid: null });
  const url = parts.webhookUrl();
  if (url === undefined) return 'no_webhook';
  const posted = await postWebhook(account.authToken, { url, form: formOf(inbound, account.accountSid) }, parts.signal);
  if (posted === null || posted.status >= 300) return 'not_taken';
  for (const body of store.isBlocked(phone) ? [] : repliesIn(posted.body)) keep(store, { direction: 'outbound-reply', from: number, to: phone, body, messagingServiceSid: null });
  return 'taken';
}

function keep(store: SmsStore, sms: Pick<StoredSms, 'direction' | 'from' | 'to' | 'body' | 'messagingServiceSid'>): StoredSms {
  const now = Date.now();
  const kept: StoredSms = { ...sms, sid: newSid('SM'), status: sms.direction === 'inbound' ? 'received' : 'delivered', errorCode: null, statusCallback: null, validityPeriod: null, createdAt: now, sentAt: now };
  store.keep(kept);
  return kept;
}

function formOf({ sid, from, to, body, messagingServiceSid }: StoredSms, accountSid: string): Record<string, string> {
  return {
    ...{ MessageSid: sid, SmsSid: sid, SmsMessageSid: sid, AccountSid: accountSid, From: from, To: to, Body: body, NumMedia: '0', NumSegments: '1', SmsStatus: 'received', ApiVersion: '2010-04-01' },
    ...(messagingServiceSid === null ? {} : { MessagingServiceSid: messagingServiceSid }),
  };
}
