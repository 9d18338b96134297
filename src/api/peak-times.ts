import { z } from 'zod';
import { learntFor, type LearntRow } from '../../db/read/learnt-peaks.ts';
import { readProgram } from '../../db/read/programs.ts';
import { peakInForce, type LearntWindows, type PeakInForce, type PeakTimes } from '../domain/program/peak-times.ts';
import { idIn, instantOut, iso } from './fields.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';
import { timeRange } from './send-rules.ts';

const rate = z.number().meta({ description: 'Answered of sent, drawn towards the mean where there are few messages' });
const weekday = z.int().meta({ description: '1 Monday to 7 Sunday' });

const inForceOut = z.object({
  source: z.enum(['terms', 'learnt_of_program', 'learnt_of_tenant']).meta({ description: 'Told by the program\'s terms, or learnt from its own answers, or from those of all the tenant\'s programs' }),
  windows: z.array(timeRange),
  months: z.array(z.int()).optional(),
  waitHours: z.number(),
}).meta({ id: 'PeakTimesInForce' });

const learntOut = z.object({
  outcome: z.enum(['learnt', 'kept', 'none', 'not_enough_data']).meta({ description: '`kept`: nothing is clearly better than the windows before; `none`: no time stands out' }),
  needs: z.string().nullable().meta({ description: 'What is missing, where there is not enough data' }),
  windows: z.array(z.object({
    days: z.array(weekday), start: z.string(), end: z.string(), sent: z.int(), answered: z.int(), rate,
    low: z.number(), high: z.number().meta({ description: 'With `low`: where the rate lies with 95 % certainty' }),
    restRate: z.number().meta({ description: 'The rate of all other hours' }),
  })),
  since: instantOut, until: instantOut,
  sent: z.int(), answered: z.int(),
  hours: z.array(z.object({ weekday, hour: z.int(), sent: z.int(), answered: z.int(), rate })).meta({ description: 'Each hour of the recipients\' week in which a message left; rates are smoothed over neighbouring hours' }),
  learntAt: instantOut.meta({ description: 'When the windows became these' }),
  lookedAt: instantOut.meta({ description: 'When the answers were last counted; once a week' }),
}).meta({ id: 'LearntPeakTimes', description: 'Messages handed off, and those answered (first counted click, or joined) within 24 hours, by the hour of the recipient\'s week, over 90 days' });

const get = route({
  method: 'get',
  path: '/v1/programs/{id}/peak-times',
  tag: 'Programs',
  summary: 'When do this program\'s messages do best?',
  description: 'The peak times in force, where they come from, and what answers taught: of this program, and of all the tenant\'s programs together. Null where nobody has counted yet. Learnt times are counted for every program, used only where its terms say `peakTimes.learnt`.',
  params: z.strictObject({ id: idIn('prg') }),
  query: none,
  body: none,
  keyed: false,
  answers: {
    200: z.object({
      inForce: inForceOut.nullable().meta({ description: 'Null: messages leave at the first permitted time' }),
      why: z.string().meta({ description: 'Where it comes from, for people' }),
      ofProgram: learntOut.nullable(),
      ofTenant: learntOut.nullable(),
    }).meta({ id: 'ProgramPeakTimes' }),
  },
  problems: ['not_found'],
  async handle({ tx, tenantId, params }) {
    const program = await readProgram(tx, tenantId, params.id);
    if (program === null) return problem('not_found');
    const learnt = await learntFor(tx, tenantId, params.id);
    const inForce = peakInForce(program.terms.peakTimes, windowsOf(learnt));
    return { status: 200, body: { inForce, why: say(program.terms.peakTimes, inForce, learnt.program ?? learnt.tenant), ofProgram: learntBody(learnt.program), ofTenant: learntBody(learnt.tenant) } };
  },
});

/** The program's own where it has some, as a plan reads them. */
function windowsOf({ program, tenant }: { program: LearntRow | null; tenant: LearntRow | null }): LearntWindows | null {
  if (program !== null && program.windows.length > 0) return { windows: program.windows, from: 'program' };
  return tenant === null ? null : { windows: tenant.windows, from: 'tenant' };
}

function say(asked: PeakTimes | undefined, inForce: PeakInForce | null, looked: LearntRow | null): string {
  if (asked === undefined) return 'The program\'s terms name no peak times.';
  if (inForce === null) {
    if (looked === null) return 'The terms ask for learnt peak times, and nothing has been counted yet: that happens once a week.';
    return looked.basis.outcome === 'not_enough_data' ? `The terms ask for learnt peak times, and there is not enough data: it takes ${looked.basis.needs ?? 'more messages'}.` : 'The terms ask for learnt peak times, and no time of the week stands out.';
  }
  const wait = `A message waits up to ${String(inForce.waitHours)} hours for one`;
  switch (inForce.source) {
    case 'terms': return `The program's terms name these times. ${wait}.`;
    case 'learnt_of_program': return `Learnt from how this program's messages were answered. ${wait}.`;
    case 'learnt_of_tenant': return `Learnt from how the messages of all programs were answered: this program alone has taught none. ${wait}.`;
  }
}

function learntBody(row: LearntRow | null) {
  if (row === null) return null;
  const { outcome, needs = null, evidence, sinceAt, untilAt, sent, answered, hours } = row.basis;
  return { outcome, needs, windows: evidence, since: iso(sinceAt), until: iso(untilAt), sent, answered, hours, learntAt: iso(row.learntAt), lookedAt: iso(row.lookedAt) };
}

export const peakTimeRoutes: readonly Route[] = [get];
