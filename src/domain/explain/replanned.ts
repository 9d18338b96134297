import { planInputs } from './accepted.ts';
import { instantIn, numberIn, textIn, textsIn } from './decision-inputs.ts';
import type { StoryEntry } from './entry.ts';
import type { DecisionFact, StoryFacts } from './facts.ts';
import { holdKind } from './hold-kind.ts';
import { redactText } from './redact.ts';
import { messageName } from './say-code.ts';
import { clockFor, whenText, zonesText } from './when.ts';

const REASONING = new Set(['accepted_and_planned', 'planned_again', 'reminder_planned']);

/** A plan made anew, or one for which no moment is left, with what had changed since the plan before. */
export function replannedEntry(decision: DecisionFact, facts: StoryFacts, now: number): StoryEntry {
  const because = whyPlannedAgain(decision, facts);
  const what = messageName(stepAt(decision, facts));
  const sendAt = instantIn(decision, 'sendAt');
  const clock = clockFor(textsIn(decision, 'zones'), now);
  const common = { at: decision.at, rule: redactText(decision.rule), inputs: planInputs(decision), actor: decision.actor, source: { kind: 'decision' as const, id: decision.id } };
  if (decision.kind === 'no_time_left' || sendAt === null) {
    const end = stepAt(decision, facts) === 0 ? 'it is refused and nothing is sent' : 'it is let go';
    return { ...common, kind: 'no_time_left', title: `Planned again because ${because}: no permitted moment is left for ${what}, so ${end}.` };
  }
  const leaves = sendAt <= decision.at ? 'leaves at once' : `now leaves ${whenText(sendAt, clock)}`;
  return { ...common, kind: 'planned_again', title: `Planned again because ${because}: ${what} ${leaves}.` };
}

function stepAt(decision: DecisionFact, facts: StoryFacts): number {
  const before = facts.messages.filter(({ recordedAt, state }) => recordedAt <= decision.at && state !== 'refused').map(({ step }) => step + 1);
  return numberIn(decision, 'step') ?? Math.max(0, ...before);
}

/** A plan keeps what it was made from: what differs from the one before, or happened in between, is why. */
function whyPlannedAgain(decision: DecisionFact, { decisions, surroundings }: StoryFacts): string {
  const told = textIn(decision, 'cause');
  if (told !== null) return redactText(told);
  const before = decisions.filter((one) => REASONING.has(one.kind) && isBefore(one, decision)).toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).at(-1);
  if (before === undefined) return 'what it was planned from had changed';
  const between = surroundings.filter(({ at }) => at >= before.at && at <= decision.at);
  const [oldZones, zones] = [textsIn(before, 'zones'), textsIn(decision, 'zones')];
  const [oldRules, rules] = [numberIn(before, 'planVersion'), numberIn(decision, 'planVersion')];
  const closedAt = instantIn(before, 'permittedUntil');
  const reasons = [
    ...(oldZones.join(' ') === zones.join(' ') ? [] : [`the recipient's time zone changed from ${zonesText(oldZones)} to ${zonesText(zones)}`]),
    ...(oldRules === rules || oldRules === null || rules === null ? [] : [`the send rules changed (version ${String(oldRules)} to ${String(rules)})`]),
    ...new Set(between.flatMap(({ kind }) => (holdKind(kind)?.change === 'released' ? [`the ${holdKind(kind)?.what ?? 'hold'} was lifted`] : []))),
  ];
  if (reasons.length > 0) return reasons.join(' and ');
  if (closedAt !== null && closedAt <= decision.at) return 'its send window had closed before it could leave';
  return 'a quiet hour or an event date that it was planned by changed';
}

function isBefore(one: DecisionFact, other: DecisionFact): boolean {
  return one.at < other.at || (one.at === other.at && (one.kind !== 'planned_again' || one.id < other.id) && one.id !== other.id);
}
