import { z } from 'zod';
import type { RunMessageView, RunPersonView } from '../../db/read/run-people.ts';
import type { RunPromptView } from '../../db/read/run-prompt.ts';
import type { RunFactView, RunView } from '../../db/read/runs.ts';
import { runWorkflowId } from '../../workflows/kit/contract.ts';
import { inviteId } from '../domain/ids.ts';
import { NAMES_NOTHING } from './field-errors.ts';
import { idOut, instantOut, iso, isoOrNull } from './fields.ts';

export const RUN_STATES = ['open', 'paused', 'closed'] as const;

/** A run has the id of that whose life it is. */
export const runIdIn = z.string().transform((text, context): string => {
  if (/^[a-z]{3}_[0-9a-z]{26}$/.test(text)) return text;
  context.addIssue({ code: 'custom', message: 'This is no id of a run', params: NAMES_NOTHING });
  return z.NEVER;
}).meta({ description: 'The id of what it is the life of: a referral\'s, a payout\'s' });

const run = z.object({
  id: z.string().meta({ description: 'The id of what it is the life of: a referral\'s, a payout\'s' }),
  loop: z.string(),
  state: z.enum(RUN_STATES).meta({ description: '`paused` is open, too: it has no effects until it is resumed' }),
  stage: z.string(),
  generation: z.int().meta({ description: 'Grows when its life begins again: after its end, or because Temporal lost it' }),
  workflowId: z.string().meta({ description: 'Under which the Temporal UI shows this generation' }),
  dueAt: instantOut.nullable().meta({ description: 'Its next deadline; null: it waits for facts alone' }),
  capAt: instantOut.nullable().meta({ description: 'Shortened: no deadline is later' }),
  pausedAt: instantOut.nullable(),
  outcome: z.string().nullable().meta({ description: 'How it ended; null while it is open' }),
  reason: z.string().nullable(),
  input: z.record(z.string(), z.unknown()).meta({ description: 'What it began with: ids, terms, instants' }),
  openedAt: instantOut,
  movedAt: instantOut,
  closedAt: instantOut.nullable(),
});
export const runOut = run.meta({ id: 'Run' });

export const runWithFactsOut = run.extend({
  facts: z.array(z.object({
    id: z.string(),
    kind: z.string().meta({ description: '`#pause`, `#resume`, `#shorten`, `#cancel`: an operator\'s word; `#message`: what became of a message of it' }),
    data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    at: instantOut.meta({ description: 'When it happened: it counts by this' }),
    recordedAt: instantOut,
  })).meta({ description: 'What it was told, newest first; at most 200' }),
  people: z.array(z.object({
    id: z.string().meta({ description: '`mbr_…`, or `gst_…`: somebody who has not signed up' }),
    externalId: z.string().nullable(),
    role: z.string(),
    hears: z.record(z.string(), z.string()).meta({ description: 'Which of their events the run hears: an event\'s type to the run\'s fact' }),
    joinedAt: instantOut,
  })).meta({ description: 'Who is in it, where it is of a loop that is started for a member' }),
  messages: z.array(z.object({
    inviteId: z.string().meta({ description: '`GET /v1/invites/{id}/explain` tells its story' }),
    step: z.string(),
    kind: z.enum(['invite', 'message']),
    state: z.string(),
    reason: z.string().nullable(),
    dueAt: instantOut.nullable(),
    expiresAt: instantOut,
  })).meta({ description: 'What it sends, in the order of queueing' }),
  prompt: z.object({
    id: idOut('prm'),
    moment: z.string(),
    variant: z.string().meta({ description: 'The arm of the program\'s experiment' }),
    shownAt: instantOut.nullable(),
    acceptedAt: instantOut.nullable(),
  }).nullable().meta({ description: 'The offer that it came of; null: of none, or of one that is gone after 180 days' }),
  link: z.object({ code: z.string(), url: z.string() }).nullable().meta({ description: 'Leads to its landing page: to share by oneself, too, where a message could not leave in time' }),
}).meta({ id: 'RunWithFacts' });

export function runBody({ id, loop, stage, generation, input, dueAt, capAt, pausedAt, outcome, reason, openedAt, movedAt, closedAt }: RunView) {
  const open = pausedAt === null ? 'open' as const : 'paused' as const;
  return {
    id, loop, stage, generation, outcome, reason, input: { ...input },
    state: closedAt === null ? open : 'closed' as const,
    workflowId: runWorkflowId({ loop, runId: id, generation }),
    dueAt: isoOrNull(dueAt), capAt: isoOrNull(capAt), pausedAt: isoOrNull(pausedAt), openedAt: iso(openedAt), movedAt: iso(movedAt), closedAt: isoOrNull(closedAt),
  };
}

export function personBody({ joinedAt, hears, ...person }: RunPersonView) {
  return { ...person, hears: { ...hears }, joinedAt: iso(joinedAt) };
}

export function messageBody({ batchId, n, step, kind, state, reason, dueAt, expiresAt }: RunMessageView) {
  return { inviteId: inviteId({ batchId, n }), step, kind, state, reason, dueAt: isoOrNull(dueAt), expiresAt: iso(expiresAt) };
}

export function factBody({ id, kind, data, at, recordedAt }: RunFactView) {
  return { id, kind, data: { ...data }, at: iso(at), recordedAt: iso(recordedAt) };
}

export function promptOfRunBody({ shownAt, acceptedAt, ...prompt }: RunPromptView) {
  return { ...prompt, shownAt: isoOrNull(shownAt), acceptedAt: isoOrNull(acceptedAt) };
}
