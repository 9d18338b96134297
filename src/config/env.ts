import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { readHeaderList } from './header-list.ts';

/** Every variable the product reads, in one place; `.env.example` names the same. A wrong value is a plain message at start. */
const url = (protocols: readonly string[], say: string) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), { message: say });

const postgresUrl = url(['postgres:', 'postgresql:'], 'must be a URL like postgres://user:password@host:5432/database');
const webUrl = (say: string) => url(['http:', 'https:'], say).refine((value) => !/[?#@]/.test(value), { message: `${say}, without user, query and fragment` });
const flag = z.enum(['true', 'false'], { message: 'must be true or false' }).transform((value) => value === 'true');
const whole = (min: number, max: number) => {
  const message = `must be a whole number from ${String(min)} to ${String(max)}`;
  return z.coerce.number({ message }).int({ message }).min(min, { message }).max(max, { message });
};
const share = z.coerce.number({ message: 'must be a number from 0 to 1' }).min(0, 'must be a number from 0 to 1').max(1, 'must be a number from 0 to 1');
const headerList = z.string().transform((text, context) => {
  const headers = readHeaderList(text);
  if (headers !== null) return headers;
  context.addIssue('must be name=value pairs with commas between them, like authorization=Bearer%20token');
  return z.NEVER;
});

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const schema = z.object({
  DATABASE_URL: postgresUrl,
  DATABASE_APP_URL: postgresUrl,
  DATABASE_RELAY_URL: postgresUrl,
  TEMPORAL_ADDRESS: z.string().regex(/^[^\s/]+:\d{1,5}$/, 'must be host:port, like localhost:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_TLS: flag.default(false),
  TEMPORAL_API_KEY: z.string().min(1).optional(),
  SMTP_URL: url(['smtp:', 'smtps:'], 'must be a URL like smtp://user:password@host:587'),
  SMTP_CONNECTIONS: whole(1, 100).default(10),
  SMTP_MESSAGES_PER_SECOND: whole(1, 100_000).optional(),
  SMS_MESSAGES_PER_SECOND: whole(1, 100_000).optional(),
  TWILIO_ACCOUNT_SID: z.string().regex(/^AC[0-9a-f]{32}$/, 'must be AC and 32 hexadecimal digits').optional(),
  TWILIO_AUTH_TOKEN: z.string().min(1).optional(),
  TWILIO_API_KEY: z.string().regex(/^SK[0-9a-f]{32}$/, 'must be SK and 32 hexadecimal digits').optional(),
  TWILIO_API_SECRET: z.string().min(1).optional(),
  TWILIO_FROM: z.string().regex(/^(\+[1-9]\d{6,14}|\d{3,8}|[A-Za-z0-9 ]{1,11})$/, 'must be a number like +15005550006, a short code or a sender name').optional(),
  TWILIO_MESSAGING_SERVICE_SID: z.string().regex(/^MG[0-9a-f]{32}$/, 'must be MG and 32 hexadecimal digits').optional(),
  TWILIO_WEBHOOK_URL: webUrl('must be the public address of the API, like https://flywheel.example').optional(),
  TWILIO_BASE_URL: webUrl('must be an address like https://api.twilio.com').optional(),
  SMS_CONNECTIONS: whole(1, 100).default(10),
  FLYWHEEL_SECRET: z.string().refine((value) => Buffer.from(value, 'base64').length >= 32, {
    message: 'must be at least 32 random bytes in base64; make one with: openssl rand -base64 32',
  }),
  API_HOST: z.string().min(1).default('127.0.0.1'),
  API_PORT: whole(0, 65_535).default(3000),
  TRUST_PROXY: whole(0, 10).default(0),
  API_DRAIN_MS: whole(0, 60_000).default(1000),
  WEBHOOKS_TO_INTERNAL: flag.default(false),
  PAYOUT_SETTLE_SECONDS: whole(5, 86_400).default(900),
  WORKER_SLOTS: whole(2, 1000).default(50),
  WORKFLOW_BUNDLE: z.string().min(1).optional(),
  HEALTH_PORT: whole(0, 65_535).optional(),
  METRICS_PORT: whole(0, 65_535).optional(),
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  OTEL_EXPORTER_OTLP_ENDPOINT: webUrl('must be an address like http://localhost:4318').optional(),
  OTEL_EXPORTER_OTLP_HEADERS: headerList.optional(),
  OTEL_TRACES_SAMPLER_ARG: share.default(0.1),
  LOG_LEVEL: z.enum(LOG_LEVELS, { message: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
});

export type Env = z.output<typeof schema>;
export type EnvName = keyof Env;

export const ENV_NAMES: readonly string[] = Object.keys(schema.shape);

/** The owner's login may act as every role: it serves where a role has no login of its own. */
const SERVED_BY: Readonly<Record<string, EnvName>> = { DATABASE_APP_URL: 'DATABASE_URL', DATABASE_RELAY_URL: 'DATABASE_URL' };

/** What a role (api, relay, worker, migrate) needs: it starts without the others' variables. */
export function readEnv<Name extends EnvName>(names: readonly Name[], source: Record<string, string | undefined> = process.env): Pick<Env, Name> {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const filled: Record<string, unknown> = { ...given };
  for (const [name, by] of Object.entries(SERVED_BY)) filled[name] ??= given[by];
  const mask: { [K in EnvName]?: true } = Object.fromEntries(names.map((name) => [name, true]));
  const parsed = schema.pick(mask).safeParse(filled);
  if (!parsed.success) throw new EnvError(parsed.error.issues.map((issue) => messageOf(issue, given)));
  return narrow(parsed.data, names);
}

/** What is set of all that the product knows: `npm start` brings up the rest. `raw` are the same values, for child processes. */
export function readGivenEnv(source: Record<string, string | undefined> = process.env): Partial<Env> & { raw: Record<string, string> } {
  const raw = Object.fromEntries(ENV_NAMES.flatMap((name) => {
    const value = source[name];
    return value === undefined || value === '' ? [] : [[name, value]];
  }));
  const parsed = schema.partial().safeParse(raw);
  if (!parsed.success) throw new EnvError(parsed.error.issues.map((issue) => messageOf(issue, raw)));
  const given = Object.fromEntries(Object.entries(parsed.data).filter(([name]) => name in raw));
  return { ...given, raw };
}

/** Wrong or missing variables, one readable line each, without their values. */
export class EnvError extends Error {
  constructor(problems: readonly string[]) {
    super(`${problems.join('\n')}\nSee .env.example for what each one means.`);
    this.name = 'EnvError';
  }
}

function messageOf(issue: z.core.$ZodIssue, given: Record<string, unknown>): string {
  const name = String(issue.path[0]);
  if (name in given) return `${name} ${issue.message}`;
  const other = SERVED_BY[name];
  if (other === undefined) return `${name} is not set`;
  return other in given ? `${other} ${issue.message}` : `${name} is not set, nor ${other}, which would serve`;
}

function narrow<Name extends EnvName>(data: Partial<Env>, names: readonly Name[]): Pick<Env, Name> {
  const isWhole = (value: Partial<Env>): value is Pick<Env, Name> => names.every((name) => name in value || schema.shape[name].safeParse(undefined).success);
  if (!isWhole(data)) throw new Error('a variable was lost while reading');
  return data;
}

/** A fresh deployment secret in the form FLYWHEEL_SECRET takes. */
export function makeSecret(): string {
  return randomBytes(32).toString('base64');
}

/** What a child process needs of this machine, and nothing of ours. */
export function systemEnv(): Record<string, string> {
  return Object.fromEntries(['PATH', 'HOME', 'LANG', 'TMPDIR'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }));
}
