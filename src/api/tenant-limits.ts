import { z } from 'zod';
import { DEFAULT_PUSHES_PER_DAY, LAW_SCOPES, tenantLimitsProblems, type TenantLimits } from '../domain/program/tenant-limits.ts';
import type { FieldError } from './problems.ts';
import { readDomainProblem } from './send-rules.ts';

const cap = z.strictObject({ invites: z.number(), per: z.enum(['day', 'hour']), excess: z.enum(['refuse', 'defer']) })
  .meta({ description: 'For programs whose cap is the profile `tenant`: how many invites a member sends a day of the tenant\'s zone or an hour; more is refused, or leaves in the next day or hour with room' });

/** What a tenant sets for all its programs; null takes a limit away, what is left out stays. */
export const tenantLimitsIn = z.strictObject({
  cap: cap.nullish(),
  messagesPerRecipientPerDay: z.number().nullish().meta({ description: 'Messages to one recipient a calendar day of their own, across programs and channels, pushes too; more waits for the next day' }),
  stopAfterUnanswered: z.number().nullish().meta({ description: 'After so many messages without an opened link nothing more is sent to a recipient, for half a year; after so many unread pushes no further one until the member reads or dismisses something' }),
  pushesPerMemberPerDay: z.number().nullish().meta({ description: `Pushes to one member a calendar day of their own; left out: ${String(DEFAULT_PUSHES_PER_DAY)}. More waits for the next day, 24 hours at most` }),
  messagesPerMinute: z.strictObject({ email: z.number().optional(), sms: z.number().optional() }).nullish()
    .meta({ description: 'How many messages leave a minute, by channel, spread evenly; a channel left out has its tier\'s rate, and a number above that is that' }),
  lawScope: z.enum(LAW_SCOPES).nullish().meta({ description: 'Do laws bind only the channels they name (`as_written`), or, as you choose, all of them (`every_channel`)?' }),
}).meta({ id: 'TenantLimitsChange' });

export const tenantLimitsOut = z.object({
  cap: cap.optional(),
  messagesPerRecipientPerDay: z.number().optional(),
  stopAfterUnanswered: z.number().optional(),
  pushesPerMemberPerDay: z.number().optional(),
  messagesPerMinute: z.object({ email: z.number().optional(), sms: z.number().optional() }).optional(),
  lawScope: z.enum(LAW_SCOPES).optional(),
}).meta({ id: 'TenantLimits' });

/** A change on top of the limits there are. */
export function mergeLimits(base: TenantLimits, change: z.output<typeof tenantLimitsIn> | undefined): TenantLimits {
  const merged = { ...base, ...change };
  return {
    ...(merged.cap == null ? {} : { cap: merged.cap }),
    ...(merged.messagesPerRecipientPerDay == null ? {} : { messagesPerRecipientPerDay: merged.messagesPerRecipientPerDay }),
    ...(merged.stopAfterUnanswered == null ? {} : { stopAfterUnanswered: merged.stopAfterUnanswered }),
    ...(merged.pushesPerMemberPerDay == null ? {} : { pushesPerMemberPerDay: merged.pushesPerMemberPerDay }),
    ...(merged.messagesPerMinute == null ? {} : { messagesPerMinute: merged.messagesPerMinute }),
    ...(merged.lawScope == null ? {} : { lawScope: merged.lawScope }),
  };
}

/** What is wrong with limits, by field of the request; empty when they are fine. */
export function limitsErrors(limits: TenantLimits): FieldError[] {
  return tenantLimitsProblems(limits).map((found) => readDomainProblem(found, '/limits'));
}
