import { inviteId } from '../ids.ts';
import type { Channel } from '../message/channel.ts';
import { numberIn, textIn } from './decision-inputs.ts';
import { given, type EntrySource, type StoryEntry } from './entry.ts';
import type { MessageFact, StoryFacts } from './facts.ts';
import { clockFor, whenText } from './when.ts';

/** A message has no id of its own: it is its invite's, its step, and where that is no mail, its channel. */
export function messageSource({ invite }: StoryFacts, { step, channel }: Pick<MessageFact, 'step' | 'channel'>): EntrySource {
  return { kind: 'message', id: `${inviteId(invite)}.${String(step)}${channel === 'email' ? '' : `.${channel}`}` };
}

/** When a message of which nobody knew whether it had left was proved to have; null where that was never in doubt. */
export function settledAt({ decisions }: StoryFacts, step: number, channel?: Channel): number | null {
  return decisions.find((decision) => decision.kind === 'settled_by_evidence' && (numberIn(decision, 'step') ?? 0) === step
    && (channel === undefined || (textIn(decision, 'channel') ?? 'email') === channel))?.at ?? null;
}

/** The reminder that follows a hand-off, where no decision of its own tells of it. */
export function reminderEntry({ step, channel, state, recordedAt }: MessageFact, facts: StoryFacts, now: number): StoryEntry[] {
  const { invite, program, recipient, decisions, messages } = facts;
  const next = step + 1;
  const afterHours = program.remindersAfterHours[step];
  if (state !== 'handed_off' || afterHours === undefined || decisions.some(({ kind }) => kind.startsWith('reminder_')) || settledAt(facts, step, channel) !== null) return [];
  const common = { at: recordedAt, inputs: given({ step: next, afterHours, programVersion: invite.programVersion }), actor: 'sender', source: messageSource(facts, { step, channel }) };
  const rule = `The program plans reminder ${String(next)} ${hoursText(afterHours)} after the message before it was handed off, at a permitted time.`;
  if (invite.step === next && invite.dueAt !== null) {
    const replanned = decisions.some(({ kind, at }) => kind === 'planned_again' && at > recordedAt);
    const when = replanned ? '' : ` for ${whenText(invite.dueAt, clockFor(recipient.zones, now))}`;
    return [{ ...common, kind: 'reminder_planned', title: `Reminder ${String(next)} was planned${when}.`, rule }];
  }
  if (messages.some((message) => message.step === next) || decisions.some(({ kind, at }) => (kind === 'planned_again' || kind === 'no_time_left') && at > recordedAt)) {
    return [{ ...common, kind: 'reminder_planned', title: `Reminder ${String(next)} was planned.`, rule }];
  }
  if (invite.state === 'handed_off' && invite.stopReason === null && invite.step === null) {
    return [{ ...common, kind: 'reminder_let_go', title: `No reminder ${String(next)}: no permitted moment is left for it before the invite expires.`, rule }];
  }
  return [];
}

function hoursText(hours: number): string {
  return hours % 24 === 0 ? `${String(hours / 24)} ${hours === 24 ? 'day' : 'days'}` : `${String(hours)} ${hours === 1 ? 'hour' : 'hours'}`;
}
