import { REFUSAL_REASONS, type RefusalReason } from '../invite/refusal-reasons.ts';
import { instantIn, textIn, textsIn } from './decision-inputs.ts';
import { given, type StoryEntry } from './entry.ts';
import type { DecisionFact, StoryFacts } from './facts.ts';
import { redactInputs, redactText } from './redact.ts';
import { capitalized, sayCode } from './say-code.ts';
import { clockFor, whenText } from './when.ts';

/** An acceptance is told as two things: that it was accepted, and what was planned. */
export function acceptedEntries(decision: DecisionFact, facts: StoryFacts, now: number): StoryEntry[] {
  const { invite, program } = facts;
  const { at, actor } = decision;
  const source = { kind: 'decision' as const, id: decision.id };
  return [
    {
      at, actor, source,
      kind: 'accepted',
      title: `Accepted from ${invite.memberId === null ? 'the tenant itself' : `member ${invite.memberId}`}${invite.inviteCount > 1 ? `, one of ${String(invite.inviteCount)} in the request` : ''}.`,
      rule: 'None of these refused it: address, self-invite, consent, suppression, membership, cooling period, send windows, daily cap.',
      inputs: given({
        programId: invite.programId, programVersion: invite.programVersion, memberId: invite.memberId,
        consentBasis: invite.consentBasis, relationship: invite.relationship,
        coolingHours: program.coolingHours, ...(invite.memberId === null ? {} : { capOfMember: program.cap }),
        expiresAt: invite.expiresAt,
      }),
    },
    { at, actor, source, kind: 'planned', title: plannedTitle(decision, now), rule: redactText(decision.rule), inputs: planInputs(decision) },
  ];
}

function plannedTitle(decision: DecisionFact, now: number): string {
  const sendAt = instantIn(decision, 'sendAt');
  if (sendAt === null) return 'Planned.';
  if (sendAt <= decision.at) return 'Planned to leave at once.';
  return `Planned to leave ${whenText(sendAt, clockFor(textsIn(decision, 'zones'), now))}.`;
}

/** A plan's inputs as they are told: what is stored as planVersion is the version of the rules, the tenant's and the program's together. */
export function planInputs(decision: DecisionFact): StoryEntry['inputs'] {
  const { planVersion, ...others } = redactInputs(decision.inputs);
  return given({ ...others, rulesVersion: planVersion });
}

export function refusedEntry(decision: DecisionFact, facts: StoryFacts): StoryEntry {
  const { invite, suppressions } = facts;
  const code = invite.reason ?? decision.rule;
  const suppression = code === 'suppressed' ? suppressions.find(({ createdAt, liftedAt }) => createdAt <= decision.at && (liftedAt === null || liftedAt > decision.at)) : undefined;
  return {
    at: decision.at,
    kind: 'refused',
    title: `Refused, so nothing is sent: ${sayCode(code)}.`,
    rule: isRefusalReason(code) ? REFUSAL_RULES[code](facts, textIn(decision, 'detail')) : redactText(decision.rule),
    inputs: given({
      reason: code, duplicateOf: invite.duplicateOf, consentBasis: invite.consentBasis, relationship: invite.relationship,
      suppressionId: suppression?.id, suppressedBecause: suppression?.reason, suppressedAt: suppression?.createdAt,
      memberId: invite.memberId, programId: invite.programId, programVersion: invite.programVersion,
      ...redactInputs(decision.inputs),
    }),
    actor: decision.actor,
    source: { kind: 'decision', id: decision.id },
  };
}

function isRefusalReason(code: string): code is RefusalReason {
  return Object.hasOwn(REFUSAL_REASONS, code);
}

/** Every rule that refuses, in the words of the program it was asked of. A new reason does not compile until it is told. */
const REFUSAL_RULES: Readonly<Record<RefusalReason, (facts: StoryFacts, detail: string | null) => string>> = {
  invalid_invitee: (_facts, detail) => `One value of the row cannot be used${detail === null ? '.' : `: ${redactText(detail)}.`}`,
  invalid_address: () => 'An invitee needs one address that a mail server could take. It was not kept.',
  self_invite: () => 'Nobody invites their own mailbox.',
  no_consent: ({ program, invite }) => `Each invitee needs a basis of consent that the program accepts${program.consentBases === null ? '' : ` (${program.consentBases.join(', ')})`}; given was ${invite.consentBasis ?? 'none'}.`,
  unanswered_cap: () => 'Who left as many messages unanswered as the tenant allows is not written to any more, until they answer one.',
  suppressed: () => 'Who opted out or complained, or whose address bounced for good, is not written to until that is lifted.',
  member_already: () => 'The program does not invite people who are members already.',
  duplicate_in_cooling_period: ({ program, invite }) => `A recipient is invited once in ${String(program.coolingHours)} hours, whoever asks${invite.duplicateOf === null ? '' : `; ${invite.duplicateOf} came first`}.`,
  cap_reached: ({ program }, detail) => `A member's cap is ${program.cap}, by the calendar of the tenant.${detail === null ? '' : ` ${redactText(detail)}`}`,
  no_permitted_time: (_facts, detail) => capitalized(redactText(detail ?? 'The send rules leave no moment before it expires.')),
};
