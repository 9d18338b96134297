import { types } from 'node:util';
import { levels, pino, stdTimeFunctions } from 'pino';
import type { DestinationStream, Logger as PinoLogger, LoggerOptions } from 'pino';

/** JSON lines with ids and figures. Personal data has no place in them; what slips in by its usual names is cut out. */
export type Logger = PinoLogger;

const PERSONAL = ['email', 'phone', 'name', 'address', 'to', 'from', 'replyTo', 'ip', 'body', 'secret', 'authorization', 'cookie', 'idempotencyKey'];

/** `destination` is where lines go; standard output when left out. `onLine` is told the level of each line that is written. */
export function createLogger(options: { level: string; destination?: DestinationStream; onLine?: (level: string) => void }): Logger {
  const { onLine } = options;
  const settings: LoggerOptions = {
    level: options.level,
    base: null,
    redact: { paths: PERSONAL.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    serializers: { err: describeError },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    ...(onLine === undefined ? {} : { hooks: { logMethod(args, method, level) { onLine(levels.labels[level] ?? 'other'); method.apply(this, args); } } }),
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

/**
 * An error without what it may quote: the database's own messages and details repeat values, so that only its
 * code and the names of what was violated are kept; of others the message, and the place for all.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!types.isNativeError(error)) return { type: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 12).map((line) => line.trim());
  const fromDatabase = error.name === 'PostgresError' || error.name === 'DrizzleQueryError';
  return {
    type: error.name,
    ...(fromDatabase ? {} : { message: error.message }),
    ...pick(error, ['code', 'constraint_name', 'table_name', 'routine']),
    stack: frames,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

function pick(error: Error, names: readonly string[]): Record<string, unknown> {
  const known = new Map<string, unknown>(Object.entries(error));
  return Object.fromEntries(names.flatMap((name) => (known.get(name) === undefined ? [] : [[name, known.get(name)]])));
}
