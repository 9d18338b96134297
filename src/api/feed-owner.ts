import { z } from 'zod';
import { isMember, membersByExternalId } from '../../db/read/feed-member.ts';
import { isId } from '../domain/ids.ts';
import type { MemberId } from '../domain/ids.ts';
import { problem } from './problems.ts';
import type { Problem } from './problems.ts';
import type { Call } from './route.ts';

/** Whose it is about, where a server asks: one of these. With a member's token neither is needed. */
export const ownerFields = {
  externalId: z.string().max(200).optional().meta({ description: 'Your own id of the user. With a secret key name the member by this or by `memberId`' }),
  memberId: z.string().max(40).optional().meta({ description: '`mbr_…`' }),
};
type Named = { readonly externalId?: string | undefined; readonly memberId?: string | undefined };

/** The same without asking whether there is such a member: for who looks it up anyway. */
export function namedOwner({ asMember }: Pick<Call, 'asMember'>, { externalId, memberId }: Named): { kind: 'named'; member: { memberId: MemberId } | { externalId: string } } | Problem<'invalid_request' | 'not_found'> {
  if (asMember !== null) return externalId !== undefined || (memberId !== undefined && memberId !== asMember) ? notYours() : { kind: 'named', member: { memberId: asMember } };
  if (externalId !== undefined && memberId === undefined) return { kind: 'named', member: { externalId } };
  if (externalId !== undefined || memberId === undefined) return nameOne();
  return isId('mbr', memberId) ? { kind: 'named', member: { memberId } } : problem('not_found');
}

function notYours(): Problem<'invalid_request'> {
  return problem('invalid_request', { detail: 'A member\'s token speaks for that member alone: leave `externalId` and `memberId` out.' });
}

function nameOne(): Problem<'invalid_request'> {
  return problem('invalid_request', { detail: 'With a secret key, name the member by one of `externalId` and `memberId`.' });
}

/** The member that a request is about: the one whose token came with it, or the one that the server names. */
export async function feedOwner({ tx, tenantId, asMember }: Pick<Call, 'tx' | 'tenantId' | 'asMember'>, { externalId, memberId }: Named): Promise<{ kind: 'member'; memberId: MemberId } | Problem<'invalid_request' | 'not_found'>> {
  const named = namedOwner({ asMember }, { externalId, memberId });
  if (named.kind === 'problem') return named;
  const { member } = named;
  if ('externalId' in member) {
    const found = (await membersByExternalId(tx, tenantId, [member.externalId])).get(member.externalId);
    return found === undefined ? problem('not_found') : { kind: 'member', memberId: found };
  }
  if (await isMember(tx, tenantId, member.memberId)) return { kind: 'member', memberId: member.memberId };
  return asMember === null ? problem('not_found') : problem('not_found', { detail: 'The member is gone.' });
}
