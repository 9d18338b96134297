import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { referralPageOwner } from '../../db/read/referral-page.ts';
import { createEmbedToken } from '../../db/write/embed-token.ts';
import { isId } from '../domain/ids.ts';
import { EMBED_TOKEN_LIVES_MS, embedSecret } from './embed-tokens-secret.ts';
import { instantOut, iso } from './fields.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

/** A member in a path. */
export const byMember = z.strictObject({ id: z.string().max(200).meta({ description: 'Your own id of the user, or `mbr_…`' }) });

export function memberNamed(id: string) {
  return isId('mbr', id) ? { memberId: id } : { externalId: id };
}

const create = route({
  method: 'post',
  path: '/v1/members/{id}/embed-tokens',
  tag: 'Members',
  summary: 'Make a link to a member\'s referral page',
  description: 'Lead the signed-in member to `url`: it shows the own link, code and QR code, what became of them, rewards and what each waits for, and ways to share. '
    + 'It can be opened within an hour, once; the browser then has a cookie for the page, for one hour more. Make a fresh one each time; it is for this member alone. The page cannot be shown inside another one: for that, read the same by `GET /v1/members/{id}/referral-summary`.',
  params: byMember,
  query: none,
  body: none,
  keyed: true,
  costs: { flow: 'page-links' },
  answers: { 201: z.object({ url: z.string().meta({ description: 'To be opened in the member\'s browser. Holds a secret: do not log it' }), expiresAt: instantOut }).meta({ id: 'EmbedToken' }) },
  problems: ['not_found'],
  async handle({ tx, tenantId, now, params }) {
    const owner = await referralPageOwner(tx, tenantId, memberNamed(params.id));
    if (owner === null) return problem('not_found');
    const { text, hash } = embedSecret(tenantId, randomBytes(24));
    const expiresAt = now + EMBED_TOKEN_LIVES_MS;
    await createEmbedToken(tx, { tenantId, memberId: owner.memberId, tokenHash: hash, expiresAt });
    return { status: 201 as const, body: { url: `${owner.publicUrl.replace(/\/+$/, '')}/r/${text}`, expiresAt: iso(expiresAt) } };
  },
});

export const embedTokenRoutes: readonly Route[] = [create];
