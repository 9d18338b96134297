import { RUN_MESSAGE } from '../notice/notice-kinds.ts';
import { inviteId } from '../ids.ts';
import { given, type EntryKind, type StoryEntry } from './entry.ts';
import type { InviteStateNow, StoryFacts, SuppressionFact } from './facts.ts';
import { sayCode } from './say-code.ts';

/** By which entries a state that ends an invite is explained; null: it does not end it. */
const ENDS_BY: Readonly<Record<InviteStateNow, readonly EntryKind[] | null>> = {
  waiting: null, handed_off: null, unknown: null,
  joined: ['joined'], expired: ['expired'], canceled: ['canceled'], unknown_expired: ['given_up'],
  refused: ['refused', 'suppressed', 'no_time_left'],
};

export function hasEnded(state: InviteStateNow): boolean {
  return ENDS_BY[state] !== null;
}

/** The entry that ends the story so far; null where it goes on, or nothing tells how it ended. */
export function endOf(entries: readonly StoryEntry[], state: InviteStateNow): StoryEntry | null {
  const kinds = ENDS_BY[state];
  return entries.findLast(({ kind }) => kinds?.includes(kind) === true) ?? null;
}

/** How an invite ended that no row of its own tells of: expiry by its time, the rest as far as it can be known. */
export function untoldEnd(facts: StoryFacts, entries: readonly StoryEntry[]): StoryEntry[] {
  const { invite } = facts;
  const { state } = invite;
  if (!hasEnded(state) || endOf(entries, state) !== null) return [];
  const common = { actor: 'sender', source: { kind: 'invite' as const, id: inviteId(invite) } };
  if (state === 'expired') return [{ ...common, at: invite.expiresAt, kind: 'expired', ...expiryWords(facts) }];
  const lastAt = entries.reduce((latest, { at }) => Math.max(latest, at), invite.createdAt);
  const suppression = invite.reason === 'suppressed' ? coveringSuppression(facts.suppressions) : null;
  const kind = ENDS_BY[state]?.[0] ?? 'decided';
  return [{
    ...common, kind, at: Math.max(lastAt, suppression?.createdAt ?? 0),
    title: state === 'refused' ? `Refused right before it would have left: ${sayCode(invite.reason)}.` : `It ended as ${state.replaceAll('_', ' ')}.`,
    rule: 'The invite\'s row tells of this end and no decision does: it came at this time or later.',
    inputs: given({ state, reason: invite.reason, suppressionId: suppression?.id, suppressedBecause: suppression?.reason }),
  }];
}

/** The end by time, in words: whether something had been sent makes the difference. */
export function expiryWords({ invite, messages }: StoryFacts): Pick<StoryEntry, 'title' | 'rule' | 'inputs'> {
  if (invite.notice != null) {
    const rule = invite.notice.kind === RUN_MESSAGE ? 'A run\'s message is let go when the run no longer waits for it: no hour in which it was permitted came before.' : 'A notice is let go after a week, or once there is other news of the same.';
    return { title: 'It was no news any more before it could leave; nothing was sent.', rule, inputs: given({ expiresAt: invite.expiresAt }) };
  }
  const left = messages.some(({ state }) => state !== 'refused');
  return {
    title: left ? 'Its time is up: nobody joined through it in time.' : 'Its time was up before it could leave; nothing was sent.',
    rule: left ? 'An invite is open until it expires; then nothing more is sent for it.' : 'Expiry runs on while a message waits or is held. A recipient to whom nothing was sent may be invited again at once.',
    inputs: given({ expiresAt: invite.expiresAt, programVersion: invite.programVersion }),
  };
}

function coveringSuppression(suppressions: readonly SuppressionFact[]): SuppressionFact | null {
  return suppressions.toSorted((a, b) => a.createdAt - b.createdAt).at(-1) ?? null;
}
