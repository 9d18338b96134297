import { randomBytes, timingSafeEqual } from 'node:crypto';
import express from 'express';
import type { Request, Response, Router } from 'express';
import { z } from 'zod';
import type { Behaviour, StandInAccount } from './account.ts';
import type { SmsFault } from './sms-fault.ts';
import type { SmsStore, StoredSms } from './sms-store.ts';
import type { StatusCallbacks } from './status-callbacks.ts';

const sms = z.object({
  To: z.string().default(''),
  From: z.string().optional(),
  MessagingServiceSid: z.string().optional(),
  Body: z.string().default(''),
  StatusCallback: z.string().optional(),
  ValidityPeriod: z.coerce.number().optional(),
});

const API = '/2010-04-01';

export type MessagesApi = { readonly account: StandInAccount; readonly store: SmsStore; readonly behaviour: Behaviour; readonly callbacks: StatusCallbacks };

/** The vendor's Messages resource, as far as we use it: create, list by To, From and DateSent, fetch one. */
export function messagesApi(parts: MessagesApi): Router {
  const { account, store } = parts;
  const router = express.Router();
  router.use(API, express.urlencoded({ extended: false, limit: '100kb' }));
  router.use(API, (request, response, next) => {
    if (knows(account, request.headers.authorization)) next();
    else refuse(response, 401, 20003, 'Authenticate');
  });
  const path = `${API}/Accounts/${account.accountSid}/Messages`;
  router.post(`${path}.json`, (request, response) => create(parts, request, response));
  router.get(`${path}.json`, (request, response) => { response.json(listFor(store, request, path, account)); });
  router.get(`${path}/:sid.json`, (request, response) => {
    const found = store.find(request.params.sid);
    if (found === undefined) refuse(response, 404, 20404, 'The requested resource was not found');
    else response.json(resource(found, account));
  });
  router.use(API, (_request, response) => refuse(response, 404, 20404, 'The requested resource was not found'));
  return router;
}

function create(parts: MessagesApi, request: Request, response: Response): void {
  const read = sms.safeParse(request.body ?? {});
  if (!read.success) return refuse(response, 400, 20001, 'Unknown or malformed parameters');
  const fault = parts.behaviour.plan({ to: read.data.To, body: read.data.Body });
  if (fault?.kind === 'hangs_up_before') return void response.socket?.destroy();
  if (fault?.kind === 'fails_before') return refuse(response, 500, 20500, 'An internal server error has occurred');
  if (fault?.kind === 'busy') {
    if (fault.retryAfterSeconds !== undefined) response.set('retry-after', String(fault.retryAfterSeconds));
    return refuse(response, 429, 20429, 'Too Many Requests');
  }
  if (fault?.kind === 'refused') return refuse(response, fault.status, fault.code, `Refused as planned for the number ${read.data.To}`);
  const wrong = wrongIn(read.data) ?? (parts.store.isBlocked(read.data.To) ? ([21610, `Attempt to send to unsubscribed recipient ${read.data.To}`] as const) : null);
  if (wrong !== null) return refuse(response, 400, ...wrong);
  answerKept(keepNew(parts, read.data, fault), fault, response, parts.account);
}

function wrongIn({ To, From, MessagingServiceSid, Body, ValidityPeriod }: z.output<typeof sms>): readonly [number, string] | null {
  if (To === '') return [21604, 'A \'To\' phone number is required.'];
  if (!/^\+[1-9]\d{6,14}$/.test(To)) return [21211, `Invalid 'To' Phone Number: ${To}`];
  if (From === undefined && MessagingServiceSid === undefined) return [21603, 'A \'From\' phone number is required.'];
  if (Body === '') return [21602, 'Message body is required.'];
  if (Body.length > 1600) return [21617, 'The concatenated message body exceeds the 1600 character limit'];
  if (ValidityPeriod !== undefined && !(Number.isInteger(ValidityPeriod) && ValidityPeriod >= 1 && ValidityPeriod <= 36_000)) return [20001, 'ValidityPeriod is out of range'];
  return null;
}

function keepNew({ account, store, behaviour, callbacks }: MessagesApi, asked: z.output<typeof sms>, fault: SmsFault | undefined): StoredSms {
  const kept: StoredSms = {
    sid: newSid('SM'),
    direction: 'outbound-api',
    from: asked.From ?? account.number,
    to: asked.To,
    body: asked.Body,
    messagingServiceSid: asked.MessagingServiceSid ?? null,
    status: asked.MessagingServiceSid === undefined ? 'queued' : 'accepted',
    errorCode: null,
    statusCallback: asked.StatusCallback ?? null,
    validityPeriod: asked.ValidityPeriod ?? null,
    createdAt: Date.now(),
    sentAt: null,
  };
  store.keep(kept);
  callbacks.follow(kept, fault?.kind === 'undelivered' ? fault.code : null, behaviour.callbacks);
  return kept;
}

function answerKept(kept: StoredSms, fault: SmsFault | undefined, response: Response, account: StandInAccount): void {
  switch (fault?.kind) {
    case 'silent_after':
      return undefined;
    case 'hangs_up_after':
      return void response.socket?.destroy();
    case 'fails_after':
      return refuse(response, 500, 20500, 'An internal server error has occurred');
    case 'garbled':
      return void response.status(201).type('html').send('<html>It works!</html>');
    default:
      return void response.status(201).json(resource(kept, account));
  }
}

function listFor(store: SmsStore, request: Request, path: string, account: StandInAccount): Record<string, unknown> {
  const [to, from, on, before, after] = ['To', 'From', 'DateSent', 'DateSent<', 'DateSent>'].map((name) => textOf(request.query[name]));
  const day = on === undefined ? undefined : Date.parse(on);
  const isWanted = ({ sentAt, ...one }: StoredSms): boolean =>
    (to === undefined || one.to === to) && (from === undefined || one.from === from) &&
    (day === undefined || (sentAt !== null && sentAt >= day && sentAt < day + 86_400_000)) &&
    (before === undefined || (sentAt !== null && sentAt <= Date.parse(before))) &&
    (after === undefined || (sentAt !== null && sentAt >= Date.parse(after)));
  const size = Math.min(1000, Number(textOf(request.query['PageSize']) ?? 50) || 50);
  const page = Number(textOf(request.query['Page']) ?? 0) || 0;
  const found = store.list().filter(isWanted).toReversed();
  const more = found.length > (page + 1) * size;
  const next = new URL(request.originalUrl, 'http://localhost');
  next.searchParams.set('Page', String(page + 1));
  return {
    messages: found.slice(page * size, (page + 1) * size).map((one) => resource(one, account)),
    ...{ page, page_size: size, uri: request.originalUrl, first_page_uri: `${path}.json`, next_page_uri: more ? `${next.pathname}${next.search}` : null },
  };
}

function resource(one: StoredSms, { accountSid }: StandInAccount): Record<string, unknown> {
  const date = (at: number | null): string | null => (at === null ? null : new Date(at).toUTCString().replace('GMT', '+0000'));
  return {
    ...{ sid: one.sid, account_sid: accountSid, api_version: '2010-04-01', direction: one.direction, from: one.from, to: one.to, body: one.body, status: one.status },
    ...{ error_code: one.errorCode, error_message: null, messaging_service_sid: one.messagingServiceSid, num_media: '0', num_segments: '1', price: null, price_unit: 'USD' },
    ...{ date_created: date(one.createdAt), date_updated: date(one.sentAt ?? one.createdAt), date_sent: date(one.sentAt), uri: `${API}/Accounts/${accountSid}/Messages/${one.sid}.json`, subresource_uris: {} },
  };
}

export function newSid(kind: 'SM'): string {
  return `${kind}${randomBytes(16).toString('hex')}`;
}

function refuse(response: Response, status: number, code: number, message: string): void {
  response.status(status).json({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status });
}

function knows({ accountSid, authToken }: StandInAccount, authorization: string | undefined): boolean {
  const given = Buffer.from(authorization ?? '');
  const expected = Buffer.from(`Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
