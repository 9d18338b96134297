import postgres from 'postgres';
import { drizzle } from 'drizzle-orm/postgres-js';
import type { TenantId } from '../src/domain/ids.ts';
import { againAfterDeadlock } from './again-after-deadlock.ts';
import { patienceOf } from './patience.ts';
import { quietSockets } from './quiet-socket.ts';
import { inTransaction } from './transaction.ts';

/**
 * The pool. Instants cross this border as epoch milliseconds (`number`), in both directions; jsonb is parsed.
 * `role` is the database role the connections act as; it is set at connect, so a URL of a login
 * that may do more (the owner) serves as well as one of the role's own.
 */
const types = {
  instant: {
    to: 1184,
    from: [1184],
    serialize: (at: number | string) => (typeof at === 'number' ? new Date(at).toISOString() : at),
    parse: (text: string) => Date.parse(text),
  },
  bigint: { to: 20, from: [20], serialize: (value: number) => String(value), parse: (text: string) => Number(text) },
  date: { to: 1082, from: [1082], serialize: (day: string) => day, parse: (text: string) => text },
  json: {
    to: 3802,
    from: [114, 3802],
    serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
    parse: (text: string): unknown => JSON.parse(text),
  },
};

type Types = { instant: number; bigint: number; date: string; json: unknown };
export type Sql = postgres.Sql<Types>;
export type TransactionSql = postgres.TransactionSql<Types>;
export type Orm = ReturnType<typeof bindOrm>;
export type DatabaseRole = 'flywheel_app' | 'flywheel_relay' | 'flywheel_retention';

/** One transaction, twice: `sql` for statements written out, `orm` for everything ordinary. */
export type Tx = {
  readonly sql: TransactionSql;
  readonly orm: Orm;
  /**
   * Sends a statement whose answer nothing depends on: it is looked at after the commit's, which saves a round trip. Where the
   * statement fails the server commits nothing, and who asked for the transaction is told.
   */
  readonly answerLater: (statement: Statement) => void;
};
type Statement = { execute(): Promise<unknown> };

export type Database = {
  sql: Sql;
  /**
   * Runs `work` in one transaction that sees this tenant's rows and no others. A deadlock's victim is run again, a few
   * times, so `work` must have no effect outside its transaction.
   */
  asTenant<T>(tenantId: TenantId, work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/** `name` tells the process in pg_stat_activity, and how patient it is: see patience.ts. */
export type DatabaseOptions = { url: string; role?: DatabaseRole; max?: number; name?: string };

/** Opens a pool; connects when first used. */
export function openDatabase(options: DatabaseOptions): Database {
  const name = options.name ?? 'flywheel';
  const patience = patienceOf(name);
  const sql = postgres(options.url, {
    max: options.max ?? 10,
    types,
    onnotice: () => {},
    // In seconds. By itself the driver would stay away for up to 20 s after a short outage.
    backoff: (retries: number) => Math.min(2 ** retries / 100, LONGEST_BACKOFF_SECONDS),
    connect_timeout: patience.connectMs / 1000,
    idle_timeout: patience.idleMs / 1000,
    ...(patience.quietMs === 0 ? {} : { socket: quietSockets(patience.quietMs) }),
    connection: {
      application_name: name,
      TimeZone: 'UTC',
      idle_in_transaction_session_timeout: patience.idleInTransactionMs,
      ...(patience.statementMs === 0 ? {} : { statement_timeout: patience.statementMs }),
      ...(patience.lockMs === 0 ? {} : { lock_timeout: patience.lockMs }),
      // In seconds, for TCP: a machine of ours that is gone gives its places back after two and a half minutes, not two hours.
      tcp_keepalives_idle: 60,
      tcp_keepalives_interval: 10,
      ...(options.role === undefined ? {} : { role: options.role }),
    },
  });
  return {
    sql,
    asTenant: (tenantId, work) => againAfterDeadlock(() => runAsTenant(sql, tenantId, work)),
    close: () => sql.end({ timeout: 5 }),
  };
}

const LONGEST_BACKOFF_SECONDS = 2;

async function runAsTenant<T>(sql: Sql, tenantId: TenantId, work: (tx: Tx) => Promise<T>): Promise<T> {
  const unanswered: Promise<unknown>[] = [];
  const send = (statement: Statement): void => {
    const answer = statement.execute();
    // Looked at below.
    answer.catch(() => {});
    unanswered.push(answer);
  };
  const done = await inTransaction(sql, async (transaction) => {
    // Not awaited by itself: it leaves together with the first statement of the work.
    send(transaction`select set_config('flywheel.tenant', ${tenantId}, true)`);
    try {
      return await work(bindTransaction(transaction, send));
    } catch (error) {
      throw await causeOf(error, unanswered);
    }
  });
  await Promise.all(unanswered);
  return done;
}

/** What a statement says that came after one that failed unheard: nothing of why. */
const ABORTED_BEFORE = '25P02';

/** Why the work failed: where a statement that nobody waited for was the first to, that one's error, so that a deadlock's victim is known as such. */
async function causeOf(error: unknown, unanswered: readonly Promise<unknown>[]): Promise<unknown> {
  if (!isAbortedBefore(error)) return error;
  const answers = await Promise.allSettled(unanswered);
  const failures = answers.flatMap((answer): unknown[] => (answer.status === 'rejected' ? [answer.reason] : []));
  return failures.find((failure) => !isAbortedBefore(failure)) ?? error;
}

/** drizzle wraps the driver's error as its cause. */
function isAbortedBefore(error: unknown): boolean {
  if (error instanceof postgres.PostgresError) return error.code === ABORTED_BEFORE;
  return error instanceof Error && error.cause !== undefined && isAbortedBefore(error.cause);
}

function bindTransaction(sql: TransactionSql, answerLater: Tx['answerLater']): Tx {
  let orm: Orm | undefined;
  return { sql, answerLater, get orm() { return (orm ??= bindOrm(sql)); } };
}

/** drizzle on a running transaction. It would swap the pool's parsers for its own: it gets a pair to swap. */
function bindOrm(transaction: TransactionSql) {
  const client = Object.assign(transaction, { options: { parsers: {}, serializers: {} } });
  if (!isClient(client)) throw new Error('postgres.js gave no transaction');
  return drizzle({ client });
}

function isClient(value: unknown): value is postgres.Sql {
  return typeof value === 'function';
}
