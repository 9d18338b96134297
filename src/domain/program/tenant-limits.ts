import type { CapRule } from '../invite/cap.ts';
import { MOST_MESSAGES_PER_MINUTE, type MessagesPerMinute } from '../sending/send-rate.ts';

export const LAW_SCOPES = ['as_written', 'every_channel'] as const;
/** Does a law's calling hours bind the channels it names, or, as the tenant chooses, all of them? */
export type LawScope = (typeof LAW_SCOPES)[number];

/** What a tenant sets for all its programs. Never pinned: a change binds what waits, too. */
export type TenantLimits = {
  /** For programs whose cap is the profile `tenant`. */
  readonly cap?: CapRule | undefined;
  /** Messages to one recipient on a calendar day of their own, across programs and channels, pushes too; left out: no limit. */
  readonly messagesPerRecipientPerDay?: number | undefined;
  /** After so many messages without an answer nothing more goes to a recipient, and after so many pushes unread no further push; left out: no limit. */
  readonly stopAfterUnanswered?: number | undefined;
  /** Pushes to one member on a calendar day of their own; left out: `DEFAULT_PUSHES_PER_DAY`. */
  readonly pushesPerMemberPerDay?: number | undefined;
  readonly lawScope?: LawScope | undefined;
  /** How fast messages leave, all its lanes of a channel together; what is above its tier's is its tier's. */
  readonly messagesPerMinute?: MessagesPerMinute | undefined;
};

/** An answer older than this is none, and so is what was left unanswered: half a year. */
export const UNANSWERED_FOR_DAYS = 180;

export const TENANT_LIMITS_MOST = { invites: 10_000, messagesPerRecipientPerDay: 100, stopAfterUnanswered: 50, pushesPerMemberPerDay: 100 } as const;

/** A device that buzzes more often is silenced for good. */
export const DEFAULT_PUSHES_PER_DAY = 5;

/** What is wrong with limits that are about to be saved, each with its path; empty when they are fine. */
export function tenantLimitsProblems(limits: TenantLimits): string[] {
  const whole = (path: string, value: number | undefined, max: number): string[] =>
    value === undefined || (Number.isInteger(value) && value >= 1 && value <= max) ? [] : [`${path}: is ${String(value)}; a whole number from 1 to ${String(max)} is needed`];
  return [
    ...whole('cap.invites', limits.cap?.invites, TENANT_LIMITS_MOST.invites),
    ...whole('messagesPerRecipientPerDay', limits.messagesPerRecipientPerDay, TENANT_LIMITS_MOST.messagesPerRecipientPerDay),
    ...whole('stopAfterUnanswered', limits.stopAfterUnanswered, TENANT_LIMITS_MOST.stopAfterUnanswered),
    ...whole('pushesPerMemberPerDay', limits.pushesPerMemberPerDay, TENANT_LIMITS_MOST.pushesPerMemberPerDay),
    ...whole('messagesPerMinute.email', limits.messagesPerMinute?.email, MOST_MESSAGES_PER_MINUTE),
    ...whole('messagesPerMinute.sms', limits.messagesPerMinute?.sms, MOST_MESSAGES_PER_MINUTE),
  ];
}
