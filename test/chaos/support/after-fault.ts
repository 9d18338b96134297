import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readDeliveries } from '../../../src/dev/mail-store.ts';
import { ROLE_NAMES, type RoleName } from '../../../src/dev/roles.ts';
import { badAnswersSince, answersSoFar } from './api-caller.ts';
import { isExpectedLine } from './expected-lines.ts';
import type { Accepted } from './invite-load.ts';
import { findUnplanned } from './unplanned.ts';
import { sleep } from './wait-until.ts';
import type { WholeStack } from './stack-handles.ts';

/**
 * What must hold after every fault, whatever it was. `takeBase` before the fault, `afterFault` when all was waited for;
 * `judge` calls it for every scenario, against the base that was taken last (the stack takes one when it opens).
 *
 * A run that fails can be had again: each prints its seed, and `CHAOS_SEED=<seed> npm run chaos -- -t '<name>'` gives
 * every choice of chance (what is killed when, sizes, keys) its old value. Where the operating system has a part (which
 * thread ran first) it stays a matter of tries.
 */
export type StackBase = {
  readonly connections: Counts;
  readonly rssMb: Counts;
  readonly ends: Counts;
  readonly logBytes: Counts;
  readonly answers: number;
};

type Counts = Readonly<Record<RoleName, number>>;

/** Each list names what is wrong, and is cut to its first ten; all empty is well. */
export type AfterFault = {
  /** Accepted, and neither at an end nor planned: still claimed, without a plan, or due and not taken. */
  unplanned: string[];
  /** Messages (an invite's step) that the sink's own file has more than once. */
  twice: string[];
  outboxLeft: number;
  connectionsAbove: string[];
  memoryAbove: string[];
  /** Processes that ended without having been told to. */
  endedByThemselves: string[];
  badLogLines: string[];
  /** A 500, a refusal that is no problem+json, a 503 without Retry-After, a stack, somebody's address. */
  badAnswers: string[];
};

export const NOTHING_LEFT_BEHIND: AfterFault = {
  unplanned: [], twice: [], outboxLeft: 0, connectionsAbove: [], memoryAbove: [], endedByThemselves: [], badLogLines: [], badAnswers: [],
};

const EMPTY_WITHIN_MS = 30_000;
const SETTLES_WITHIN_MS = 60_000;
/** The clock's look every ten seconds and a sweep's may be under way when we count. */
const CONNECTIONS_MORE = 2;
/**
 * V8 lets a heap grow before it collects it in earnest, and keeps compiled code and buffers of the first real load: 1,000
 * invites take a worker that has done nothing yet from 336 to 401 MB, an API from 100 to 150 MB. A queue that grows while
 * something hangs stands out against that: 10,000 waiting requests with their bodies are hundreds of MB.
 */
const MEMORY_FACTOR = 1.25;
const MEMORY_MORE_MB = 96;

const bases = new WeakMap<WholeStack, StackBase>();

/** How things stand before the fault. */
export async function takeBase(stack: WholeStack): Promise<StackBase> {
  const base: StackBase = {
    connections: await connectionsOf(stack),
    rssMb: forEachRole((role) => rssMbOf(stack, role)),
    ends: forEachRole((role) => stack.roles[role].endedByItself),
    logBytes: forEachRole((role) => logSize(stack, role)),
    answers: answersSoFar(stack.apiUrl),
  };
  bases.set(stack, base);
  return base;
}

/** The base taken last. */
export function lastBase(stack: WholeStack): StackBase {
  const base = bases.get(stack);
  if (base === undefined) throw new Error('no base was taken of this stack');
  return base;
}

/**
 * Waits for what may take a while (outbox 30 s; connections and memory 60 s) and tells what is wrong then. A stack opened
 * with `afterCheck: 'quick'` does not wait for connections and memory: its file ends with `settled`.
 */
export async function afterFault(stack: WholeStack, base: StackBase, accepted: readonly Accepted[]): Promise<AfterFault> {
  const outboxLeft = await shrinks(EMPTY_WITHIN_MS, async () => rowsInOutbox(stack));
  const unplanned = await shrinks(EMPTY_WITHIN_MS, () => findUnplanned(stack, accepted));
  return {
    unplanned: short(unplanned),
    twice: short(findTwice(stack, accepted)),
    outboxLeft: outboxLeft.length,
    ...(stack.afterCheck === 'full' ? await settled(stack, base) : { connectionsAbove: [], memoryAbove: [] }),
    endedByThemselves: ROLE_NAMES.filter((role) => stack.roles[role].endedByItself > base.ends[role]),
    badLogLines: short(ROLE_NAMES.flatMap((role) => badLines(stack, role, base.logBytes[role]))),
    badAnswers: short(badAnswersSince(stack.apiUrl, base.answers)),
  };
}

/** Connections and memory, once they are back to base or a minute has passed. */
export async function settled(stack: WholeStack, base: StackBase): Promise<Pick<AfterFault, 'connectionsAbove' | 'memoryAbove'>> {
  const connectionsAbove = await shrinks(SETTLES_WITHIN_MS, async () => {
    const now = await connectionsOf(stack);
    return ROLE_NAMES.flatMap((role) => (now[role] > base.connections[role] + CONNECTIONS_MORE ? [`${role}: ${String(now[role])}, before ${String(base.connections[role])}`] : []));
  });
  const memoryAbove = await shrinks(SETTLES_WITHIN_MS, async () => ROLE_NAMES.flatMap((role) => {
    const nowMb = rssMbOf(stack, role);
    return nowMb > base.rssMb[role] * MEMORY_FACTOR + MEMORY_MORE_MB ? [`${role}: ${String(nowMb)} MB, before ${String(base.rssMb[role])} MB`] : [];
  }));
  return { connectionsAbove, memoryAbove };
}

function forEachRole(value: (role: RoleName) => number): Counts {
  return { api: value('api'), relay: value('relay'), worker: value('worker') };
}

/** Looks until nothing is left or the time is over; gives what is left. */
async function shrinks(withinMs: number, look: () => Promise<string[]>): Promise<string[]> {
  const until = performance.now() + withinMs;
  for (;;) {
    const left = await look();
    if (left.length === 0 || performance.now() > until) return left;
    await sleep(200);
  }
}

async function rowsInOutbox(stack: WholeStack): Promise<string[]> {
  const rows = await stack.superuser.sql<{ id: number }[]>`select id from outbox`;
  return rows.map(({ id }) => String(id));
}

/** Connections a role holds now, by what PostgreSQL says. */
export async function connectionsOf(stack: WholeStack): Promise<Counts> {
  const rows = await stack.superuser.sql<{ name: string; count: number }[]>`
    select application_name as name, count(*)::int as count from pg_stat_activity where application_name like 'flywheel %' group by 1`;
  return forEachRole((role) => rows.find(({ name }) => name === `flywheel ${role}`)?.count ?? 0);
}

/** 0 where the system does not tell: then memory is not judged. */
export function rssMbOf(stack: WholeStack, role: RoleName): number {
  if (process.platform !== 'linux' || !stack.roles[role].alive) return 0;
  const kB = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(stack.roles[role].pid)}/status`, 'utf8'))?.[1];
  return Math.round(Number(kB ?? 0) / 1024);
}

function findTwice(stack: WholeStack, accepted: readonly Accepted[]): string[] {
  const ours = new Set(accepted.map((one) => one.inviteId));
  const seen = new Map<string, number>();
  for (const { messageId } of readDeliveries(stack.sinkDir)) {
    const message = /^<?((inv_[0-9a-z]+)\.\d+)/.exec(messageId);
    if (message?.[1] !== undefined && ours.has(message[2] ?? '')) seen.set(message[1], (seen.get(message[1]) ?? 0) + 1);
  }
  return [...seen].flatMap(([message, count]) => (count > 1 ? [`${message}: ${String(count)}`] : []));
}

function logFile(stack: WholeStack, role: RoleName): string {
  return join(stack.logDir, `${role}.log`);
}

function logSize(stack: WholeStack, role: RoleName): number {
  return statSync(logFile(stack, role)).size;
}

const logLine = z.looseObject({ level: z.string(), msg: z.string().optional() });

/** Lines at error or fatal, and lines that no logger wrote (a crash's stack, a runtime's warning). */
function badLines(stack: WholeStack, role: RoleName, from: number): string[] {
  const text = readFileSync(logFile(stack, role)).subarray(from).toString('utf8');
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    const read = logLine.safeParse(parse(line));
    const isBad = !read.success || read.data.level === 'error' || read.data.level === 'fatal';
    return isBad && !isExpectedLine(role, line) ? [`${role}: ${line.slice(0, 300)}`] : [];
  });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function short(list: string[]): string[] {
  return list.length > 10 ? [...list.slice(0, 10), `and ${String(list.length - 10)} more`] : list;
}
