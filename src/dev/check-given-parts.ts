import { Connection } from '@temporalio/client';
import postgres from 'postgres';
import { temporalConnection } from '../config/temporal.ts';
import type { Env } from '../config/env.ts';
import { smsSettings, type SmsSettings } from '../config/sms-settings.ts';
import { smtpTransport } from '../providers/email/smtp.ts';
import { openSms } from '../providers/sms/open-sms.ts';

const ANSWERS_WITHIN_MS = 8_000;

/** Asks the parts that somebody else runs whether they are there; throws a message that names the variable and the trouble. */
export async function checkGivenParts(given: Partial<Env>): Promise<void> {
  const { DATABASE_URL, TEMPORAL_ADDRESS, SMTP_URL } = given;
  const sms = smsSettings(given);
  await Promise.all([
    DATABASE_URL === undefined ? undefined : told('DATABASE_URL', 'no PostgreSQL answers there', () => askPostgres(DATABASE_URL)),
    TEMPORAL_ADDRESS === undefined ? undefined : told('TEMPORAL_ADDRESS', 'no Temporal answers there', () => askTemporal({ TEMPORAL_TLS: false, ...given, TEMPORAL_ADDRESS })),
    SMTP_URL === undefined ? undefined : told('SMTP_URL', 'no mail server takes us there', () => askSmtp(SMTP_URL)),
    sms.kind === 'off' ? undefined : told('TWILIO_ACCOUNT_SID', 'Twilio does not take us', () => askSms(sms)),
  ]);
}

async function told(name: string, say: string, ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    const why = error instanceof Error && error.message !== '' ? error.message : String(error);
    throw new Error(`${name}: ${say} (${why.split('\n')[0] ?? ''}).`, { cause: error });
  }
}

async function askPostgres(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, connect_timeout: ANSWERS_WITHIN_MS / 1000, onnotice: () => {} });
  try {
    await sql`select 1`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function askTemporal(settings: Parameters<typeof temporalConnection>[0]): Promise<void> {
  const connection = await Connection.connect({ ...temporalConnection(settings), connectTimeout: ANSWERS_WITHIN_MS });
  await connection.close();
}

async function askSmtp(url: string): Promise<void> {
  const transport = smtpTransport({ url, connections: 1 });
  const verified = await transport.verify();
  await transport.close();
  if (!verified.ok) throw new Error(verified.reason);
}

async function askSms(settings: SmsSettings): Promise<void> {
  const transport = openSms(settings, { connectMs: ANSWERS_WITHIN_MS, answerMs: ANSWERS_WITHIN_MS });
  const verified = await transport.verify();
  await transport.close();
  if (!verified.ok) throw new Error(verified.reason);
}
