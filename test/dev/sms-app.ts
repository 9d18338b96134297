import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSmsStandIn } from '../../src/dev/sms/stand-in.ts';
import type { RunningSmsStandIn } from '../../src/dev/sms/stand-in.ts';
import type { OutgoingSms } from '../../src/providers/sms/outgoing-sms.ts';
import { applyStatus, readInboundSms, readStatusCallback } from '../../src/providers/sms/twilio-events.ts';
import type { InboundSms, KnownStatus } from '../../src/providers/sms/twilio-events.ts';
import { isSignedByTwilio, readForm } from '../../src/providers/sms/twilio-signature.ts';
import { twilioTransport } from '../../src/providers/sms/twilio.ts';
import type { SmsTransport } from '../../src/providers/sms/twilio.ts';
import { scriptedHttp } from '../providers/scripted-http.ts';
import type { HttpRequest } from '../providers/scripted-http.ts';

export const PHONE = '+15005550010';
export const HOSTILE = '<script>alert(1)</script>';

export function sms(changes: Partial<OutgoingSms> = {}): OutgoingSms {
  return { to: PHONE, text: `Join us ${HOSTILE} at https://go.example.com/l/abc?x=1&y=2.`, validityMs: 60_000, attemptToken: 'attempt-1', ...changes };
}

/** A stand-in, the adapter that sends to it, and an app that hears from it: over real HTTP, in both directions. */
export type SmsApp = {
  readonly dir: string;
  vendor: RunningSmsStandIn;
  transport: SmsTransport;
  readonly requests: readonly HttpRequest[];
  /** The TwiML that the app answers with. */
  answer: string;
  /** The statuses told of the sample's attempt, in order, each signature checked; and what they come to. */
  toldStatuses(): { statuses: string[]; known: KnownStatus };
  inbound(): InboundSms[];
  restart(whileDown: () => void): Promise<void>;
  stop(): Promise<void>;
};

export async function startSmsApp(): Promise<SmsApp> {
  const dir = mkdtempSync(join(tmpdir(), 'flywheel-sms-'));
  const server = await scriptedHttp((_request, response) => void response.writeHead(200, { 'content-type': 'text/xml' }).end(app.answer));

  async function open(): Promise<Pick<SmsApp, 'vendor' | 'transport'>> {
    const vendor = await startSmsStandIn({ dir, inboundWebhookUrl: `${server.url}/hooks/sms/in` });
    vendor.setCallbacks({ delayMs: 0 });
    const { accountSid, authToken } = vendor.account;
    const transport = twilioTransport({ accountSid, authToken, sender: { messagingServiceSid: `MG${'0'.repeat(32)}` }, statusCallbackUrl: `${server.url}/hooks/sms/status`, baseUrl: vendor.url, timeouts: { answerMs: 500 } });
    return { vendor, transport };
  }

  async function shut(): Promise<void> {
    await app.transport.close();
    await app.vendor.stop();
  }

  function told(path: string): ReturnType<typeof readForm>[] {
    return server.requests
      .filter((one) => one.path === path)
      .map(({ headers, body }) => {
        const signature = [headers['x-twilio-signature']].flat()[0];
        expect(isSignedByTwilio(app.vendor.account.authToken, { url: `${server.url}${path}`, signature, contentType: headers['content-type'], rawBody: body })).toBe(true);
        return readForm(body);
      });
  }

  const app: SmsApp = {
    dir,
    ...(await open()),
    requests: server.requests,
    answer: '<Response/>',
    toldStatuses() {
      const events = told('/hooks/sms/status/attempt-1').map(readStatusCallback).flatMap((read) => (read.outcome === 'ok' ? [read.event] : []));
      return { statuses: events.map(({ status }) => status), known: events.reduce<KnownStatus>(applyStatus, null) };
    },
    inbound: () => told('/hooks/sms/in').map(readInboundSms).flatMap((read) => (read.outcome === 'ok' ? [read.event] : [])),
    async restart(whileDown) {
      await shut();
      whileDown();
      Object.assign(app, await open());
    },
    async stop() {
      await shut();
      await server.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return app;
}

export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}
