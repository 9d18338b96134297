import { inviteId, type BatchId } from '../../../src/domain/ids.ts';
import { readDeliveries } from '../../../src/dev/mail-store.ts';
import { afterFault, lastBase, NOTHING_LEFT_BEHIND, type AfterFault } from './after-fault.ts';
import type { Accepted } from './invite-load.ts';
import { waitUntil } from './wait-until.ts';
import type { WholeStack } from './whole-stack.ts';

/** What the sink's own file says, held against what Postgres says. Lists are cut to their first ten. */
export type Verdict = {
  /** Addresses that got more than one mail. */
  twice: string[];
  /** Accepted, not in the sink, and not `unknown` here either. */
  lost: string[];
  /** In the sink, but never accepted. */
  strangers: string[];
  /** Neither handed off nor unknown. */
  unfinished: string[];
  after: AfterFault;
};

export type Tally = { accepted: number; delivered: number; unknown: number; unknownButDelivered: number };

export const NOTHING_WRONG: Verdict = { twice: [], lost: [], strangers: [], unfinished: [], after: NOTHING_LEFT_BEHIND };

type StateRow = { batchId: BatchId; n: number; state: string; open: boolean };

export async function readStates(stack: WholeStack, accepted: readonly Accepted[]): Promise<Map<string, StateRow>> {
  const rows = await stack.superuser.sql<StateRow[]>`
    select i.batch_id as "batchId", i.n, i.state, (i.state = 'waiting' or (i.attempt_id is not null and i.state <> 'unknown')) as open from invites i`;
  const wanted = new Set(accepted.map((one) => one.inviteId));
  return new Map(rows.map((row): [string, StateRow] => [inviteId(row), row]).filter(([id]) => wanted.has(id)));
}

/** Waits until each accepted invite is handed off or unknown. */
export async function waitUntilTerminal(stack: WholeStack, accepted: readonly Accepted[], withinMs: number): Promise<void> {
  let open = accepted.length;
  await waitUntil('every accepted invite is terminal', withinMs, async () => {
    const states = await readStates(stack, accepted);
    open = [...states.values()].filter((row) => row.open).length;
    return states.size === accepted.length && open === 0;
  }, () => ({ open }));
}

/** Judges by the sink's file, read from the disk, and by what must hold after every fault. */
export async function judge(stack: WholeStack, accepted: readonly Accepted[], label: string): Promise<{ verdict: Verdict; tally: Tally }> {
  const states = await readStates(stack, accepted);
  const mails = new Map<string, number>();
  for (const address of readDeliveries(stack.sinkDir).flatMap((mail) => mail.to)) {
    if (address.startsWith(label)) mails.set(address, (mails.get(address) ?? 0) + 1);
  }
  const known = new Set(accepted.map((one) => one.address));
  const verdict: Omit<Verdict, 'after'> = { twice: [], lost: [], strangers: [...mails.keys()].filter((address) => !known.has(address)), unfinished: [] };
  const tally: Tally = { accepted: accepted.length, delivered: 0, unknown: 0, unknownButDelivered: 0 };
  for (const { address, inviteId: id } of accepted) {
    const count = mails.get(address) ?? 0;
    const state = states.get(id)?.state ?? 'missing';
    if (count > 0) tally.delivered += 1;
    if (state === 'unknown') tally.unknown += 1;
    if (state === 'unknown' && count > 0) tally.unknownButDelivered += 1;
    if (count > 1) verdict.twice.push(address);
    if (count === 0 && state !== 'unknown') verdict.lost.push(`${address} ${state}`);
    if (state !== 'handed_off' && state !== 'unknown') verdict.unfinished.push(`${address} ${state}`);
  }
  const short = (list: string[]): string[] => (list.length > 10 ? [...list.slice(0, 10), `and ${String(list.length - 10)} more`] : list);
  return {
    verdict: {
      twice: short(verdict.twice), lost: short(verdict.lost), strangers: short(verdict.strangers), unfinished: short(verdict.unfinished),
      after: await afterFault(stack, lastBase(stack), accepted),
    },
    tally,
  };
}
