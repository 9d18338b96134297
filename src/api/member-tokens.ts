import { z } from 'zod';
import { isMember, membersByExternalId } from '../../db/read/feed-member.ts';
import { isId } from '../domain/ids.ts';
import { byMember } from './embed-tokens.ts';
import { idOut, instantOut, iso } from './fields.ts';
import { MEMBER_TOKEN_LIVES_MS, writeMemberToken } from './member-tokens-text.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const create = route({
  method: 'post',
  path: '/v1/members/{id}/tokens',
  tag: 'Members',
  summary: 'Make a token for a member\'s browser or app',
  description: 'Hand it to the signed-in member\'s page: beside a publishable key (`X-Flywheel-Key: pk_…`) it is sent as `Authorization: Bearer mt_…`, and lets the page read and follow the member\'s own feed, tell what was read, switch topics off and ask for prompts; nothing else. Good for an hour: then make the next one.',
  params: byMember,
  query: none,
  body: none,
  keyed: true,
  answers: { 201: z.object({ token: z.string().meta({ description: 'A secret of the member: do not log it' }), memberId: idOut('mbr'), expiresAt: instantOut }).meta({ id: 'MemberToken' }) },
  problems: ['not_found'],
  async handle({ tx, tenantId, now, params: { id }, services: { keyring } }) {
    const memberId = isId('mbr', id) ? ((await isMember(tx, tenantId, id)) ? id : undefined) : (await membersByExternalId(tx, tenantId, [id])).get(id);
    if (memberId === undefined) return problem('not_found');
    const expiresAt = Math.floor((now + MEMBER_TOKEN_LIVES_MS) / 1000) * 1000;
    return { status: 201, body: { token: writeMemberToken(keyring, { tenantId, memberId, expiresAt }), memberId, expiresAt: iso(expiresAt) } };
  },
});

export const memberTokenRoutes: readonly Route[] = [create];
