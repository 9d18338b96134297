import type { FaultPlan, SinkFault, SinkMoment, SinkStage } from '../../../src/dev/sink-fault.ts';
import type { Random } from './seeded-random.ts';

/** What a fate should come to. `unlessCut`: a connection that is cut on purpose meanwhile may leave it unknown instead. */
export type Expected = { readonly state: string; readonly mails: readonly number[]; readonly suppressed?: true };

type Fate = {
  /** The fault at the nth try (from 1) at a stage; undefined: the server goes on. */
  readonly act: (stage: SinkStage, nth: number) => SinkFault | undefined;
  /** How the first try is put off: the stored reason, the least wait, whether it counts as a try. */
  readonly putOff?: { readonly reason: string; readonly leastMs: number; readonly counts: boolean };
  readonly expected: Expected;
  /** Of a hundred recipients so many, about; the stalled ones are dealt out by number, since each costs minutes. */
  readonly weight: number;
};

const HANDED_OFF: Expected = { state: 'handed_off', mails: [1] };
const atFirst = (stage: SinkStage, fault: SinkFault, tries = 1): Fate['act'] => (at, nth) => (at === stage && nth <= tries ? fault : undefined);
const refuse = (code: number, text: string): SinkFault => ({ kind: 'refuse', code, text });
const always = Number.POSITIVE_INFINITY;
const GREYLIST_MS = 300_000;

/** All that may befall one recipient, and what must come of it (facts of RFC 5321, 4.2 and 4.5.3.2; RFC 6647, 2.1). */
export const FATES = {
  taken: { act: () => undefined, expected: HANDED_OFF, weight: 34 },
  greylisted: { act: atFirst('rcpt', refuse(450, '4.7.1 Greylisted, try again later')), putOff: { reason: 'deferred', leastMs: GREYLIST_MS, counts: true }, expected: HANDED_OFF, weight: 10 },
  greylisted_twice: { act: atFirst('rcpt', refuse(451, '4.7.1 Greylisted, try again later'), 2), putOff: { reason: 'deferred', leastMs: GREYLIST_MS, counts: true }, expected: HANDED_OFF, weight: 5 },
  deferred_after_body: { act: atFirst('body', refuse(451, '4.3.0 Local error')), putOff: { reason: 'deferred', leastMs: GREYLIST_MS, counts: true }, expected: HANDED_OFF, weight: 6 },
  session_ended: { act: atFirst('rcpt', refuse(421, '4.3.2 Service shutting down')), putOff: { reason: 'server_busy', leastMs: 500, counts: false }, expected: HANDED_OFF, weight: 5 },
  dropped_early: { act: atFirst('rcpt', { kind: 'drop' }), putOff: { reason: 'connection_lost', leastMs: 500, counts: false }, expected: HANDED_OFF, weight: 8 },
  no_such_mailbox: { act: atFirst('rcpt', refuse(550, '5.1.1 No such user here'), always), expected: { state: 'refused/mailbox_unavailable', mails: [0], suppressed: true }, weight: 7 },
  refused_by_policy: { act: atFirst('rcpt', refuse(550, '5.7.1 Not wanted'), always), expected: { state: 'refused/recipient_refused', mails: [0] }, weight: 5 },
  mailbox_full: { act: atFirst('rcpt', refuse(552, '5.2.2 Mailbox full'), always), expected: { state: 'refused/mailbox_full', mails: [0] }, weight: 4 },
  content_refused: { act: atFirst('body', refuse(554, '5.7.1 Looks like spam'), always), expected: { state: 'refused/rejected', mails: [0] }, weight: 5 },
  dropped_after_body: { act: atFirst('body', { kind: 'drop' }, always), expected: { state: 'unknown/no_answer', mails: [0] }, weight: 6 },
  dropped_when_kept: { act: atFirst('answer', { kind: 'drop' }, always), expected: { state: 'unknown/no_answer', mails: [1] }, weight: 5 },
  stalled_after_body: { act: atFirst('body', { kind: 'stall' }, always), expected: { state: 'unknown/no_answer', mails: [0] }, weight: 0 },
  stalled_when_kept: { act: atFirst('answer', { kind: 'stall' }, always), expected: { state: 'unknown/no_answer', mails: [1] }, weight: 0 },
  stalled_early: { act: atFirst('rcpt', { kind: 'stall' }), expected: HANDED_OFF, weight: 0 },
} satisfies Record<string, Fate>;

export type FateName = keyof typeof FATES;

export function fateOf(name: FateName): Fate {
  return FATES[name];
}

export function isFateName(name: string): name is FateName {
  return Object.hasOwn(FATES, name);
}

/** What the server did with a recipient: one line a stage it came to. */
export type Note = { readonly at: number; readonly stage: SinkStage; readonly nth: number; readonly fault: SinkFault['kind'] | 'none' };

export type Fates = {
  readonly of: ReadonlyMap<string, FateName>;
  readonly notes: ReadonlyMap<string, readonly Note[]>;
  /** For the sink: asks the recipient's fate. */
  readonly plan: FaultPlan;
  /** How often a recipient's RCPT was heard. */
  tries(address: string): number;
};

const NAMES: readonly FateName[] = Object.keys(FATES).filter(isFateName);

/** Deals a fate to each address; `stalls` names how many of each of those that take minutes. */
export function dealFates(random: Random, addresses: readonly string[], stalls: Partial<Record<FateName, number>> = {}, among = NAMES): Fates {
  const lots = among.flatMap((name) => Array.from({ length: fateOf(name).weight }, () => name));
  const of = new Map<string, FateName>(addresses.map((address) => [address, random.pick(lots)]));
  for (const [name, count] of Object.entries(stalls)) {
    for (let i = 0; i < count && isFateName(name); i += 1) of.set(random.pick(addresses.filter((address) => fateOf(of.get(address) ?? 'taken').weight > 0)), name);
  }
  const notes = new Map<string, Note[]>();
  const tries = (address: string): number => (notes.get(address) ?? []).filter(({ stage }) => stage === 'rcpt').length;
  const plan = ({ stage, to }: SinkMoment): SinkFault | undefined => {
    const address = to.at(-1);
    const name = address === undefined ? undefined : of.get(address);
    if (address === undefined || name === undefined) return undefined;
    const nth = tries(address) + (stage === 'rcpt' ? 1 : 0);
    const fault = fateOf(name).act(stage, nth);
    notes.set(address, [...(notes.get(address) ?? []), { at: Date.now(), stage, nth, fault: fault?.kind ?? 'none' }]);
    return fault;
  };
  return { of, notes, plan, tries };
}
