import { z } from 'zod';
import { closeProgram, reopenProgram } from '../../db/write/close-program.ts';
import { idIn, idOut, instantOut, isoOrNull } from './fields.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const tag = 'Programs';

/** What closing and opening again have in common. */
const switching = {
  params: z.strictObject({ id: idIn('prg') }),
  query: none,
  body: none,
  keyed: true,
  answers: { 200: z.object({ id: idOut('prg'), closedAt: instantOut.nullable().meta({ description: 'Since when it takes no sign-ups; null: it does' }) }) },
  problems: ['not_found'],
} as const;

const close = route({
  method: 'post',
  path: '/v1/programs/{id}/close',
  tag,
  summary: 'Close a program to sign-ups',
  description: 'Who signs up from now on is credited to nobody in it; the claim is kept as `program_closed`. Referrals that began go on, and so do invites: pause it to hold those. Closing it again changes nothing.',
  ...switching,
  async handle({ tx, tenantId, keyId, now, params }) {
    const done = await closeProgram(tx, { tenantId, programId: params.id, actor: keyId, now });
    return done === null ? problem('not_found') : { status: 200, body: { id: params.id, closedAt: isoOrNull(done.closedAt) } };
  },
});

const reopen = route({
  method: 'post',
  path: '/v1/programs/{id}/reopen',
  tag,
  summary: 'Open a program to sign-ups again',
  description: 'What was refused meanwhile stays so. Opening one that is open changes nothing.',
  ...switching,
  async handle({ tx, tenantId, keyId, now, params }) {
    const isKnown = await reopenProgram(tx, { tenantId, programId: params.id, actor: keyId, now });
    return isKnown ? { status: 200, body: { id: params.id, closedAt: null } } : problem('not_found');
  },
});

export const programClosingRoutes: readonly Route[] = [close, reopen];
