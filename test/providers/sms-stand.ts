import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSmsStandIn } from '../../src/dev/sms/stand-in.ts';
import type { RunningSmsStandIn } from '../../src/dev/sms/stand-in.ts';
import type { OutgoingSms } from '../../src/providers/sms/outgoing-sms.ts';
import { twilioTransport } from '../../src/providers/sms/twilio.ts';
import type { SmsTransport, TwilioOptions } from '../../src/providers/sms/twilio.ts';

export type SmsStand = { readonly vendor: RunningSmsStandIn; readonly transport: SmsTransport; stop(): Promise<void> };

/** The adapter with a stand-in of the vendor behind it, over real HTTP. Callbacks go nowhere unless a test says where. */
export async function smsStand(options: Partial<TwilioOptions> = {}): Promise<SmsStand> {
  const dir = mkdtempSync(join(tmpdir(), 'flywheel-sms-'));
  const vendor = await startSmsStandIn({ dir });
  vendor.setCallbacks({ order: 'none' });
  const transport = twilioTransport({
    accountSid: vendor.account.accountSid,
    authToken: vendor.account.authToken,
    sender: { from: vendor.account.number },
    statusCallbackUrl: 'http://127.0.0.1:9/status',
    baseUrl: vendor.url,
    connections: 3,
    ...options,
  });
  return {
    vendor,
    transport,
    stop: async () => {
      await transport.close();
      await vendor.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export function sampleSms(changes: Partial<OutgoingSms> = {}): OutgoingSms {
  return { to: '+15005550010', text: 'Zoë invites you to Lumen: https://go.lumen.example/l/abc', validityMs: 7_200_000, attemptToken: 'attempt-1', ...changes };
}
