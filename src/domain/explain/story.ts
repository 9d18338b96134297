import { answeredEntries } from './answered.ts';
import { decidedEntries } from './decided.ts';
import { endOf, untoldEnd } from './ended.ts';
import { inOrder, type StoryEntry } from './entry.ts';
import type { StoryFacts } from './facts.ts';
import { holdEntries } from './holds.ts';
import { sentEntries } from './sent.ts';
import { waitsFor, type Now } from './waits-for.ts';
import { clockFor } from './when.ts';

export type Story = { readonly entries: readonly StoryEntry[]; readonly now: Now };

/**
 * Turns what is stored of one invite into its whole story, in the order of time, and what it waits for at `now` (epoch
 * ms). `unknownForMs`: how long an unknown hand-off may still be settled. Pure; tells no address, no name, no visitor.
 */
export function tellStory(facts: StoryFacts, { now, unknownForMs }: { now: number; unknownForMs: number }): Story {
  const clock = clockFor(facts.recipient.zones, now);
  const told = [
    ...facts.decisions.flatMap((decision) => decidedEntries(decision, facts, now)),
    ...sentEntries(facts, { now, unknownForMs }),
    ...answeredEntries(facts),
  ];
  const own = inOrder([...told, ...untoldEnd(facts, inOrder(told))]);
  const endedAt = endOf(own, facts.invite.state)?.at ?? null;
  const story = { entries: inOrder([...own, ...holdEntries(facts, clock, endedAt)]), now: waitsFor(facts, clock) };
  return facts.invite.notice == null ? story : ofNotice(story);
}

/** What happens to a message is told in words for invitations: of a notice it is the notice. */
function ofNotice({ entries, now }: Story): Story {
  const say = (text: string): string => text.replaceAll(/\b(t)he invitation\b/gi, '$1he notice');
  return { entries: entries.map((entry) => ({ ...entry, title: say(entry.title) })), now: { ...now, waitsFor: say(now.waitsFor) } };
}
