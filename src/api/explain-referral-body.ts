import { z } from 'zod';
import type { ReferralEntry } from '../domain/explain/referral/entry.ts';
import { REFERRAL_ENTRY_KINDS, REFERRAL_SOURCES } from '../domain/explain/referral/entry.ts';
import type { ReferralStoryFacts } from '../domain/explain/referral/facts.ts';
import type { ReferralStory } from '../domain/explain/referral/story.ts';
import { runWorkflowId } from '../../workflows/kit/contract.ts';
import { idOut, instantOut, iso, isoOrNull } from './fields.ts';

const entryOut = z.object({
  at: instantOut,
  kind: z.enum(REFERRAL_ENTRY_KINDS),
  title: z.string().meta({ description: 'What happened, as a sentence; times in UTC' }),
  rule: z.string().meta({ description: 'By which rule, in plain words' }),
  inputs: z.record(z.string(), z.unknown()).meta({ description: 'Ids, codes, figures, instants. No personal data' }),
  actor: z.string(),
  source: z.object({ kind: z.enum(REFERRAL_SOURCES), id: z.string() }).meta({ description: 'The row it was read from' }),
}).meta({ id: 'ReferralStoryEntry' });

export const referralStoryOut = z.object({
  referralId: idOut('ref'),
  programId: idOut('prg'),
  programVersion: z.int().meta({ description: 'Whose reward terms are pinned to it' }),
  referrerId: z.string(),
  refereeId: z.string(),
  workflowId: z.string().nullable().meta({ description: 'Its run in Temporal; null: it never had one' }),
  now: z.object({
    at: instantOut,
    state: z.enum(['attributed', 'activated', 'qualified', 'rewarded', 'voided']),
    stage: z.string().nullable().meta({ description: 'Where its run stands, as the Temporal UI shows it' }),
    paused: z.boolean(),
    waitsFor: z.string().meta({ description: 'What it waits for now, as a sentence' }),
    nextAt: instantOut.nullable().meta({ description: 'When the next thing happens by itself' }),
  }),
  entries: z.array(entryOut).meta({ description: 'The whole story, oldest first' }),
}).meta({ id: 'ReferralStory' });

/** The story of one referral as it goes out. `now`: the instant (epoch ms) it was told at. */
export function referralStoryBody({ referral, run }: ReferralStoryFacts, story: ReferralStory, now: number): z.input<typeof referralStoryOut> {
  return {
    referralId: referral.id,
    programId: referral.programId,
    programVersion: referral.programVersion,
    referrerId: referral.referrerId,
    refereeId: referral.refereeId,
    workflowId: run === null ? null : runWorkflowId({ loop: 'referral', runId: referral.id, generation: run.generation }),
    now: { ...story.now, at: iso(now), stage: run?.stage ?? null, nextAt: isoOrNull(story.now.nextAt) },
    entries: story.entries.map(entryBody),
  };
}

function entryBody({ at, inputs, ...entry }: ReferralEntry): z.input<typeof entryOut> {
  return { ...entry, at: iso(at), inputs: { ...inputs } };
}
