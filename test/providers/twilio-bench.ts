import { twilioTransport } from '../../src/providers/sms/twilio.ts';
import type { SmsTransport, TwilioOptions } from '../../src/providers/sms/twilio.ts';
import type { HandOff } from '../../src/providers/transport.ts';
import { scriptedHttp } from './scripted-http.ts';
import type { HttpRequest, ScriptedHttp } from './scripted-http.ts';
import { sampleSms } from './sms-stand.ts';

export const ACCOUNT = `AC${'a1'.repeat(16)}`;
/** The least that the vendor says of a message it took. */
export const CREATED = { sid: `SM${'0b'.repeat(16)}`, status: 'queued', error_code: null };

type Script = Parameters<typeof scriptedHttp>[0];

export type TwilioBench = {
  vendor(answer: Script): Promise<ScriptedHttp>;
  transportTo(baseUrl: string, options?: Partial<TwilioOptions>): SmsTransport;
  /** One sample message to a vendor that answers so. */
  sendTo(answer: Script, options?: Partial<TwilioOptions>): Promise<{ result: HandOff; requests: readonly HttpRequest[] }>;
  /** Done after the test, the last first. */
  later(cleanUp: () => Promise<void>): void;
};

/** The adapter against scripted vendors; everything is closed after each test of the file that calls this. */
export function twilioBench(): TwilioBench {
  const cleanUps: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  async function vendor(answer: Script): Promise<ScriptedHttp> {
    const server = await scriptedHttp(answer);
    cleanUps.push(() => server.close());
    return server;
  }

  function transportTo(baseUrl: string, options: Partial<TwilioOptions> = {}): SmsTransport {
    const transport = twilioTransport({ accountSid: ACCOUNT, authToken: 'secret', sender: { from: '+15005550006' }, statusCallbackUrl: 'https://go.example.com/hooks/sms/', baseUrl, connections: 3, ...options });
    cleanUps.push(() => transport.close());
    return transport;
  }

  return {
    vendor,
    transportTo,
    async sendTo(answer, options) {
      const server = await vendor(answer);
      return { result: await transportTo(server.url, options).send(sampleSms()), requests: server.requests };
    },
    later: (cleanUp) => void cleanUps.push(cleanUp),
  };
}
