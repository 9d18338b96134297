import { z } from 'zod';
import type { ProgramView } from '../../db/read/programs.ts';
import { CHANNELS } from '../../db/schema/programs.ts';
import type { ProgramTerms } from '../domain/program/terms.ts';
import { termsProblems } from '../domain/program/terms.ts';
import { idOut, instantOut, iso, isoOrNull, textIn } from './fields.ts';
import { problem } from './problems.ts';
import type { Problem } from './problems.ts';
import { readDomainProblem, sendRulesIn, sendRulesOut } from './send-rules.ts';

const copyFields = {
  subject: z.string().optional(),
  preheader: z.string().optional(),
  heading: z.string().optional(),
  paragraphs: z.array(z.string()).optional(),
  callToAction: z.string().optional(),
};
const copy = z.strictObject({ ...copyFields, reminder: z.strictObject(copyFields).optional() })
  .meta({ id: 'ProgramCopy', description: 'The program\'s own words, for the invitation and for its reminders; what is left out stays ours' });
const cap = z.strictObject({ perMemberPerDay: z.number() }).meta({ description: 'How many invites a member may send a day of the tenant\'s zone; the tenant itself has no cap' });
const reminders = z.array(z.strictObject({ afterHours: z.number() })).meta({ description: 'Each so many hours after the message before it left' });
const existingMembers = z.enum(['refuse', 'invite']).meta({ description: 'What happens to an invitee who is a member already' });

/** Terms as they come in: what is left out keeps its value (in a new program: the loop's default); null takes away. */
export const termsIn = z.strictObject({
  sendRules: sendRulesIn.optional(),
  cap: cap.optional(),
  coolingHours: z.number().optional().meta({ description: 'How long one recipient is left alone after an invite, per tenant' }),
  expiresAfterHours: z.number().optional(),
  reminders: reminders.optional(),
  eventBufferDays: z.number().nullish().meta({ description: 'Days kept free on either side of the inviting member\'s event dates' }),
  existingMembers: existingMembers.optional(),
  copy: copy.nullish(),
}).meta({ id: 'ProgramTermsChange' });

const termsOut = z.object({
  sendRules: sendRulesOut,
  cap,
  coolingHours: z.number(),
  expiresAfterHours: z.number(),
  reminders,
  eventBufferDays: z.number().optional(),
  existingMembers,
  copy: copy.optional(),
}).meta({ id: 'ProgramTerms' });

export const titleIn = textIn(120);

export const programOut = z.object({
  id: idOut('prg'),
  loop: z.string(),
  title: z.string(),
  channel: z.enum(CHANNELS),
  state: z.enum(['active', 'paused']),
  pausedAt: instantOut.nullable(),
  version: z.int().meta({ description: 'Grows with every change of title or terms; an invite keeps the copy, steps and expiry of its version' }),
  rulesVersion: z.int().meta({ description: 'Grows with every change of what is never pinned: send rules and the days around events' }),
  terms: termsOut,
  createdAt: instantOut,
  updatedAt: instantOut,
}).meta({ id: 'Program' });

export function programBody({ pausedAt, createdAt, updatedAt, ...program }: ProgramView) {
  return { ...program, state: pausedAt === null ? 'active' as const : 'paused' as const, pausedAt: isoOrNull(pausedAt), createdAt: iso(createdAt), updatedAt: iso(updatedAt) };
}

/** A change on top of the terms there are. */
export function mergeTerms(base: ProgramTerms, change: z.output<typeof termsIn>): ProgramTerms {
  const { eventBufferDays, copy: words, ...rest } = base;
  const days = change.eventBufferDays === undefined ? eventBufferDays : change.eventBufferDays;
  const ownWords = change.copy === undefined ? words : change.copy;
  return {
    sendRules: change.sendRules ?? rest.sendRules,
    cap: change.cap ?? rest.cap,
    coolingHours: change.coolingHours ?? rest.coolingHours,
    expiresAfterHours: change.expiresAfterHours ?? rest.expiresAfterHours,
    reminders: change.reminders ?? rest.reminders,
    existingMembers: change.existingMembers ?? rest.existingMembers,
    ...(days == null ? {} : { eventBufferDays: days }),
    ...(ownWords == null ? {} : { copy: ownWords }),
  };
}

const LONGEST_TERMS = 65_536;

/** Refuses terms that could not be kept, with every problem and its path; null when they are fine. */
export function refuseTerms(terms: ProgramTerms): Problem<'invalid_send_rules' | 'invalid_terms'> | null {
  const problems = termsProblems(terms);
  const errors = problems.map((found) => readDomainProblem(found, '/terms'));
  if (problems.some((found) => found.startsWith('sendRules.'))) return problem('invalid_send_rules', { errors });
  if (problems.length > 0) return problem('invalid_terms', { errors });
  if (JSON.stringify(terms).length > LONGEST_TERMS) return problem('invalid_terms', { errors: [{ path: '/terms', message: 'Terms must not be longer than 64 KB.' }] });
  return null;
}
