import { z } from 'zod';
import { countRunningInvites, listProgramVersions, readProgramVersions } from '../../db/read/program-versions.ts';
import { readProgram } from '../../db/read/programs.ts';
import { idIn } from './fields.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { problem } from './problems.ts';
import { termsBody } from './program-body.ts';
import { diffBody, diffOut, versionBody, versionInPath, versionInQuery, versionOut, versionWithTermsOut } from './program-version-body.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const tag = 'Programs';
const LIST = 'program-versions';
const byId = z.strictObject({ id: idIn('prg') });

const list = route({
  method: 'get',
  path: '/v1/programs/{id}/versions',
  tag,
  summary: 'List a program\'s versions, newest first',
  description: 'Every change of title or terms made one, and none is ever altered. With who saved it, what changed, and how many invites still run on it.',
  params: byId,
  query: z.strictObject(pageQuery),
  body: none,
  keyed: false,
  answers: { 200: pageOf(versionOut) },
  problems: ['not_found', 'invalid_cursor'],
  async handle({ tx, tenantId, params, query }) {
    const after = readCursor(LIST, query.cursor, ([program, version]) => program === params.id && version !== undefined && /^[1-9]\d{0,8}$/.test(version));
    if (after === null) return problem('invalid_cursor');
    const program = await readProgram(tx, tenantId, params.id);
    if (program === null) return problem('not_found');
    const rows = await listProgramVersions(tx, program.id, { before: after === undefined ? null : Number(after[1]), limit: query.limit + 1 });
    const facts = { currentVersion: program.version, running: await countRunningInvites(tx, program.id) };
    const older = new Map(rows.map((row, place) => [row.version, rows[place + 1]]));
    return {
      status: 200,
      body: makePage(LIST, rows, query.limit, { item: (row) => versionBody(row, older.get(row.version), facts), after: (row) => [program.id, String(row.version)] }),
    };
  },
});

const get = route({
  method: 'get',
  path: '/v1/programs/{id}/versions/{version}',
  tag,
  summary: 'Read a version of a program',
  description: 'With its terms as they were saved.',
  params: z.strictObject({ id: idIn('prg'), version: versionInPath }),
  query: none,
  body: none,
  keyed: false,
  answers: { 200: versionWithTermsOut },
  problems: ['not_found'],
  async handle({ tx, tenantId, params }) {
    const program = await readProgram(tx, tenantId, params.id);
    if (program === null) return problem('not_found');
    const found = await readProgramVersions(tx, program.id, [params.version - 1, params.version]);
    const version = found.get(params.version);
    if (version === undefined) return problem('not_found');
    const facts = { currentVersion: program.version, running: await countRunningInvites(tx, program.id) };
    return { status: 200, body: { ...versionBody(version, found.get(params.version - 1), facts), programId: program.id, terms: termsBody(version.terms) } };
  },
});

const diff = route({
  method: 'get',
  path: '/v1/programs/{id}/diff',
  tag,
  summary: 'Compare two versions of a program',
  description: 'Place by place: what it was, what it became, and whether running invites keep the old or are bound by the new. Without `from` and `to` the current version is held against the one before.',
  params: byId,
  query: z.strictObject({
    from: versionInQuery.optional().meta({ type: 'integer', minimum: 1, pattern: undefined, description: 'The version to start from; left out: the one before `to`' }),
    to: versionInQuery.optional().meta({ type: 'integer', minimum: 1, pattern: undefined, description: 'The version to come to; left out: the current one' }),
  }),
  body: none,
  keyed: false,
  answers: { 200: diffOut },
  problems: ['not_found', 'invalid_request'],
  async handle({ tx, tenantId, params, query }) {
    const program = await readProgram(tx, tenantId, params.id);
    if (program === null) return problem('not_found');
    const to = query.to ?? program.version;
    const from = query.from ?? Math.max(1, to - 1);
    const found = await readProgramVersions(tx, program.id, [from, to]);
    const [older, newer] = [found.get(from), found.get(to)];
    if (older === undefined || newer === undefined) {
      const message = `There is no such version; the newest is ${String(program.version)}.`;
      return problem('invalid_request', { errors: [...(older === undefined ? [{ path: '?from', message }] : []), ...(newer === undefined ? [{ path: '?to', message }] : [])] });
    }
    return { status: 200, body: diffBody(program.id, older, newer, await countRunningInvites(tx, program.id)) };
  },
});

export const programVersionRoutes: readonly Route[] = [list, get, diff];
