import { SMS_STATUS_PATH } from '../../config/sms-settings.ts';
import type { SmsSettings } from '../../config/sms-settings.ts';
import type { HandOff } from '../transport.ts';
import { twilioTransport } from './twilio.ts';
import type { SmsTransport, TwilioTimeouts } from './twilio.ts';

/** Often enough for somebody who sets the variables and restarts, too seldom to be noticed. */
const LOOK_AGAIN_MS = 300_000;
const OFF: HandOff = { outcome: 'retry', reason: 'sms_off', retryAfterMs: LOOK_AGAIN_MS, detail: 'no SMS vendor is set up here' };

/** The transport that the settings describe; without a vendor one that puts every message off, so that nothing is lost and the reason is seen. */
export function openSms(settings: SmsSettings, timeouts?: Partial<TwilioTimeouts>): SmsTransport {
  switch (settings.kind) {
    case 'off':
      return {
        channel: 'sms',
        provider: 'sms:off',
        wireLimit: 1,
        send: () => Promise.resolve(OFF),
        verify: () => Promise.resolve({ ok: false, reason: 'no SMS vendor is set up: see TWILIO_ACCOUNT_SID' }),
        findSent: () => Promise.resolve({ outcome: 'unclear', detail: 'no SMS vendor is set up here' }),
        close: () => Promise.resolve(),
      };
    case 'twilio': {
      const { accountSid, authToken, apiKey, sender, webhookUrl, baseUrl, connections } = settings;
      return twilioTransport({
        accountSid, sender, connections,
        ...(apiKey === null ? { authToken } : { apiKey }),
        statusCallbackUrl: `${webhookUrl}${SMS_STATUS_PATH}`,
        ...(baseUrl === undefined ? {} : { baseUrl }),
        ...(timeouts === undefined ? {} : { timeouts }),
      });
    }
  }
}
