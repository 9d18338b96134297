import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { destinationRules, findMember } from '../../db/read/link-owner.ts';
import { listLinks, readLink } from '../../db/read/links.ts';
import type { LinkPlace, LinkView } from '../../db/read/links.ts';
import { readProgram } from '../../db/read/programs.ts';
import { createShareLink } from '../../db/write/create-link.ts';
import { revokeLink } from '../../db/write/revoke-link.ts';
import { checkDestination } from '../domain/link/check-destination.ts';
import { readCode, shareCode } from '../domain/link/code.ts';
import { codeIn, linkBody, linkOut, memberIdIn, newLinkIn, resourceIn } from './link-body.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Call, Route } from './route.ts';

const tag = 'Links';
const LIST = 'links';

const create = route({
  method: 'post',
  path: '/v1/links',
  tag,
  summary: 'Make a short link',
  description: 'Makes a link for anything: a member, a project, a result. Whoever opens it is noted and sent on to the destination with `clickId`, which the app gives back with the sign-up.',
  params: none,
  query: none,
  body: newLinkIn,
  keyed: true,
  answers: { 201: linkOut },
  problems: ['destination_not_allowed', 'invalid_request'],
  async handle({ tx, tenantId, now, services, body }) {
    const checked = checkDestination(body.destination, await destinationRules(tx, tenantId));
    if (checked.outcome === 'refused') {
      return problem('destination_not_allowed', { detail: sentence(checked.say), errors: [{ path: '/destination', message: sentence(checked.say) }] });
    }
    const owner = memberNamed(body);
    const memberId = owner === null ? null : await findMember(tx, owner.member);
    if (owner !== null && memberId === null) {
      return problem('invalid_request', { errors: [{ path: owner.path, message: 'There is no such member. Upsert it first.' }] });
    }
    if (body.programId !== undefined && await readProgram(tx, tenantId, body.programId) === null) {
      return problem('invalid_request', { errors: [{ path: '/programId', message: 'There is no such program.' }] });
    }
    const code = shareCode(services.keyring, randomBytes(16));
    await createShareLink(tx, { code, tenantId, memberId, resource: body.resource ?? null, programId: body.programId ?? null, destination: body.destination, utm: body.utm ?? {}, now });
    return { status: 201 as const, body: linkBody(await linkThatIs(tx, code)) };
  },
});

const get = route({
  method: 'get',
  path: '/v1/links/{code}',
  tag,
  summary: 'Read a link with its clicks and views',
  description: 'An invite\'s link is read the same way. Clicks and views are counted apart; what does not count is shown by reason.',
  params: z.strictObject({ code: codeIn }),
  query: none,
  body: none,
  keyed: false,
  answers: { 200: linkOut },
  problems: ['not_found'],
  async handle({ tx, params }) {
    const link = await readLink(tx, params.code);
    if (link === null) return problem('not_found');
    return { status: 200 as const, body: linkBody(link) };
  },
});

const list = route({
  method: 'get',
  path: '/v1/links',
  tag,
  summary: 'List links, newest first',
  description: 'The links that were made here, all or those of one member or one resource. Links of invites are not listed; read them by their code.',
  params: none,
  query: z.strictObject({ ...pageQuery, memberId: memberIdIn.optional(), resource: resourceIn.optional() }),
  body: none,
  keyed: false,
  answers: { 200: pageOf(linkOut) },
  problems: ['invalid_cursor'],
  async handle({ tx, query }) {
    const place = readCursor(LIST, query.cursor, (after) => placeOf(after) !== null);
    if (place === null) return problem('invalid_cursor');
    const rows = await listLinks(tx, {
      after: place === undefined ? null : placeOf(place),
      limit: query.limit + 1,
      filter: { memberId: query.memberId, resource: query.resource },
    });
    const page = makePage(LIST, rows, query.limit, { item: linkBody, after: (link) => [String(link.createdAt), link.code] });
    return { status: 200 as const, body: page };
  },
});

const revoke = route({
  method: 'post',
  path: '/v1/links/{code}/revoke',
  tag,
  summary: 'Revoke a link',
  description: 'It leads nowhere from now on, for good; its clicks stay. Revoking it again changes nothing.',
  params: z.strictObject({ code: codeIn }),
  query: none,
  body: none,
  keyed: true,
  answers: { 200: linkOut },
  problems: ['not_found'],
  async handle({ tx, tenantId, keyId, now, params }) {
    const { outcome } = await revokeLink(tx, { tenantId, code: params.code, now, actor: keyId });
    if (outcome === 'unknown') return problem('not_found');
    return { status: 200 as const, body: linkBody(await linkThatIs(tx, params.code)) };
  },
});

export const linkRoutes: readonly Route[] = [create, list, get, revoke];

async function linkThatIs(tx: Call['tx'], code: string): Promise<LinkView> {
  const link = await readLink(tx, code);
  if (link === null) throw new Error('a link is gone within its own transaction');
  return link;
}

function memberNamed(body: z.output<typeof newLinkIn>) {
  if (body.memberId !== undefined) return { path: '/memberId', member: { memberId: body.memberId } };
  return body.externalId === undefined ? null : { path: '/externalId', member: { externalId: body.externalId } };
}

function placeOf(after: readonly string[]): LinkPlace | null {
  const [at, code] = after;
  if (after.length !== 2 || at === undefined || !/^\d{1,14}$/.test(at) || code === undefined || readCode(code) !== code) return null;
  return { createdAt: Number(at), code };
}

function sentence(say: string): string {
  return `${say.charAt(0).toUpperCase()}${say.slice(1)}.`;
}
