import postgres from 'postgres';

const TRIES = 4;
/** A deadlock's victim, a serialisation failure: the transaction left nothing behind and may simply run again. */
const LEFT_NOTHING = new Set(['40P01', '40001']);

/** Runs a transaction again, a few times, where the database broke a deadlock with it; so it must have no effect outside. */
export async function againAfterDeadlock<T>(transaction: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (tries === TRIES || !leftNothing(error)) throw error;
    }
  }
}

/** drizzle wraps the driver's error as its cause. */
function leftNothing(error: unknown): boolean {
  if (error instanceof postgres.PostgresError) return LEFT_NOTHING.has(error.code);
  return error instanceof Error && error.cause !== undefined && leftNothing(error.cause);
}
