import { given, type StoryEntry } from './entry.ts';
import type { MessageFact, ReceiptFact, StoryFacts } from './facts.ts';
import { redactId, redactText } from './redact.ts';
import { capitalized, messageName, sayCode } from './say-code.ts';
import { messageSource, reminderEntry, settledAt } from './reminders.ts';

/** What became of each message, what follows it, and what the vendor reported. */
export function sentEntries(facts: StoryFacts, clock: { now: number; unknownForMs: number }): StoryEntry[] {
  return [
    ...facts.messages.flatMap((message) => [...messageEntries(message, facts, clock.unknownForMs), ...reminderEntry(message, facts, clock.now)]),
    ...facts.receipts.map((receipt) => reportEntry(receipt)),
    ...claimEntry(facts),
  ];
}

function messageEntries(message: MessageFact, facts: StoryFacts, unknownForMs: number): StoryEntry[] {
  const { step, channel, state, reason, recordedAt, fencedAt } = message;
  const what = capitalized(messageName(step, channel));
  const provedAt = settledAt(facts, step, channel);
  const inputs = given({ step, reason, claimedAt: message.claimedAt, attempt: message.attemptId, epoch: message.epoch });
  const common = { at: recordedAt, inputs, actor: 'sender', source: messageSource(facts, message) };
  const unknown = (at: number, because: string | null): StoryEntry => ({
    ...common, kind: 'unknown', at, inputs: given({ ...inputs, reason: because }),
    title: `${what} may have arrived or not: ${because === null ? 'its outcome was not clear' : sayCode(because, channel)}.`,
    rule: 'What may be with its recipient is never sent again blindly. A delivery report, a bounce or a late record settles it.',
  });
  const lost = fencedAt === null ? [] : [unknown(fencedAt, 'sender_lost')];
  switch (state) {
    case 'handed_off': {
      if (provedAt === null) return [...lost, handedOff(message, facts)];
      // The decision that settled it tells of the hand-off; the row no longer says what had made it unknown.
      return lost.length > 0 || message.closedAt === null || message.closedAt > provedAt ? lost : [unknown(message.closedAt, null)];
    }
    case 'refused': return [...lost, {
      ...common, kind: 'refused',
      title: `${what} was refused: ${sayCode(reason, channel)}.`,
      rule: 'Refused for good, it is not tried again. An address that is bad in itself goes on the suppression list.',
    }];
    case 'unknown': return lost.length > 0 ? lost : [unknown(recordedAt, reason)];
    case 'unknown_expired': return [...(lost.length > 0 ? lost : [unknown(recordedAt, reason)]), {
      ...common, kind: 'given_up', at: facts.decisions.find(({ kind }) => kind === 'given_up')?.at ?? (fencedAt ?? recordedAt) + unknownForMs,
      title: `${what} stays unknown for good: nothing told what became of it in ${String(unknownForMs / 3_600_000)} hours.`,
      rule: 'Without evidence in that time it is given up, and not sent again.',
    }];
  }
}

function handedOff(message: MessageFact, facts: StoryFacts): StoryEntry {
  const { step, channel, recordedAt, fencedAt, providerMessageId } = message;
  const receipt = message.receipt === null || message.receipt === '' ? null : redactText(message.receipt);
  const what = capitalized(messageName(step, channel));
  return {
    at: recordedAt,
    kind: 'handed_off',
    title: fencedAt !== null ? `${what} was handed off after all: the older sender's record came late.`
      : `${what} was handed off to ${VENDORS[channel]}${receipt === null ? '' : `: “${receipt}”`}.`,
    rule: 'Claimed under the lane\'s epoch after a fresh look at holds, suppression, expiry, send window and rules version; sent once, and recorded.',
    inputs: given({
      step, claimedAt: message.claimedAt, attempt: message.attemptId, epoch: message.epoch, messageId: ourMessageId(providerMessageId),
      receipt,
    }),
    actor: 'sender',
    source: messageSource(facts, message),
  };
}

const VENDORS = { email: 'the mail server', sms: 'the SMS provider' } as const;

/** Our own Message-ID is made of the invite's id and the tenant's domain; whatever a vendor put in its place is looked at first. */
function ourMessageId(id: string | null): string | null {
  if (id === null) return null;
  return /^inv_[0-9a-z]{28}\.\d{1,2}@[a-z0-9.-]+$/i.test(id) ? id : redactId(id);
}

const REPORTS = {
  delivered: { verb: 'was delivered', rule: 'The vendor reported that the recipient\'s server took it.' },
  bounced: { verb: 'bounced', rule: 'The vendor reported that it came back. After a hard bounce the address is not written to again.' },
  complained: { verb: 'was marked as unwanted by the recipient', rule: 'Who complains is not written to again.' },
} as const;

const SMS_REPORTS = {
  delivered: 'The vendor reported that it reached the phone.',
  bounced: 'The vendor reported that it did not reach the phone. A number that takes no SMS is not written to again.',
} as const;

function reportEntry(receipt: ReceiptFact): StoryEntry {
  const { kind, step, channel, detail } = receipt;
  const words = detail === null || detail === '' ? null : redactText(detail);
  return {
    at: receipt.at,
    kind,
    title: `${capitalized(messageName(step, channel))} ${channel === 'sms' && kind === 'bounced' ? 'was not delivered' : REPORTS[kind].verb}${words === null ? '' : `: “${words}”`}.`,
    rule: channel === 'sms' && kind !== 'complained' ? SMS_REPORTS[kind] : REPORTS[kind].rule,
    inputs: given({ step, receivedAt: receipt.recordedAt, providerEventId: receipt.providerEventId === null ? null : redactId(receipt.providerEventId), detail: words }),
    actor: 'provider',
    source: { kind: 'receipt', id: receipt.id },
  };
}

function claimEntry({ claim, invite }: StoryFacts): StoryEntry[] {
  if (claim === null || (invite.state !== 'waiting' && invite.state !== 'handed_off')) return [];
  return [{
    at: claim.claimedAt,
    kind: 'claimed',
    title: `${capitalized(messageName(invite.step ?? 0, invite.channel))} was claimed by the sender and is on the wire.`,
    rule: 'Holds, suppression, expiry, send window and rules version were looked at afresh; then it was claimed under the lane\'s epoch, so that no other sender takes it.',
    inputs: given({ step: invite.step, attempt: claim.attemptId, epoch: claim.epoch }),
    actor: 'sender',
    source: { kind: 'attempt', id: String(claim.attemptId) },
  }];
}
