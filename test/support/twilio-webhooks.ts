import { createHmac, randomBytes } from 'node:crypto';
import type { Services } from '../../src/api/services.ts';
import type { TwilioSettings } from '../../src/api/webhooks/read-signed.ts';
import { openTestApi } from './api.ts';
import type { TestApi } from './api.ts';
import { openPage } from './open-page.ts';
import type { Opened } from './open-page.ts';

export const ACCOUNT = `AC${'5'.repeat(32)}`;
export const TOKEN = '12345';

/** The API under an address that a proxy has: not the one it listens on. */
export const SMS: TwilioSettings = {
  kind: 'twilio', accountSid: ACCOUNT, authToken: TOKEN, apiKey: null, sender: { from: '+15005550006' }, webhookUrl: 'https://hooks.flywheel.example/edge', baseUrl: undefined, connections: 2,
};

export function openSmsApi(changed: Partial<Services> = {}): Promise<TestApi> {
  return openTestApi({ sms: SMS, ...changed });
}

export type Form = Readonly<Record<string, string>>;

/** The vendor's description of its signature, written here a second time. */
export function signatureOf(url: string, form: Form, token = TOKEN): string {
  const sorted = Object.keys(form).sort().map((name) => name + (form[name] ?? '')).join('');
  return createHmac('sha1', token).update(url + sorted, 'utf8').digest('base64');
}

export type Posting = { signature?: string | null; contentType?: string; headers?: Record<string, string> };

/** Posts a form to the API as the vendor does: signed over the public address. */
export function post(api: TestApi, path: string, form: Form, { signature = signatureOf(`${SMS.webhookUrl}${path}`, form), contentType = 'application/x-www-form-urlencoded', headers = {} }: Posting = {}): Promise<Opened> {
  return openPage(api.url, path, {
    method: 'POST', body: new URLSearchParams(form).toString(),
    headers: { ...headers, 'content-type': contentType, 'user-agent': 'TwilioProxy/1.1', ...(signature === null ? {} : { 'x-twilio-signature': signature }) },
  });
}

export function newSid(): string {
  return `SM${randomBytes(16).toString('hex')}`;
}

export function statusForm(sid: string, status: string, errorCode?: number): Form {
  return {
    MessageSid: sid, SmsSid: sid, AccountSid: ACCOUNT, From: '+15005550006', To: '+15005550010', MessageStatus: status, SmsStatus: status, ApiVersion: '2010-04-01',
    ...(errorCode === undefined ? {} : { ErrorCode: String(errorCode) }),
  };
}

export function inboundForm(from: string, body: string, more: Form = {}): Form {
  const sid = newSid();
  return { MessageSid: sid, SmsSid: sid, AccountSid: ACCOUNT, From: from, To: '+15005550006', Body: body, NumMedia: '0', SmsStatus: 'received', ApiVersion: '2010-04-01', ...more };
}
