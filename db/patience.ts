/**
 * How long each process waits for the database. All in milliseconds; 0 for the server's own limits means none.
 *
 * The order of a process's numbers is what matters: the server ends a statement (`statementMs`) before we take the
 * connection for dead (`quietMs`), so that only a server that is hung or gone is cut off, never a slow one; and the pool
 * closes what is idle (`idleMs`) before that, so that a quiet connection is one that owes an answer.
 */
export type Patience = {
  /** To a working connection: network, TLS and log-in. */
  readonly connectMs: number;
  /** A statement, its waits for locks included; the server cancels it (57014). */
  readonly statementMs: number;
  /** One wait for a lock; the server refuses it (55P03). */
  readonly lockMs: number;
  /** A transaction that is open and asks for nothing: its process stands still, and its locks go (25P03). */
  readonly idleInTransactionMs: number;
  /** A connection the pool has no use for is closed: sooner than the clock looks again, which would keep one after the other. */
  readonly idleMs: number;
  /** Nothing came in or went out on a connection in use: its server is hung or gone, and the connection is given up. */
  readonly quietMs: number;
};

const ORDINARY: Patience = { connectMs: 10_000, statementMs: 0, lockMs: 0, idleInTransactionMs: 30_000, idleMs: 30_000, quietMs: 0 };

const PATIENCE = {
  /**
   * Somebody waits for an answer. A request of 1,000 invitees takes well under a second by itself and a few on a busy
   * machine, no statement of it more than a part of that; locks are held for milliseconds unless their holder stands still.
   */
  'flywheel api': { connectMs: 5_000, statementMs: 8_000, lockMs: 4_000, idleInTransactionMs: 10_000, idleMs: 8_000, quietMs: 15_000 },
  /** Leases of rate limits, one connection of the API: nobody waits for them for more than a part of a second, and then goes on without. */
  'flywheel limits': { connectMs: 2_000, statementMs: 1_000, lockMs: 500, idleInTransactionMs: 5_000, idleMs: 8_000, quietMs: 10_000 },
  /** Its transaction waits for Temporal, ten seconds at most. It must be known to go on within a minute (its health says so). */
  'flywheel relay': { connectMs: 5_000, statementMs: 20_000, lockMs: 0, idleInTransactionMs: 30_000, idleMs: 8_000, quietMs: 30_000 },
  /**
   * The most patient. A connection given up in the middle of a claim costs certainty about what was claimed; one that is
   * waited for costs nothing: a database that hangs for less than a minute leaves no trace.
   */
  'flywheel worker': { connectMs: 5_000, statementMs: 30_000, lockMs: 0, idleInTransactionMs: 30_000, idleMs: 8_000, quietMs: 60_000 },
  /** Somebody sits before it: a database that says nothing is told of within seconds. */
  'flywheel cli': { connectMs: 5_000, statementMs: 0, lockMs: 0, idleInTransactionMs: 30_000, idleMs: 8_000, quietMs: 15_000 },
} as const satisfies Record<string, Patience>;

/** By the name under which a process connects; whoever has no entry (commands, migrations, tests) is in no hurry. */
export function patienceOf(name: string): Patience {
  return isKnown(name) ? PATIENCE[name] : ORDINARY;
}

function isKnown(name: string): name is keyof typeof PATIENCE {
  return Object.hasOwn(PATIENCE, name);
}
