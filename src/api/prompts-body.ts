import { z } from 'zod';
import type { PromptView } from '../../db/read/prompts.ts';
import { NO_PROMPT_REASONS, type NoPromptReason } from '../domain/prompt/decide-prompt.ts';
import { ownerFields } from './feed-owner.ts';
import { idOut, instantOut, iso, isoOrNull, textIn } from './fields.ts';

/* Moments as they come in, offers as they go out. */

const FIELDS = 20;
const field = z.union([z.string().max(200), z.number(), z.boolean(), z.null()]);

export const momentIn = z.strictObject({
  moment: z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'Give small letters, digits and underscores, a letter first').meta({ description: 'What has just happened: `practice_completed`, `results_viewed`, `session_rated`, `badge_earned` …' }),
  momentId: textIn(200).meta({ description: 'Your own id of this moment: asked again, you get the same offer' }),
  data: z.record(z.string().min(1).max(64), field).refine((data) => Object.keys(data).length <= FIELDS, `Must not hold more than ${String(FIELDS)} fields`).default({})
    .meta({ description: 'Figures, flags and short texts of the moment. Nothing of a person' }),
  locale: z.string().max(35).optional().meta({ description: 'BCP 47; left out: the member\'s own' }),
  ...ownerFields,
}).meta({ examples: [{ externalId: 'user-42', moment: 'practice_completed', momentId: 'session-981', data: { score: 0.8, answered: 10 } }] });

const words = z.object({ title: z.string(), body: z.string(), accept: z.string(), dismiss: z.string() }).meta({ description: 'Plain text in the member\'s language' });

export const promptOut = z.object({
  id: idOut('prm'),
  memberId: idOut('mbr'),
  programId: idOut('prg'),
  loop: z.string(),
  moment: z.string(),
  momentId: z.string(),
  variant: z.string(),
  words,
  deepLink: z.string().meta({ description: 'Where accepting leads: the program\'s destination with `promptId`' }),
  decidedAt: instantOut,
  expiresAt: instantOut.meta({ description: 'The offer is over then' }),
  shownAt: instantOut.nullable(),
  acceptedAt: instantOut.nullable(),
  dismissedAt: instantOut.nullable(),
  rating: z.int().nullable(),
}).meta({ id: 'Prompt' });

const reasons: [NoPromptReason, ...NoPromptReason[]] = ['no_loop', 'not_eligible', 'data_missing', 'minor', 'holdout', 'cap_hour', 'cap_day', 'ignored', 'dismissed'];

export const decisionOut = z.discriminatedUnion('decision', [
  z.object({ decision: z.literal('prompt'), prompt: promptOut }),
  z.object({
    decision: z.literal('none'),
    reason: z.enum(reasons),
    detail: z.string(),
    until: instantOut.nullable().meta({ description: 'When to ask again at the earliest; null: it is not a matter of time' }),
  }),
]).meta({ id: 'PromptDecision' });

export const answerIn = z.discriminatedUnion('answer', [
  z.strictObject({ answer: z.enum(['shown', 'accepted', 'dismissed']) }),
  z.strictObject({ answer: z.literal('rated'), rating: z.int().min(1).max(5).meta({ description: 'One tap: 1, not at all helpful, to 5' }) }),
]).meta({ examples: [{ answer: 'shown' }, { answer: 'rated', rating: 5 }] });

const limitFields = {
  perHour: z.int().min(0).max(20),
  perDay: z.int().min(0).max(100),
  stopAfterIgnored: z.int().min(1).max(50).meta({ description: 'After so many in a row that were shown and ignored …' }),
  restDays: z.int().min(1).max(90).meta({ description: '… nothing is offered for so long' }),
  coolingHours: z.int().min(0).max(720).meta({ description: 'After a dismissal nothing is offered for so long' }),
};
export const limitsIn = z.strictObject(limitFields).meta({ examples: [{ perHour: 1, perDay: 3, stopAfterIgnored: 5, restDays: 30, coolingHours: 24 }] });
export const limitsOut = z.object(limitFields).meta({ id: 'PromptLimits', description: 'Rolling: an hour is the 60 minutes before, a day the 24 hours before' });

export function promptBody({ id, memberId, programId, loop, moment, momentId, variant, words: said, decidedAt, expiresAt, shownAt, acceptedAt, dismissedAt, rating, destination }: PromptView, home: string): z.input<typeof promptOut> {
  return {
    id, memberId, programId, loop, moment, momentId, variant, words: said, rating, deepLink: withPrompt(destination ?? home, id),
    decidedAt: iso(decidedAt), expiresAt: iso(expiresAt), shownAt: isoOrNull(shownAt), acceptedAt: isoOrNull(acceptedAt), dismissedAt: isoOrNull(dismissedAt),
  };
}

export function noneBody(reason: NoPromptReason, until: number | null): Extract<z.input<typeof decisionOut>, { decision: 'none' }> {
  return { decision: 'none', reason, detail: NO_PROMPT_REASONS[reason], until: isoOrNull(until) };
}

function withPrompt(destination: string, id: string): string {
  const url = new URL(destination);
  url.searchParams.set('promptId', id);
  return url.href;
}
