import type { Channel } from '../message/channel.ts';
import { creditRuleProblems, type CreditRule } from '../credit/credit-rule.ts';
import { CAP_PROFILE_NAMES, type ProgramCap } from '../invite/cap.ts';
import type { ConsentBasis } from '../invite/refusal-reasons.ts';
import type { CopyOverride } from '../message/copy-override.ts';
import { copyOverrideProblems } from '../message/copy-override.ts';
import type { NoticeKind } from '../notice/notice-kinds.ts';
import { peakTimesProblems, type PeakTimes } from './peak-times.ts';
import { rewardTermsProblems } from '../reward/reward-terms-problems.ts';
import type { RewardTerms } from '../reward/reward-terms.ts';
import type { LiveLife } from './live-life.ts';
import type { PromptTerms } from '../prompt/decide-prompt.ts';
import { sendRulesProblems } from '../send-time/plan-send.ts';
import type { SendTimeRules } from '../send-time/plan-send.ts';

/** A further message, so many hours after the one before it was handed off. */
export type ReminderStep = { readonly afterHours: number };

/** What a program sets. Stored with each of its versions; a run keeps the copy, steps and expiry of its own version. */
export type ProgramTerms = {
  readonly sendRules: SendTimeRules;
  /** By which ways its messages leave: by the first; a later one takes over where that refused one for good. */
  readonly channels: readonly Channel[];
  /** How many invites a member may send. */
  readonly cap: ProgramCap;
  /** How long one recipient is left alone after an accepted invite, per tenant. */
  readonly coolingHours: number;
  /** Counted from acceptance. */
  readonly expiresAfterHours: number;
  readonly reminders: readonly ReminderStep[];
  /** Days kept free on either side of the inviting member's event dates. */
  readonly eventBufferDays?: number | undefined;
  /** Times inside what is permitted for which a message waits a while; left out: none. */
  readonly peakTimes?: PeakTimes | undefined;
  /** What happens to an invitee who is a member already. */
  readonly existingMembers: 'refuse' | 'invite';
  readonly copy?: CopyOverride | undefined;
  /** Which bases of consent an invitee may be written to on; all when left out. */
  readonly consentBases?: readonly ConsentBasis[] | undefined;
  /** Where an invite's link leads; left out: the first of the tenant's allowed destinations. */
  readonly destination?: string | undefined;
  /** Who earns what; left out: nobody anything. A referral keeps those of the version at its sign-up. */
  readonly rewards?: RewardTerms | undefined;
  /** Which steps members are told of by mail; left out: see `noticesOf`. */
  readonly notices?: readonly NoticeKind[] | undefined;
  /** Who has the credit for a sign-up; left out: `DEFAULT_CREDIT_RULE`. */
  readonly credit?: Omit<CreditRule, 'closedAt'> | undefined;
  /** The loop's own numbers where they are not its defaults; a run keeps those of its start. */
  readonly life?: Readonly<Record<string, number>> | undefined;
  /** How the loop is offered to members: what an accepted offer is worth, and an experiment over its words. */
  readonly prompt?: PromptTerms | undefined;
};

/** A loop as data: what the API, the console and the docs show without running it. */
export type LoopDefinition<Key extends string = string> = {
  readonly key: Key;
  readonly title: string;
  readonly summary: string;
  /** What its messages are about, unless a program says another: people opt out by topic. */
  readonly topic: string;
  /** What starts it. */
  readonly trigger: string;
  /** The named stages of one life, in order; of a live loop each with what ops read of it. */
  readonly stages: readonly string[] | Readonly<Record<string, string>>;
  /** Those that it can use. */
  readonly channels: readonly Channel[];
  readonly defaultTerms: ProgramTerms;
  /** A run of its own, started for a member; left out: its life is rows, or begins by itself. */
  readonly life?: LiveLife;
};

export const TERMS_LIMITS = { perMemberPerDay: 10_000, coolingHours: 24 * 90, expiresAfterHours: 24 * 365, reminders: 5, eventBufferDays: 60 } as const;

/** What is wrong with terms before they are saved, each with its path; empty when they are fine. `tenantUnits`: the units the tenant has defined. */
export function termsProblems(terms: ProgramTerms, tenantUnits: ReadonlySet<string> = new Set()): string[] {
  const { cap, coolingHours, expiresAfterHours, reminders, eventBufferDays, copy } = terms;
  return [
    ...sendRulesProblems(terms.sendRules).map((problem) => `sendRules.${problem}`),
    ...(terms.sendRules.zones === undefined ? [] : ['sendRules.zones: are each recipient\'s own; leave them out of a program']),
    ...(new Set(terms.channels).size === terms.channels.length ? [] : ['channels: name each once']),
    ...capProblems(cap),
    ...between('coolingHours', coolingHours, 0, TERMS_LIMITS.coolingHours),
    ...between('expiresAfterHours', expiresAfterHours, 1, TERMS_LIMITS.expiresAfterHours),
    ...remindersProblems(reminders, expiresAfterHours),
    ...(eventBufferDays === undefined ? [] : whole('eventBufferDays', eventBufferDays, 0, TERMS_LIMITS.eventBufferDays)),
    ...(terms.peakTimes === undefined ? [] : peakTimesProblems(terms.peakTimes, terms.sendRules).map((problem) => `peakTimes.${problem}`)),
    ...(copy === undefined ? [] : copyOverrideProblems(copy).map((problem) => `copy.${problem}`)),
    ...(terms.rewards === undefined ? [] : rewardTermsProblems(terms.rewards, tenantUnits).map((problem) => `rewards.${problem}`)),
    ...(terms.credit === undefined ? [] : creditRuleProblems(terms.credit).map((problem) => `credit.${problem}`)),
  ];
}

function capProblems(cap: ProgramCap): string[] {
  if ('perMemberPerDay' in cap) return whole('cap.perMemberPerDay', cap.perMemberPerDay, 0, TERMS_LIMITS.perMemberPerDay);
  return CAP_PROFILE_NAMES.includes(cap.profile) ? [] : [`cap.profile: must be one of ${CAP_PROFILE_NAMES.join(', ')}`];
}

function remindersProblems(reminders: readonly ReminderStep[], expiresAfterHours: number): string[] {
  if (reminders.length > TERMS_LIMITS.reminders) return [`reminders: has ${String(reminders.length)}; at most ${String(TERMS_LIMITS.reminders)} are possible`];
  const problems = reminders.flatMap((step, index) => between(`reminders[${String(index)}].afterHours`, step.afterHours, 1, TERMS_LIMITS.expiresAfterHours));
  const total = reminders.reduce((sum, step) => sum + step.afterHours, 0);
  if (problems.length === 0 && reminders.length > 0 && expiresAfterHours >= 1 && total >= expiresAfterHours) {
    problems.push(`reminders: the last would come ${String(total)} hours after the invitation, when it has expired (expiresAfterHours ${String(expiresAfterHours)})`);
  }
  return problems;
}

function between(path: string, value: number, min: number, max: number): string[] {
  return value >= min && value <= max ? [] : [`${path}: is ${String(value)}; ${String(min)} to ${String(max)} is possible`];
}

function whole(path: string, value: number, min: number, max: number): string[] {
  return Number.isInteger(value) ? between(path, value, min, max) : [`${path}: is ${String(value)}; a whole number is needed`];
}
