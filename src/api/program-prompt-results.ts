import { z } from 'zod';
import { readProgram } from '../../db/read/programs.ts';
import { readPromptResults } from '../../db/read/prompt-results.ts';
import { idIn, instantIn } from './fields.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const armOut = z.object({
  variant: z.string().meta({ description: 'The arm of the program\'s experiment, or `default`' }),
  offered: z.int(),
  shown: z.int(),
  accepted: z.int(),
  dismissed: z.int(),
  started: z.int().meta({ description: 'Runs that came of these offers: `promptId` in `POST /v1/runs`' }),
  outcomes: z.record(z.string(), z.int()).meta({ description: 'How those of them ended that have, by the loop\'s outcomes' }),
}).meta({ id: 'PromptResultsOfArm' });

const get = route({
  method: 'get',
  path: '/v1/programs/{id}/prompt-results',
  tag: 'Prompts',
  summary: 'What became of a program\'s offers, arm by arm',
  description: 'How often each arm was offered, shown, accepted and dismissed, how many runs came of it, and how those ended: an experiment over the words set against what it is for. Of offers that are kept still: 180 days.',
  params: z.strictObject({ id: idIn('prg') }),
  query: z.strictObject({ since: instantIn.optional().meta({ description: 'Only offers decided then or later' }) }),
  body: none,
  keyed: false,
  answers: { 200: z.object({ data: z.array(armOut) }) },
  problems: ['not_found'],
  async handle({ tx, tenantId, params: { id }, query: { since = 0 } }) {
    if ((await readProgram(tx, tenantId, id)) === null) return problem('not_found');
    return { status: 200, body: { data: await readPromptResults(tx, { tenantId, programId: id, since }) } };
  },
});

export const programPromptResultRoutes: readonly Route[] = [get];
