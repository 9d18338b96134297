import { acceptedEntries, planInputs, refusedEntry } from './accepted.ts';
import { instantIn, numberIn, textIn, textsIn } from './decision-inputs.ts';
import { expiryWords } from './ended.ts';
import { given, type EntryKind, type StoryEntry } from './entry.ts';
import type { DecisionFact, StoryFacts } from './facts.ts';
import { redactInputs, redactText } from './redact.ts';
import { replannedEntry } from './replanned.ts';
import { capitalized, messageName, sayCode } from './say-code.ts';
import { clockFor, whenText } from './when.ts';

/** One decision about the invite as entries. A kind nobody taught this still is told, by its own name and rule. */
export function decidedEntries(decision: DecisionFact, facts: StoryFacts, now: number): StoryEntry[] {
  switch (decision.kind) {
    case 'accepted_and_planned': return acceptedEntries(decision, facts, now);
    case 'notice_queued': return [plain(decision, 'accepted', `Queued to tell a member: ${(textIn(decision, 'notice') ?? 'news').replaceAll('_', ' ')}.`)];
    case 'run_message_queued': return [plain(decision, 'accepted', `Queued for a run, to tell somebody in it: ${(textIn(decision, 'message') ?? 'news').replaceAll('_', ' ')}.`)];
    case 'refused': return [refusedEntry(decision, facts)];
    case 'planned_again':
    case 'no_time_left': return [replannedEntry(decision, facts, now)];
    case 'reminder_planned': return [reminderPlanned(decision, now)];
    case 'reminder_let_go': return [plain(decision, 'reminder_let_go', 'No reminder follows.')];
    case 'joined': return [plain(decision, 'joined', joinedTitle(decision, facts))];
    case 'suppressed': return [suppressed(decision)];
    case 'unsubscribed': return [plain(decision, 'opted_out', 'The recipient opted out through the link of this invite.')];
    case 'canceled': return [plain(decision, 'canceled', canceledTitle(facts, decision.at))];
    case 'put_off': return [putOff(decision, facts, now)];
    case 'expired': return [{ ...plain(decision, 'expired', ''), ...expiryWords(facts) }];
    // Told with its message.
    case 'given_up': return [];
    case 'settled_by_evidence': return [settled(decision)];
    case 'failed_over': return [plain(decision, 'planned_again', failedOverTitle(decision))];
    case 'not_failed_over': return [plain(decision, 'decided', `No text takes over: ${sayCode('no_consent')}.`)];
    case 'bounced': return [plain(decision, 'refused', 'The mailbox refused for good, so the invite ends and nothing more is sent.')];
    case 'complained': return [plain(decision, 'decided', 'From here on nothing more is written to this recipient.')];
    case 'link_revoked': return [plain(decision, 'decided', 'Its link was revoked and leads nowhere from here on.')];
    default: return [plain(decision, 'decided', `${capitalized(redactText(decision.kind).replaceAll('_', ' '))}.`)];
  }
}

function plain(decision: DecisionFact, kind: EntryKind, title: string): StoryEntry {
  return {
    at: decision.at, kind, title,
    rule: capitalized(redactText(decision.rule)),
    inputs: given(redactInputs(decision.inputs)),
    actor: decision.actor,
    source: { kind: 'decision', id: decision.id },
  };
}

function failedOverTitle(decision: DecisionFact): string {
  const what = messageName(numberIn(decision, 'step') ?? 0);
  return `A text takes over ${what}, because the mail was refused for good: ${sayCode(textIn(decision, 'because'))}.`;
}

/** A message of which nobody knew whether it had left. */
function settled(decision: DecisionFact): StoryEntry {
  const what = capitalized(messageName(numberIn(decision, 'step') ?? 0));
  const event = textIn(decision, 'event');
  return plain(decision, 'handed_off', `${what} had been handed off after all${event === null ? '' : `: the provider reported that it was ${event === 'complained' ? 'complained about' : redactText(event)}`}.`);
}

/** Somebody said "later", or the mail server could not be reached. */
function putOff(decision: DecisionFact, { recipient }: StoryFacts, now: number): StoryEntry {
  const againAt = instantIn(decision, 'againAt');
  const detail = textIn(decision, 'detail');
  const words = detail === null || detail === '' ? '' : `: “${redactText(detail)}”`;
  const when = againAt === null ? '' : `; it is tried again ${whenText(againAt, clockFor(recipient.zones, now))}`;
  return plain(decision, 'put_off', `${capitalized(messageName(numberIn(decision, 'step') ?? 0))} was put off, because ${sayCode(textIn(decision, 'reason'))}${words}${when}.`);
}

function reminderPlanned(decision: DecisionFact, now: number): StoryEntry {
  const sendAt = instantIn(decision, 'sendAt');
  const what = capitalized(messageName(numberIn(decision, 'step') ?? 1));
  const when = sendAt === null ? '' : ` for ${whenText(sendAt, clockFor(textsIn(decision, 'zones'), now))}`;
  return { ...plain(decision, 'reminder_planned', `${what} was planned${when}.`), inputs: planInputs(decision) };
}

/** What a closing found: still here, on the wire, or gone already. */
const WHAT_ENDS: Readonly<Record<string, string>> = {
  closed: 'nothing more leaves',
  on_the_wire: 'what is on the wire goes on, and nothing follows it',
  reminders_stopped: 'it had left before, and its reminders stop',
};

function joinedTitle(decision: DecisionFact, { events }: StoryFacts): string {
  const memberId = textIn(decision, 'memberId');
  const signUp = events.find(({ type, memberId: of }) => type === 'signed_up' && of === memberId);
  const who = memberId === null ? 'the recipient is a member now' : `the recipient is member ${memberId} now`;
  const through = signUp === undefined ? '' : signUp.touchId === null ? ', by a sign-up' : `, by a sign-up that came with click ${signUp.touchId}`;
  return `Joined: ${who}${through}; ${WHAT_ENDS[textIn(decision, 'was') ?? ''] ?? 'nothing more leaves'}.`;
}

/** Its rule is stored as the reason of the suppression. */
function suppressed(decision: DecisionFact): StoryEntry {
  const reason = textIn(decision, 'reason') ?? decision.rule;
  const told = plain(decision, 'suppressed', `Suppressed, because ${sayCode(reason)}: ${WHAT_ENDS[textIn(decision, 'was') ?? ''] ?? 'nothing more leaves'}.`);
  return { ...told, rule: 'Who is suppressed is not written to: what waits is refused, and reminders stop.', inputs: { ...told.inputs, reason: redactText(reason) } };
}

function canceledTitle({ invite, messages }: StoryFacts, at: number): string {
  if (invite.state === 'canceled') return 'Canceled before it left.';
  return messages.some(({ recordedAt }) => recordedAt <= at) ? 'Canceled after it had left: its reminders stop.' : 'Canceled while it was on the wire: nothing follows it.';
}
