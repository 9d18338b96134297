import { z } from 'zod';
import { readTokenOwner } from '../../db/read/member-tokens.ts';
import { revokeMemberTokens } from '../../db/write/revoke-member-tokens.ts';
import { isId } from '../domain/ids.ts';
import { byMember } from './embed-tokens.ts';
import { idOut, instantOut, iso } from './fields.ts';
import { notBeforeOf, tokenFor, writeMemberToken } from './member-tokens-text.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Call, Route } from './route.ts';

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
    const owner = await tokenOwner({ tx, tenantId }, id);
    if (owner === null) return problem('not_found');
    const token = tokenFor({ tenantId, memberId: owner.memberId }, now, owner.tokensNotBefore);
    return { status: 201, body: { token: writeMemberToken(keyring, token), memberId: owner.memberId, expiresAt: iso(token.expiresAt) } };
  },
});

const revoke = route({
  method: 'delete',
  path: '/v1/members/{id}/tokens',
  tag: 'Members',
  summary: 'Take back all tokens of a member',
  description: 'For a device that was lost, or a member who signed out everywhere: each token made until now is refused with `member_token_revoked` from the next request on; streams that are open end within a minute. Tokens made afterwards are good. Repeating it takes back those made meanwhile.',
  params: byMember,
  query: none,
  body: none,
  keyed: false,
  answers: { 204: z.undefined().meta({ description: 'They are taken back' }) },
  problems: ['not_found'],
  async handle({ tx, tenantId, keyId, now, params: { id } }) {
    const owner = await tokenOwner({ tx, tenantId }, id);
    if (owner === null) return problem('not_found');
    await revokeMemberTokens(tx, { tenantId, memberId: owner.memberId, notBefore: notBeforeOf(now), actor: keyId, now });
    return { status: 204, body: undefined };
  },
});

function tokenOwner({ tx, tenantId }: Pick<Call, 'tx' | 'tenantId'>, id: string) {
  return readTokenOwner(tx, tenantId, isId('mbr', id) ? { memberId: id } : { externalId: id });
}

export const memberTokenRoutes: readonly Route[] = [create, revoke];
