import { EnvError } from '../config/env.ts';
import { failed } from './command.ts';
import type { Failed } from './command.ts';

const UNREACHABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE',
  'CONNECT_TIMEOUT', 'CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED']);

/** PostgreSQL's codes (appendix A of its manual) that an operator meets before the first row is read. */
const SQL_STATES: Readonly<Record<string, readonly [message: string, todo: string]>> = {
  '28P01': ['PostgreSQL refused the password of the login in DATABASE_URL.', 'Correct the user or password; both are percent-encoded in the URL.'],
  '28000': ['PostgreSQL refuses this login from here.', 'See the server\'s pg_hba.conf, and the user in DATABASE_URL.'],
  '3D000': ['PostgreSQL answers, but there is no such database.', 'Make it (createdb), or correct the end of DATABASE_URL.'],
  '53300': ['PostgreSQL has no connection left to give.', 'Close what is not needed, raise max_connections, or put fewer processes before it.'],
  '57P01': ['PostgreSQL is shutting down.', 'Try again when it is back.'],
  '57P02': ['PostgreSQL was restarting.', 'Try again in a moment.'],
  '57P03': ['PostgreSQL is starting.', 'Try again in a moment.'],
  '57014': ['PostgreSQL broke the question off: it took too long.', 'Ask for less (--tenant), or when the database is less busy.'],
  '42P01': ['This database lacks a table that this version needs.', 'npx flywheel migrate'],
  '42703': ['This database lacks a column that this version needs.', 'npx flywheel migrate'],
  '42883': ['This database lacks a function that this version needs.', 'npx flywheel migrate'],
  '22023': ['This database lacks the roles that this version works as.', 'npx flywheel migrate'],
  '42501': ['The database login may not do this.', 'Use the owner\'s login in DATABASE_URL; npx flywheel doctor shows what is missing.'],
  '25006': ['This PostgreSQL only reads: it is a standby.', 'Name the primary in DATABASE_URL.'],
};

/** Whatever was thrown, as a sentence and what to do about it. Never a stack. */
export function sayFailure(error: unknown): Failed {
  if (error instanceof EnvError) return { kind: 'failed', exitCode: 2, message: firstLines(error.message), todo: 'Set it in the environment, or name a file with --env-file; .env.example says what each variable means.' };
  const code = codeOf(error);
  if (code !== null && UNREACHABLE.has(code)) return failed(`PostgreSQL does not answer (${code}).`, 'See that it runs, and that the host and port in DATABASE_URL are right.');
  const known = code === null ? undefined : SQL_STATES[code];
  if (known !== undefined) return failed(known[0], known[1]);
  return failed(`It could not be done: ${reasonOf(error)}`, 'npx flywheel doctor');
}

/** The first line of what an error says. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error) ? String(error.message) : String(error);
  return message.split('\n')[0] ?? '';
}

/** An error's code, also where several addresses of one host were tried. */
export function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : null;
}

function firstLines(message: string): string {
  return message.split('\n').filter((line) => !line.startsWith('See ')).join('\n');
}
