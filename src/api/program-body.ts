import { z } from 'zod';
import type { ProgramView } from '../../db/read/programs.ts';
import { CHANNELS } from '../domain/message/channel.ts';
import { CAP_PROFILE_NAMES } from '../domain/invite/cap.ts';
import { CONSENT_BASES } from '../domain/invite/refusal-reasons.ts';
import { checkDestination, LONGEST_DESTINATION } from '../domain/link/check-destination.ts';
import type { DestinationRules } from '../domain/link/check-destination.ts';
import { findLoop } from '../../workflows/registry.ts';
import { liveTermsProblems } from '../domain/program/live-loop.ts';
import type { ProgramTerms } from '../domain/program/terms.ts';
import { termsProblems } from '../domain/program/terms.ts';
import { NOTICE_KINDS } from '../domain/notice/notice-kinds.ts';
import { idOut, instantOut, iso, isoOrNull, textIn } from './fields.ts';
import { planSend } from '../domain/send-time/plan-send.ts';
import { problem } from './problems.ts';
import type { Problem } from './problems.ts';
import { promptCopy } from './prompt-words.ts';
import { peakTimes } from './peak-times-body.ts';
import { copyInOut } from './program-copy-body.ts';
import { promptTermsIn, promptTermsOut, promptTermsProblems } from './program-prompt-body.ts';
import { creditInOut, rewardTermsBody, rewardTermsIn, rewardTermsOut } from './program-rewards-body.ts';
import { readDomainProblem, sendRulesIn, sendRulesOut } from './send-rules.ts';

const cap = z.union([
  z.strictObject({ profile: z.enum(CAP_PROFILE_NAMES) }),
  z.strictObject({ perMemberPerDay: z.number() }),
]).meta({ description: 'How many invites a member may send; the tenant itself has no cap. Profiles: `consumer` (10 a day of the tenant\'s zone, more is refused), `business` (50 an hour, more leaves in the next hour with room), `tenant` (the cap of the tenant\'s own limits); or a number a day, more is refused' });
const channels = z.array(z.enum(CHANNELS)).min(1).max(CHANNELS.length).meta({ description: 'By which ways messages leave, in order: a later one takes over where the first refused a message for good. `["email"]` when left out; SMS needs an invitee\'s phone number and consent' });
const reminders = z.array(z.strictObject({ afterHours: z.number() })).meta({ description: 'Each so many hours after the message before it left' });
const existingMembers = z.enum(['refuse', 'invite']).meta({ description: 'What happens to an invitee who is a member already' });

const consentBases = z.array(z.enum(CONSENT_BASES)).min(1).max(CONSENT_BASES.length).meta({ description: 'On which bases of consent an invitee may be written to; all when left out' });
const destination = z.string().max(LONGEST_DESTINATION).meta({ description: 'Where an invite\'s link leads: an `https://` address on the tenant\'s list; left out: the first host of the list' });

const notices = z.array(z.enum(NOTICE_KINDS)).max(NOTICE_KINDS.length).meta({ description: 'Which steps members are told of by e-mail, under the topic `referral_updates`; none: `[]`. Left out: all where the program has rewards, else none' });

const life = z.record(z.string().max(40), z.number()).meta({ description: 'The loop\'s own numbers where they are not its defaults; a run keeps those of its start' });

/** Terms as they come in: what is left out keeps its value (in a new program: the loop's default); null takes away. */
export const termsIn = z.strictObject({
  channels: channels.optional(),
  sendRules: sendRulesIn.optional(),
  cap: cap.optional(),
  coolingHours: z.number().optional().meta({ description: 'How long one recipient is left alone after an invite, per tenant' }),
  expiresAfterHours: z.number().optional(),
  reminders: reminders.optional(),
  eventBufferDays: z.number().nullish().meta({ description: 'Days kept free on either side of the inviting member\'s event dates' }),
  peakTimes: peakTimes.nullish(),
  existingMembers: existingMembers.optional(),
  copy: copyInOut.nullish(),
  consentBases: consentBases.nullish(),
  destination: destination.nullish(),
  rewards: rewardTermsIn.nullish(),
  notices: notices.nullish(),
  credit: creditInOut.nullish(),
  life: life.nullish(),
  prompt: promptTermsIn.nullish(),
}).meta({ id: 'ProgramTermsChange' });

export const termsOut = z.object({
  channels,
  sendRules: sendRulesOut,
  cap,
  coolingHours: z.number(),
  expiresAfterHours: z.number(),
  reminders,
  eventBufferDays: z.number().optional(),
  peakTimes: peakTimes.optional(),
  existingMembers,
  copy: copyInOut.optional(),
  consentBases: consentBases.optional(),
  destination: destination.optional(),
  rewards: rewardTermsOut.optional(),
  notices: notices.optional(),
  credit: creditInOut.optional(),
  life: life.optional(),
  prompt: promptTermsOut.optional(),
}).meta({ id: 'ProgramTerms' });

export const titleIn = textIn(120);
export const topicIn = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'Give 1 to 40 small letters, digits and underscores, a letter first').meta({ description: 'What the messages are about: people opt out by topic. Left out in a new program: the loop\'s own. Not part of a version: a change binds what waits, too' });

export const programOut = z.object({
  id: idOut('prg'),
  loop: z.string(),
  title: z.string(),
  topic: z.string().meta({ description: 'What its messages are about: people opt out by topic' }),
  state: z.enum(['active', 'paused']),
  pausedAt: instantOut.nullable(),
  version: z.int().meta({ description: 'Grows with every change of title or terms; an invite keeps the copy, steps and expiry of its version' }),
  rulesVersion: z.int().meta({ description: 'Grows with every change of what is never pinned: send rules, caps that defer, the days around events, peak times (also when new ones are learnt)' }),
  terms: termsOut,
  createdAt: instantOut,
  updatedAt: instantOut,
}).meta({ id: 'Program' });

export function programBody({ pausedAt, createdAt, updatedAt, terms, ...program }: ProgramView) {
  return { ...program, terms: termsBody(terms), state: pausedAt === null ? 'active' as const : 'paused' as const, pausedAt: isoOrNull(pausedAt), createdAt: iso(createdAt), updatedAt: iso(updatedAt) };
}

/** Terms as they go out: instants as texts. */
export function termsBody({ rewards, ...terms }: ProgramTerms) {
  return { ...terms, ...(rewards === undefined ? {} : { rewards: rewardTermsBody(rewards) }) };
}

/** A change on top of the terms there are. */
export function mergeTerms(base: ProgramTerms, change: z.output<typeof termsIn>): ProgramTerms {
  const eventBufferDays = keepOrClear(base.eventBufferDays, change.eventBufferDays);
  const peaks = keepOrClear(base.peakTimes, change.peakTimes);
  const words = keepOrClear(base.copy, change.copy);
  const bases = keepOrClear(base.consentBases, change.consentBases);
  const leadsTo = keepOrClear(base.destination, change.destination);
  const rewards = keepOrClear(base.rewards, change.rewards);
  const told = keepOrClear(base.notices, change.notices);
  const credit = keepOrClear(base.credit, change.credit);
  const numbers = keepOrClear(base.life, change.life);
  const offers = keepOrClear(base.prompt, change.prompt);
  return {
    sendRules: change.sendRules ?? base.sendRules,
    channels: change.channels ?? base.channels,
    cap: change.cap ?? base.cap,
    coolingHours: change.coolingHours ?? base.coolingHours,
    expiresAfterHours: change.expiresAfterHours ?? base.expiresAfterHours,
    reminders: change.reminders ?? base.reminders,
    existingMembers: change.existingMembers ?? base.existingMembers,
    ...(eventBufferDays === undefined ? {} : { eventBufferDays }),
    ...(peaks === undefined ? {} : { peakTimes: peaks }),
    ...(words === undefined ? {} : { copy: words }),
    ...(bases === undefined ? {} : { consentBases: bases }),
    ...(leadsTo === undefined ? {} : { destination: leadsTo }),
    ...(rewards === undefined ? {} : { rewards }),
    ...(told === undefined ? {} : { notices: told }),
    ...(credit === undefined ? {} : { credit }),
    ...(numbers === undefined ? {} : { life: numbers }),
    ...(offers === undefined ? {} : { prompt: offers }),
  };
}

function keepOrClear<T>(kept: T | undefined, changed: T | null | undefined): T | undefined {
  return changed === undefined ? kept : changed ?? undefined;
}

const LONGEST_TERMS = 65_536;

/** What terms are judged by besides themselves. */
export type TermsRules = { readonly destinations: DestinationRules; /** The units the tenant has defined. */ readonly units: ReadonlySet<string>; /** The key of the program's loop. */ readonly loop: string };

/** Refuses terms that could not be kept, with every problem and its path; null when they are fine. */
export function refuseTerms(terms: ProgramTerms, { destinations, units, loop }: TermsRules): Problem<'invalid_send_rules' | 'invalid_terms'> | null {
  const leadsTo = terms.destination === undefined ? null : checkDestination(terms.destination, destinations);
  const problems = [...termsProblems(terms, units), ...liveTermsProblems(findLoop(loop)?.definition.life, terms.life ?? {}),
    ...(terms.prompt === undefined ? [] : promptTermsProblems(terms.prompt, promptCopy(loop, null))), ...(leadsTo?.outcome === 'refused' ? [`destination: ${leadsTo.say}`] : [])];
  const errors = problems.map((found) => readDomainProblem(found, '/terms'));
  if (problems.some((found) => found.startsWith('sendRules.'))) return problem('invalid_send_rules', { errors });
  if (problems.length > 0) return problem('invalid_terms', { errors });
  if (JSON.stringify(terms).length > LONGEST_TERMS) return problem('invalid_terms', { errors: [{ path: '/terms', message: 'Terms must not be longer than 64 KB.' }] });
  return null;
}

/** Refuses send rules that are about to be saved and leave no moment from now on: an end in the past, a stop without an end in sight. */
export function refuseRulesWithoutFuture(change: z.output<typeof termsIn> | undefined, now: number): Problem<'invalid_send_rules'> | null {
  if (change?.sendRules === undefined) return null;
  const plan = planSend({ now, zone: 'UTC', rules: { ...change.sendRules, policy: 'hold', maxDelayMinutes: undefined } });
  if (plan.outcome !== 'expired' && plan.outcome !== 'never') return null;
  return problem('invalid_send_rules', { errors: [{ path: '/terms/sendRules', message: `These rules leave no moment from now on. ${plan.why}` }] });
}
