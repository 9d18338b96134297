import { planInputs } from './accepted.ts';
import { instantIn, numberIn, textIn, textsIn } from './decision-inputs.ts';
import type { StoryEntry } from './entry.ts';
import type { DecisionFact, StoryFacts } from './facts.ts';
import { holdKind } from './hold-kind.ts';
import { concerns } from './holds.ts';
import { redactText } from './redact.ts';
import { settledAt } from './reminders.ts';
import { messageName } from './say-code.ts';
import { clockFor, whenText, zonesText } from './when.ts';

const PLANS = new Set(['accepted_and_planned', 'planned_again', 'reminder_planned']);

/** A plan made anew (of a notice the first one, too), or one for which no moment is left, with what had changed since the plan before. */
export function replannedEntry(decision: DecisionFact, facts: StoryFacts, now: number): StoryEntry {
  const step = stepAt(decision, facts);
  const what = messageName(step);
  const sendAt = instantIn(decision, 'sendAt');
  const common = { at: decision.at, rule: redactText(decision.rule), inputs: planInputs(decision), actor: decision.actor, source: { kind: 'decision' as const, id: decision.id } };
  const proved = provedBefore(decision, facts, step);
  const isFirst = facts.invite.notice != null && !facts.decisions.some((one) => PLANS.has(one.kind) && isBefore(one, decision));
  const opening = isFirst ? 'Planned' : proved ? `Planned, since ${messageName(step - 1)} turned out to have been handed off` : `Planned again because ${whyPlannedAgain(decision, facts, step)}`;
  if (decision.kind === 'no_time_left' || sendAt === null) {
    return { ...common, kind: 'no_time_left', title: `${opening}: no permitted moment is left for ${what}, so ${step === 0 ? 'it is refused and nothing is sent' : 'it is let go'}.` };
  }
  const leaves = sendAt <= decision.at ? 'leaves at once' : `${proved || isFirst ? '' : 'now '}leaves ${whenText(sendAt, clockFor(textsIn(decision, 'zones'), now))}`;
  return { ...common, kind: isFirst ? 'planned' : proved ? 'reminder_planned' : 'planned_again', title: `${opening}: ${what} ${leaves}.` };
}

/** Which message a plan was for: the one after the last that may have left by then. */
function stepAt(decision: DecisionFact, facts: StoryFacts): number {
  const before = facts.messages.filter(({ recordedAt, state }) => recordedAt <= decision.at && state !== 'refused').map(({ step }) => step + 1);
  return numberIn(decision, 'step') ?? Math.max(0, ...before);
}

/** Is it the first plan of a reminder whose predecessor was settled by evidence? */
function provedBefore(decision: DecisionFact, facts: StoryFacts, step: number): boolean {
  const provedAt = step === 0 ? null : settledAt(facts, step - 1);
  return provedAt !== null && provedAt <= decision.at && !facts.decisions.some((one) => PLANS.has(one.kind) && one.at >= provedAt && isBefore(one, decision));
}

/**
 * A plan keeps what it was made from: what differs from the plan before, or happened in between, is why. A reminder's
 * first plan may have no row of its own; then less can be compared.
 */
function whyPlannedAgain(decision: DecisionFact, facts: StoryFacts, step: number): string {
  const { decisions, surroundings, invite, messages } = facts;
  const told = textIn(decision, 'cause');
  if (told !== null) return redactText(told);
  const before = decisions.filter((one) => PLANS.has(one.kind) && isBefore(one, decision)).toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).at(-1);
  if (before === undefined) return UNTOLD;
  const isOfSameMessage = stepAt(before, facts) === step;
  const sinceAt = isOfSameMessage ? before.at : (messages.find((message) => message.step === step - 1)?.recordedAt ?? before.at);
  const between = surroundings.flatMap((one) => {
    const hold = holdKind(one.kind);
    return hold !== null && one.at >= sinceAt && one.at <= decision.at && concerns(one, hold, invite.channel) ? [hold] : [];
  });
  const [oldZones, zones] = [textsIn(before, 'zones'), textsIn(decision, 'zones')];
  const [oldRules, rules] = [numberIn(before, 'planVersion'), numberIn(decision, 'planVersion')];
  const rulesDiffer = isOfSameMessage && oldRules !== null && rules !== null && oldRules !== rules;
  const reasons = [
    ...(oldZones.join(' ') === zones.join(' ') ? [] : [`the recipient's time zone changed from ${zonesText(oldZones)} to ${zonesText(zones)}`]),
    ...(rulesDiffer ? [`the send rules changed (version ${String(oldRules)} to ${String(rules)})`] : !isOfSameMessage && between.some(({ change }) => change === 'rules_changed') ? ['the send rules changed'] : []),
    // Resuming a program plans anew what waits; the other holds only let go of it.
    ...new Set(between.flatMap(({ change, what, family }) => (change === 'released' && family === 'program' ? [`the ${what} was lifted`] : []))),
  ];
  if (reasons.length > 0) return reasons.join(' and ');
  const closedAt = isOfSameMessage ? instantIn(before, 'permittedUntil') : null;
  if (closedAt !== null && closedAt <= decision.at) return `its send window had closed ${between.some(({ change }) => change !== 'rules_changed') ? 'while it was held' : 'before it could leave'}`;
  return isOfSameMessage ? 'a quiet hour or an event date it was planned by changed' : UNTOLD;
}

const UNTOLD = 'something it was planned by changed, or its send window had closed';

function isBefore(one: DecisionFact, other: DecisionFact): boolean {
  return one.id !== other.id && (one.at < other.at || (one.at === other.at && (one.kind === 'accepted_and_planned' || one.id < other.id)));
}
