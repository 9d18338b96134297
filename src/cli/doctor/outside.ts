import { smtpTransport } from '../../providers/email/smtp.ts';
import { openSms } from '../../providers/sms/open-sms.ts';
import { EnvError } from '../../config/env.ts';
import { SMS_VARIABLES, smsSettings, type SmsSettings } from '../../config/sms-settings.ts';
import type { Context } from '../context.ts';
import { reasonOf } from '../say-failure.ts';
import { note, ok, problem, skipped } from './finding.ts';
import type { Finding } from './finding.ts';

const SMTP_WITHIN_MS = 5_000;
const SMS_WITHIN_MS = 5_000;
const API_WITHIN_MS = 5_000;

/** Does the mail server greet us (EHLO, TLS and login as a worker does them)? No mail is begun. */
export async function checkSmtp(context: Context): Promise<Finding[]> {
  let url: string;
  try {
    url = context.env(['SMTP_URL']).SMTP_URL;
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    return [skipped('SMTP', 'SMTP_URL is not set here, so the mail server was not asked.', 'Set it as the workers have it.')];
  }
  try {
    const patience = { connectMs: SMTP_WITHIN_MS, greetingMs: SMTP_WITHIN_MS, answerMs: SMTP_WITHIN_MS };
    const transport = smtpTransport({ url, connections: 1, timeouts: patience });
    const verified = await transport.verify();
    await transport.close();
    return [verified.ok ? ok('SMTP', 'The mail server greets us and takes our login.') : problem('SMTP', `The mail server does not serve us: ${verified.reason}.`, 'Correct SMTP_URL, or see that the mail server runs and lets this machine in.')];
  } catch (error) {
    return [problem('SMTP', reasonOf(error), 'Correct SMTP_URL.')];
  }
}

/** Does Twilio take our account (one page of its messages is read, as settling does)? Nothing is sent. */
export async function checkSms(context: Context): Promise<Finding[]> {
  let settings: SmsSettings;
  try {
    settings = smsSettings(context.env(SMS_VARIABLES));
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    return [problem('SMS', error.message.split('\n').slice(0, -1).join('; '), 'Set all that .env.example names for SMS, or none of it.')];
  }
  if (settings.kind === 'off') return [note('SMS', 'No SMS vendor is set up here: programs with SMS are refused, and what waits by SMS is put off.', 'To send SMS, set TWILIO_ACCOUNT_SID and what goes with it, as API and workers have it.')];
  const transport = openSms(settings, { connectMs: SMS_WITHIN_MS, answerMs: SMS_WITHIN_MS });
  const verified = await transport.verify();
  await transport.close();
  const webhooks = `Twilio is told to call ${settings.webhookUrl}.`;
  return [verified.ok ? ok('SMS', `Twilio takes our account. ${webhooks}`) : problem('SMS', `Twilio does not serve us: ${verified.reason}.`, 'Correct TWILIO_ACCOUNT_SID and its token or API key, or look at the account at Twilio.')];
}

/** Does the API say that it can serve? */
export async function checkApi(apiUrl: string | undefined): Promise<Finding[]> {
  if (apiUrl === undefined) return [skipped('API', 'No --api-url was given, so the API was not asked.', 'npx flywheel doctor --api-url http://localhost:3000')];
  const url = new URL('/readyz', apiUrl).href;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(API_WITHIN_MS) });
    if (response.ok) return [ok('API', `${url} says that it is ready.`)];
    return [problem('API', `${url} answers ${String(response.status)}: ${(await response.text()).slice(0, 200)}`, 'It cannot reach its database, or waits for migrations: see the findings about them, and its log.')];
  } catch (error) {
    return [problem('API', `${url} does not answer (${reasonOf(error)}).`, 'Start the API (src/main.ts api), or correct --api-url.')];
  }
}
