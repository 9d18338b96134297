import { z } from 'zod';
import { destinationRules } from '../../db/read/link-owner.ts';
import { listPrograms, lockProgram, readProgram } from '../../db/read/programs.ts';
import { unitNames } from '../../db/read/tenant-units.ts';
import type { ProgramView } from '../../db/read/programs.ts';
import { createProgram } from '../../db/write/create-program.ts';
import { defineUnits } from '../../db/write/rewards/define-units.ts';
import { pauseProgram, resumeProgram } from '../../db/write/pause-program.ts';
import { updateProgram } from '../../db/write/update-program.ts';
import { findLoop } from '../../workflows/registry.ts';
import { isId } from '../domain/ids.ts';
import type { ProgramId } from '../domain/ids.ts';
import { idIn } from './fields.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { problem } from './problems.ts';
import { mergeTerms, programBody, programOut, refuseRulesWithoutFuture, refuseTerms, termsIn, titleIn, topicIn } from './program-body.ts';
import type { TermsRules } from './program-body.ts';
import { refuseChannels } from './refuse-channels.ts';
import { none, route } from './route.ts';
import type { Call, Route } from './route.ts';

const tag = 'Programs';
const LIST = 'programs';
const byId = z.strictObject({ id: idIn('prg') });

const create = route({
  method: 'post',
  path: '/v1/programs',
  tag,
  summary: 'Make a program',
  description: 'A standing offer: a loop with its terms. Terms that are left out are the loop\'s defaults. Send rules that could never be kept are refused here, not when a message should leave.',
  params: none,
  query: none,
  body: z.strictObject({ loop: z.string().max(60), title: titleIn, topic: topicIn.optional(), terms: termsIn.optional() }).meta({
    examples: [{ loop: 'invite', title: 'Invite a friend', terms: { cap: { perMemberPerDay: 5 }, reminders: [{ afterHours: 72 }], sendRules: { layers: [{ label: 'mornings', windows: [{ start: '09:00', end: '12:00' }] }] } } }],
  }),
  keyed: true,
  answers: { 201: programOut },
  problems: ['invalid_request', 'invalid_send_rules', 'invalid_terms', 'channel_not_available'],
  async handle({ tx, tenantId, keyId, now, services, body }) {
    const loop = findLoop(body.loop);
    if (loop === null) return problem('invalid_request', { errors: [{ path: '/loop', message: 'There is no such loop.' }] });
    const { key, topic, channels: [channel], defaultTerms } = loop.definition;
    if (channel === undefined) throw new Error(`the loop ${key} has no channel`);
    const terms = mergeTerms(defaultTerms, body.terms ?? {});
    if (body.terms?.rewards === undefined) await defineLoopUnits({ tx, tenantId, keyId, now }, loop.definition.life?.units ?? {});
    const refusal = refuseChannels(services, body.terms?.channels) ?? refuseTerms(terms, await termsRules({ tx, tenantId }, key)) ?? refuseRulesWithoutFuture(body.terms, now);
    if (refusal !== null) return refusal;
    const id = await createProgram(tx, { tenantId, loop: key, title: body.title, topic: body.topic ?? topic, terms, actor: keyId, now });
    return { status: 201, body: programBody(await programThatIs({ tx, tenantId }, id)) };
  },
});

const update = route({
  method: 'patch',
  path: '/v1/programs/{id}',
  tag,
  summary: 'Change a program',
  description: 'Fields of `terms` that are sent replace those there are; the others stay. Every change makes a new version, which binds new invites; those that run keep their copy, steps and expiry. Send rules, the days around events and peak times bind what waits, too: it is planned again.',
  params: byId,
  query: none,
  body: z.strictObject({ title: titleIn.optional(), topic: topicIn.optional(), terms: termsIn.optional() }).meta({ examples: [{ terms: { cap: { perMemberPerDay: 20 } } }] }),
  keyed: false,
  answers: { 200: programOut },
  problems: ['not_found', 'invalid_send_rules', 'invalid_terms', 'channel_not_available'],
  async handle({ tx, tenantId, keyId, now, services, params, body }) {
    const before = await lockProgram(tx, tenantId, params.id);
    if (before === null) return problem('not_found');
    const terms = mergeTerms(before.terms, body.terms ?? {});
    const refusal = refuseChannels(services, body.terms?.channels) ?? refuseTerms(terms, await termsRules({ tx, tenantId }, before.loop)) ?? refuseRulesWithoutFuture(body.terms, now);
    if (refusal !== null) return refusal;
    await updateProgram(tx, before, { tenantId, title: body.title ?? before.title, topic: body.topic ?? before.topic, terms, actor: keyId, now });
    return { status: 200, body: programBody(await programThatIs({ tx, tenantId }, params.id)) };
  },
});

const pause = route({
  method: 'post',
  path: '/v1/programs/{id}/pause',
  tag,
  summary: 'Pause a program',
  description: 'It refuses new invites with `program_paused` and holds those that wait; their expiry runs on. Pausing it again changes nothing.',
  ...switching(),
  async handle({ tx, tenantId, keyId, now, params }) {
    const program = await lockProgram(tx, tenantId, params.id);
    if (program === null) return problem('not_found');
    await pauseProgram(tx, program, { tenantId, actor: keyId, now });
    return { status: 200, body: programBody(await programThatIs({ tx, tenantId }, params.id)) };
  },
});

const resume = route({
  method: 'post',
  path: '/v1/programs/{id}/resume',
  tag,
  summary: 'Resume a program',
  description: 'What waited is planned again under today\'s rules. Resuming a program that runs changes nothing.',
  ...switching(),
  async handle({ tx, tenantId, keyId, now, params }) {
    const program = await lockProgram(tx, tenantId, params.id);
    if (program === null) return problem('not_found');
    await resumeProgram(tx, program, { tenantId, actor: keyId, now });
    return { status: 200, body: programBody(await programThatIs({ tx, tenantId }, params.id)) };
  },
});

/** What pause and resume have in common. */
function switching() {
  return { params: byId, query: none, body: none, keyed: true, answers: { 200: programOut }, problems: ['not_found'] as const };
}

const get = route({
  method: 'get',
  path: '/v1/programs/{id}',
  tag,
  summary: 'Read a program',
  description: 'With the terms of its current version.',
  params: byId,
  query: none,
  body: none,
  keyed: false,
  answers: { 200: programOut },
  problems: ['not_found'],
  async handle({ tx, tenantId, params }) {
    const program = await readProgram(tx, tenantId, params.id);
    return program === null ? problem('not_found') : { status: 200, body: programBody(program) };
  },
});

const list = route({
  method: 'get',
  path: '/v1/programs',
  tag,
  summary: 'List programs, newest first',
  description: 'With the terms of their current versions.',
  params: none,
  query: z.strictObject(pageQuery),
  body: none,
  keyed: false,
  answers: { 200: pageOf(programOut) },
  problems: ['invalid_cursor'],
  async handle({ tx, tenantId, query }) {
    const after = readCursor(LIST, query.cursor, ([id = '', ...more]) => isId('prg', id) && more.length === 0);
    if (after === null) return problem('invalid_cursor');
    const rows = await listPrograms(tx, tenantId, { after: after?.[0] ?? null, limit: query.limit + 1 });
    return { status: 200, body: makePage(LIST, rows, query.limit, { item: programBody, after: (program) => [program.id] }) };
  },
});

/** The loop's own rewards need its units; those that the tenant has keep their titles. */
async function defineLoopUnits({ tx, tenantId, keyId, now }: Pick<Call, 'tx' | 'tenantId' | 'keyId' | 'now'>, units: Readonly<Record<string, string>>): Promise<void> {
  const known = Object.keys(units).length === 0 ? new Set<string>() : await unitNames(tx, tenantId);
  await defineUnits(tx, { tenantId, units: Object.entries(units).flatMap(([unit, title]) => (known.has(unit) ? [] : [{ unit, title }])), actor: keyId, now });
}

async function termsRules({ tx, tenantId }: Pick<Call, 'tx' | 'tenantId'>, loop: string): Promise<TermsRules> {
  return { destinations: await destinationRules(tx, tenantId), units: await unitNames(tx, tenantId), loop };
}

async function programThatIs({ tx, tenantId }: Pick<Call, 'tx' | 'tenantId'>, id: ProgramId): Promise<ProgramView> {
  const program = await readProgram(tx, tenantId, id);
  if (program === null) throw new Error('a program that was just written is gone');
  return program;
}

export const programRoutes: readonly Route[] = [create, list, get, update, pause, resume];
