import type postgres from 'postgres';

/** How long a failure waits before it is told: by then a connection that is going down is known to have gone. */
const SETTLES_MS = 5;

/**
 * Runs `work` in one transaction; throws what it throws, or the loss of the connection.
 *
 * Use this, never `sql.begin`. postgres.js 3.4 rolls a failed transaction back on its own connection even where the
 * connection is gone: that ends the process with an uncaught error, or leaves a connection in the pool that never
 * writes again (porsager/postgres issues 1066, 1154 and 1208). Here nothing is asked of a connection once it is lost.
 *
 * `isLost` is for work that waits for something other than the database: ask it before the next statement.
 */
export async function inTransaction<Types extends Record<string, unknown>, T>(
  sql: postgres.Sql<Types>,
  work: (tx: postgres.TransactionSql<Types>, isLost: () => boolean) => Promise<T>,
): Promise<T> {
  let lost = false;
  // The driver has told our caller of the loss by itself; an end would make it go on with the connection.
  const noEndIfLost = async (): Promise<void> => { if (lost) await new Promise<never>(() => {}); };
  try {
    const { done } = await sql.begin(async (tx) => {
      try {
        const result = await work(tx, () => lost);
        await noEndIfLost();
        return { done: result };
      } catch (error) {
        await settle();
        await noEndIfLost();
        throw error;
      }
    });
    return done;
  } catch (error) {
    lost = true;
    // Whoever tries again should not be given one of the other connections that are just going down.
    await settle();
    throw error;
  }
}

function settle(): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, SETTLES_MS); });
}
