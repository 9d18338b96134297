import { numberIn, textIn, textsIn } from './decision-inputs.ts';
import { given, type StoryEntry } from './entry.ts';
import type { DecisionFact, StoryFacts } from './facts.ts';
import { holdKind, type HoldChange } from './hold-kind.ts';
import { redactInputs, redactText } from './redact.ts';
import { whenText, type StoryClock } from './when.ts';

/**
 * Pauses, hard stops, their ends and new send rules, as far as they met this invite: until it ended, and of those from
 * before it was accepted only what still held it then.
 */
export function holdEntries(facts: StoryFacts, clock: StoryClock, endedAt: number | null): StoryEntry[] {
  const { createdAt } = facts.invite;
  const told = facts.surroundings.flatMap((decision): StoryEntry[] => {
    const hold = holdKind(decision.kind);
    if (hold === null || !concerns(decision, hold, facts.invite.channel)) return [];
    if (decision.at < createdAt && (hold.change !== 'held' || isOver(decision, hold, facts))) return [];
    if (endedAt !== null && decision.at > endedAt) return [];
    return [entryOf(decision, hold, facts)];
  });
  return endedAt === null ? [...told, ...untoldHolds(facts, clock, told)] : told;
}

/** Of all that a program or tenant may change, what plans are made from. */
const CHANGES_PLANS = new Set(['sendRules', 'eventBufferDays', 'zone', 'cap', 'limits', 'peakTimes']);

export function concerns(decision: DecisionFact, { change }: HoldChange, channel: string): boolean {
  const of = textIn(decision, 'channel');
  if (of !== null && of !== channel) return false;
  const changed = textsIn(decision, 'changed');
  return change !== 'rules_changed' || changed.length === 0 || changed.some((field) => CHANGES_PLANS.has(field));
}

/** Was the hold lifted before the invite was accepted? */
function isOver({ at, subjectId }: DecisionFact, { family }: HoldChange, { surroundings, invite }: StoryFacts): boolean {
  return surroundings.some((later) => later.subjectId === subjectId && holdKind(later.kind)?.family === family && later.at > at && later.at <= invite.createdAt);
}

function entryOf(decision: DecisionFact, hold: HoldChange, { invite }: StoryFacts): StoryEntry {
  return {
    at: decision.at,
    kind: hold.change,
    title: titleOf(decision, hold, invite.createdAt),
    rule: redactText(decision.rule),
    inputs: given({ subjectId: decision.subjectId, ...redactInputs(decision.inputs) }),
    actor: decision.actor,
    source: { kind: 'decision', id: decision.id },
  };
}

function titleOf(decision: DecisionFact, { change, what, family }: HoldChange, createdAt: number): string {
  const reason = textIn(decision, 'reason');
  switch (change) {
    case 'held': {
      const since = decision.at < createdAt ? 'It was accepted while this held already' : 'Nothing leaves until it is lifted';
      return family === 'hard_stop'
        ? `Hard stop of the channel${reason === null ? '' : ` (${redactText(reason)})`}. ${since}.`
        : `The ${family} was paused. ${since}.`;
    }
    case 'released': return family === 'hard_stop' ? 'The hard stop was lifted.' : `The ${what} was lifted.`;
    case 'rules_changed': {
      if (family === 'law') return 'A new edition of the law is in force; what waits is planned again.';
      const version = numberIn(decision, 'rulesVersion') ?? numberIn(decision, 'version');
      return `The ${family}'s send rules changed${version === null ? '' : ` (now version ${String(version)})`}; what waits is planned again.`;
    }
  }
}

/** A hold that is in force and of which no decision tells is told from its own row. */
function untoldHolds({ program, tenant, hardStop, invite }: StoryFacts, clock: StoryClock, told: readonly StoryEntry[]): StoryEntry[] {
  const untold = (at: number | null, subject: 'program' | 'tenant' | 'hard_stop', id: string, title: string, inputs: StoryEntry['inputs']): StoryEntry[] => {
    if (at === null || told.some((entry) => entry.kind === 'held' && entry.at === at)) return [];
    const since = at < invite.createdAt ? ` It was accepted while this held already, since ${whenText(at, clock)}.` : '';
    return [{
      at, kind: 'held', title: `${title}${since}`, inputs: given(inputs), actor: 'not recorded', source: { kind: subject, id },
      rule: 'What is held does not leave; expiry runs on.',
    }];
  };
  return [
    ...untold(program.pausedAt, 'program', invite.programId, `The program ${invite.programId} was paused.`, {}),
    ...untold(tenant.pausedAt, 'tenant', invite.tenantId, 'The tenant was paused.', {}),
    ...(hardStop === null ? [] : untold(hardStop.since, 'hard_stop', invite.channel, `Hard stop of ${invite.channel}: ${redactText(hardStop.reason)}.`, { reason: redactText(hardStop.reason) })),
  ];
}
