import type { RunningSmsStandIn } from './stand-in.ts';

/** The variables by which API and worker take a stand-in for the vendor; its callbacks go to the API on this machine. */
export function standInEnv({ url, account }: Pick<RunningSmsStandIn, 'url' | 'account'>, apiUrl: string): Record<string, string> {
  return {
    TWILIO_ACCOUNT_SID: account.accountSid,
    TWILIO_AUTH_TOKEN: account.authToken,
    TWILIO_FROM: account.number,
    TWILIO_WEBHOOK_URL: apiUrl,
    TWILIO_BASE_URL: url,
  };
}
