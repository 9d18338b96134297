import { EnvError } from './env.ts';
import type { Env } from './env.ts';

/** The variables that SMS takes: give them to `readEnv`. */
export const SMS_VARIABLES = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_API_KEY', 'TWILIO_API_SECRET', 'TWILIO_FROM', 'TWILIO_MESSAGING_SERVICE_SID',
  'TWILIO_WEBHOOK_URL', 'TWILIO_BASE_URL', 'SMS_CONNECTIONS'] as const;
export type SmsEnv = Pick<Env, (typeof SMS_VARIABLES)[number]>;

/** `off`: none of the variables is set, and no SMS is sent. */
export type SmsSettings =
  | { readonly kind: 'off' }
  | {
      readonly kind: 'twilio';
      readonly accountSid: string;
      /** Signs us in where there is no API key, and by it the vendor's webhooks are known. */
      readonly authToken: string;
      readonly apiKey: { readonly sid: string; readonly secret: string } | null;
      readonly sender: { readonly messagingServiceSid: string } | { readonly from: string };
      /** Where the vendor reaches the API from outside, without a slash at its end: what it calls, and so what it signs. */
      readonly webhookUrl: string;
      /** Undefined: the vendor's own. */
      readonly baseUrl: string | undefined;
      readonly connections: number;
    };

/** Below the webhook URL; the attempt's token follows as the last part. */
export const SMS_STATUS_PATH = '/webhooks/twilio/status';
export const SMS_INBOUND_PATH = '/webhooks/twilio/inbound';

/**
 * Reads how SMS are sent. All or nothing: throws EnvError for half a set, naming each variable that is missing, because
 * nobody wants to find out at night that answers to SMS cannot be read.
 */
export function smsSettings(env: Partial<SmsEnv>): SmsSettings {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken, TWILIO_API_KEY: keySid, TWILIO_API_SECRET: keySecret, TWILIO_FROM: from,
    TWILIO_MESSAGING_SERVICE_SID: messagingServiceSid, TWILIO_WEBHOOK_URL: webhookUrl, TWILIO_BASE_URL: baseUrl, SMS_CONNECTIONS: connections = 10 } = env;
  const set = SMS_VARIABLES.filter((name) => name !== 'SMS_CONNECTIONS' && env[name] !== undefined);
  if (set.length === 0) return { kind: 'off' };
  const sender = messagingServiceSid !== undefined ? { messagingServiceSid } : from !== undefined ? { from } : undefined;
  const problems = [
    ...missing('TWILIO_ACCOUNT_SID', accountSid, 'Twilio\'s name for the account'),
    ...missing('TWILIO_AUTH_TOKEN', authToken, 'by it the vendor\'s callbacks are known'),
    ...missing('TWILIO_FROM', sender, 'or TWILIO_MESSAGING_SERVICE_SID: what messages come from'),
    ...missing('TWILIO_WEBHOOK_URL', webhookUrl, 'where Twilio reaches this API from outside'),
    ...((keySid === undefined) === (keySecret === undefined) ? [] : ['TWILIO_API_KEY and TWILIO_API_SECRET go together: set both, or none']),
    ...(from !== undefined && messagingServiceSid !== undefined ? ['TWILIO_FROM and TWILIO_MESSAGING_SERVICE_SID are both set: messages come from one of them'] : []),
  ];
  if (accountSid === undefined || authToken === undefined || sender === undefined || webhookUrl === undefined || problems.length > 0) {
    throw new EnvError([...problems, `SMS takes a whole set or none; set here: ${set.join(', ')}`]);
  }
  return {
    kind: 'twilio', accountSid, authToken, sender, baseUrl, connections, webhookUrl: webhookUrl.replace(/\/+$/, ''),
    apiKey: keySid === undefined || keySecret === undefined ? null : { sid: keySid, secret: keySecret },
  };
}

function missing(name: string, value: unknown, why: string): string[] {
  return value === undefined ? [`${name} is not set (${why})`] : [];
}
