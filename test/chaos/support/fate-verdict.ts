import { readDeliveries } from '../../../src/dev/mail-store.ts';
import { inviteId, type BatchId } from '../../../src/domain/ids.ts';
import { fateOf, type Fates, type Note } from './fates.ts';
import type { Accepted } from './invite-load.ts';
import type { WholeStack } from './whole-stack.ts';

/** One invite as it stands; `busy`: claimed, or due and not yet claimed. */
export type Fated = { readonly address: string; readonly state: string; readonly reason: string | null; readonly tries: number; readonly dueAt: number | null; readonly suppressed: boolean; readonly unknownAt: number | null; readonly busy: boolean };

/** What was done to the server as a whole, which explains what no fate does. */
export type Troubles = {
  /** Who was in the middle of a dialogue when all connections were cut. */
  readonly cut: Set<string>;
  /** When waiting invites were brought forward. */
  readonly forwardedAt: number[];
};

/** Lists of what is wrong; empty: each invite's end is what the server did with it. */
export type FateVerdict = { wrongEnd: string[]; twice: string[]; lost: string[]; strangers: string[]; suppression: string[]; triedTooSoon: string[] };

export const FATES_FULFILLED: FateVerdict = { wrongEnd: [], twice: [], lost: [], strangers: [], suppression: [], triedTooSoon: [] };

type Row = Omit<Fated, 'address'> & { batchId: BatchId; n: number };

export async function readFated(stack: WholeStack, accepted: readonly Accepted[]): Promise<Fated[]> {
  const now = Date.now();
  const rows = await stack.superuser.sql<Row[]>`
    select i.batch_id as "batchId", i.n, i.state, i.reason, i.tries, i.due_at as "dueAt",
           (select m.recorded_at from messages m where m.batch_id = i.batch_id and m.n = i.n and m.state = 'unknown') as "unknownAt",
           (i.state = 'waiting' and (i.attempt_id is not null or i.stale or i.due_at <= ${now})) as busy,
           exists (select 1 from suppressions s where s.tenant_id = i.tenant_id and s.recipient_hash = i.recipient_hash and s.lifted_at is null) as suppressed
    from invites i`;
  const byId = new Map<string, Row>(rows.map((row) => [inviteId(row), row]));
  return accepted.map(({ address, inviteId: id }) => {
    const row = byId.get(id);
    if (row === undefined) throw new Error(`invite ${id} is gone`);
    const { batchId: _batchId, n: _n, ...rest } = row;
    return { address, ...rest };
  });
}

/** Whatever the server as a whole did is our own trouble: waited out, and no try of the recipient's. */
const SERVER_TROUBLE = new Set(['cannot_connect', 'server_busy', 'smtp_auth_failed', 'connection_lost']);

/** The product's time is the database's, as near as it can be read; the sink's is this machine's. */
const CLOCKS_DIFFER_MS = 100;

/** Was each put off for the reason its fate gives, for long enough, and counted as a try only where the recipient's side said so? */
export function putOffFaults(waiting: readonly Fated[], fates: Fates, troubles: Troubles): string[] {
  return waiting.flatMap(({ address, reason, tries, dueAt }) => {
    const notes = fates.notes.get(address) ?? [];
    const last = notes.at(-1);
    const fate = fateOf(fates.of.get(address) ?? 'taken');
    const counted = notes.filter((note) => fate.putOff?.counts === true && note.fault === 'refuse').length;
    if (tries !== counted) return [`${address}: ${String(tries)} tries are counted, ${String(counted)} were put off`];
    const isUnmet = last === undefined || last.fault === 'none';
    if (reason !== null && SERVER_TROUBLE.has(reason) && (isUnmet || reason !== fate.putOff?.reason)) return [];
    if (isUnmet) return troubles.cut.has(address) ? [] : [`${address}: waits for ${String(reason)} without cause`];
    if (fate.putOff?.reason !== reason) return [`${address}: waits because ${String(reason)}, its fate says ${fate.putOff?.reason ?? 'nothing'}`];
    const leastMs = fate.putOff.leastMs * (fate.putOff.counts ? 2 ** (tries - 1) : 1);
    return dueAt !== null && dueAt - last.at >= leastMs - CLOCKS_DIFFER_MS ? [] : [`${address}: is tried again too soon (${String((dueAt ?? 0) - last.at)} ms)`];
  });
}

/** Judges by the sink's file, read from the disk, and by what the sink was told to do. */
export async function judgeFates(stack: WholeStack, accepted: readonly Accepted[], fates: Fates, troubles: Troubles): Promise<{ verdict: FateVerdict; ends: Record<string, number> }> {
  const mails = new Map<string, number>();
  for (const address of readDeliveries(stack.sinkDir).flatMap(({ to }) => to)) mails.set(address, (mails.get(address) ?? 0) + 1);
  const verdict: FateVerdict = { wrongEnd: [], twice: [], lost: [], strangers: [...mails.keys()].filter((address) => !fates.of.has(address)), suppression: [], triedTooSoon: [] };
  const ends: Record<string, number> = {};
  for (const { address, state, reason, suppressed } of await readFated(stack, accepted)) {
    const name = fates.of.get(address) ?? 'taken';
    const { expected, putOff } = fateOf(name);
    const got = mails.get(address) ?? 0;
    const end = reason === null || state === 'handed_off' ? state : `${state}/${reason}`;
    ends[`${name}: ${end}`] = (ends[`${name}: ${end}`] ?? 0) + 1;
    const isCut = troubles.cut.has(address) && end === 'unknown/no_answer';
    if (end !== expected.state && !isCut) verdict.wrongEnd.push(`${address} (${name}): ${end}`);
    if (got > 1) verdict.twice.push(`${address} (${name})`);
    if (!isCut && !expected.mails.includes(got)) verdict.lost.push(`${address} (${name}): ${String(got)} mails`);
    if (suppressed !== (expected.suppressed === true)) verdict.suppression.push(`${address} (${name}): ${suppressed ? 'is' : 'is not'} suppressed`);
    verdict.triedTooSoon.push(...hurried(address, fates.notes.get(address) ?? [], putOff?.leastMs ?? 0, troubles));
  }
  return { verdict, ends };
}

/** Two tries with less between them than the fate asks for, and no hand of ours. */
function hurried(address: string, notes: readonly Note[], leastMs: number, { forwardedAt, cut }: Troubles): string[] {
  const tries = notes.filter(({ stage }) => stage === 'rcpt').map(({ at }) => at);
  return tries.flatMap((at, i) => {
    const before = tries[i - 1];
    if (before === undefined || at - before >= leastMs || forwardedAt.some((forwarded) => forwarded >= before && forwarded <= at) || cut.has(address)) return [];
    return [`${address}: ${String(at - before)} ms after the try before`];
  });
}
