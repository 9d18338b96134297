import type { Sql } from './client.ts';

/** The one clock: epoch milliseconds. Everything that decides by time takes its `now` from here. */
export type Clock = {
  /** Never goes back. */
  now(): number;
  /**
   * How far this machine is ahead of the database, in ms (less than 0: behind): its wall clock or `now()`, whichever is
   * further off. Decisions do not depend on the wall clock, but what leaves the process does (dates of mails, TLS).
   */
  skewMs(): number;
  close(): void;
};

/**
 * Clocks further apart than this are wrong, not late. A machine that keeps time by NTP is within a second, a bad one
 * within ten; minutes come from a clock nobody keeps, whole hours from a zone taken for UTC. Mail servers take a
 * `Date` that is off by a minute for what it says.
 */
export const MOST_SKEW_MS = 60_000;

const RESYNC_MS = 10_000;
/** A look that took longer says too little: the database may have told its time at any moment of it. */
const LONGEST_LOOK_MS = 2_000;
/** So long a quick look speaks against slower ones that do not contradict it; a quartz strays by 3 ms in that time. */
const QUICK_LOOK_HOLDS_MS = 60_000;
/** At the start, when there is nothing to go on with; the best of them counts. */
const FIRST_LOOKS = 3;

/** The clocks of the machine. */
export type MachineClocks = { monotonicMs(): number; wallMs(): number };
const MACHINE: MachineClocks = { monotonicMs: () => performance.now(), wallMs: () => Date.now() };

/** For tests. */
type ClockOptions = { machine?: MachineClocks; resyncMs?: number };

/**
 * The database's clock, read without a round trip: synchronised now and every ten seconds, carried on between by
 * this machine's monotonic clock. A machine whose own wall clock is wrong changes nothing but `skewMs`.
 *
 * A database that suddenly tells another time (its clock was set, a fail-over to a server that is behind) is believed
 * only where the wall clock says the same: of three clocks two decide. Until then the carried one goes on. Where it had
 * believed a database that was ahead, `now` stands until the truth has caught up. `skewMs` tells either.
 */
export async function openDatabaseClock(sql: Sql, { machine = MACHINE, resyncMs = RESYNC_MS }: ClockOptions = {}): Promise<Clock> {
  let quickest = await firstLook(sql, machine);
  let offsetMs = quickest.offsetMs;
  /** What the database said last, believed or not. */
  let toldMs = offsetMs;
  let last = 0;
  const now = (): number => (last = Math.max(last, Math.floor(machine.monotonicMs() + offsetMs)));
  const sync = async (): Promise<void> => {
    const look = await lookAt(sql, machine);
    if (look.tookMs > LONGEST_LOOK_MS || isNoNews(look, quickest)) return;
    quickest = look;
    toldMs = look.offsetMs;
    const jumped = Math.abs(toldMs - offsetMs) > MOST_SKEW_MS;
    const wallAgrees = Math.abs(wallOffset(machine) - toldMs) <= MOST_SKEW_MS;
    if (!jumped || wallAgrees) offsetMs = toldMs;
  };
  let isSyncing = false;
  const timer = setInterval(() => {
    // While one waits for a database that hangs, more would only wait behind it.
    if (isSyncing) return;
    isSyncing = true;
    void sync().catch(() => { /* unreachable for now: the monotonic clock carries on */ }).finally(() => { isSyncing = false; });
  }, resyncMs);
  timer.unref();
  return {
    now,
    skewMs() {
      const wallMs = wallOffset(machine) - toldMs;
      const carriedMs = now() - machine.monotonicMs() - toldMs;
      return Math.round(Math.abs(carriedMs) > Math.abs(wallMs) ? carriedMs : wallMs);
    },
    close: () => clearInterval(timer),
  };
}

/** True where the clocks are so far apart that what leaves the process would bear a wrong date. */
export function isSkewed(clock: Clock): boolean {
  return Math.abs(clock.skewMs()) > MOST_SKEW_MS;
}

/** Of the wall clock to the monotonic one. Read at each question: a machine that slept or whose clock was set shows at once. */
function wallOffset(machine: MachineClocks): number {
  return machine.wallMs() - machine.monotonicMs();
}

type Look = { offsetMs: number; tookMs: number; at: number };

/** On a busy machine a look takes long and is off by up to half of that: it says nothing where a quicker one fits it. */
function isNoNews(look: Look, quickest: Look): boolean {
  return look.tookMs >= quickest.tookMs
    && look.at - quickest.at < QUICK_LOOK_HOLDS_MS
    && Math.abs(look.offsetMs - quickest.offsetMs) <= (look.tookMs + quickest.tookMs) / 2;
}

async function firstLook(sql: Sql, machine: MachineClocks): Promise<Look> {
  let best = await lookAt(sql, machine);
  for (let looks = 1; looks < FIRST_LOOKS; looks += 1) {
    const look = await lookAt(sql, machine);
    if (look.tookMs < best.tookMs) best = look;
  }
  return best;
}

/** The database's time as an offset to the monotonic clock, right to half of what the look took. */
async function lookAt(sql: Sql, machine: MachineClocks): Promise<Look> {
  const before = machine.monotonicMs();
  const [row] = await sql<{ ms: number }[]>`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`;
  const after = machine.monotonicMs();
  if (row === undefined) throw new Error('the database did not tell its time');
  return { offsetMs: row.ms - (before + after) / 2, tookMs: after - before, at: after };
}
