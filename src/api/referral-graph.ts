import { z } from 'zod';
import { findMember } from '../../db/read/link-owner.ts';
import { readBrought, readTopReferrers } from '../../db/read/referral-graph.ts';
import { isId } from '../domain/ids.ts';
import { instantIn } from './fields.ts';
import { problem } from './problems.ts';
import { broughtBody, broughtOut, topOut } from './referral-body.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const tag = 'Referrals';
const MOST = { generations: 10, rows: 1_000 };

/** A number in a query, with bounds. */
function countIn(most: number, usual: number, description: string) {
  const say = `Give a whole number from 1 to ${String(most)}`;
  return z.string().regex(/^\d{1,4}$/, say).transform(Number).refine((count) => count >= 1 && count <= most, say).default(usual)
    .meta({ type: 'integer', minimum: 1, maximum: most, default: usual, pattern: undefined, description });
}

const brought = route({
  method: 'get',
  path: '/v1/members/{id}/referrals',
  tag,
  summary: 'Read whom a member brought, by generation',
  description: 'By the credits that count (`acquisition`): whom the member brought, whom those brought, and so on. Up to 10,000 are counted. Ids only: what else is known of them is their own.',
  params: z.strictObject({ id: z.string().max(200).meta({ description: '`mbr_…`, or your own id of the user' }) }),
  query: z.strictObject({ generations: countIn(MOST.generations, 1, 'How many generations'), limit: countIn(MOST.rows, 100, 'How many members are listed at most') }),
  body: none,
  keyed: false,
  answers: { 200: broughtOut },
  problems: ['not_found'],
  async handle({ tx, params: { id }, query }) {
    const memberId = await findMember(tx, isId('mbr', id) ? { memberId: id } : { externalId: id });
    if (memberId === null) return problem('not_found');
    const { members, counts, more } = await readBrought(tx, memberId, query);
    return { status: 200, body: { generations: counts, members: members.map(broughtBody), hasMore: more } };
  },
});

const top = route({
  method: 'get',
  path: '/v1/referral-graph/top',
  tag,
  summary: 'Read who brought most',
  description: 'With the sign-ups each has the credit for, those of them who reached first value, and those who paid. Self-referrals are left out.',
  params: none,
  query: z.strictObject({
    program: z.string().max(40).optional().meta({ description: 'Of one program, by its id' }),
    since: instantIn.optional().meta({ description: 'Of sign-ups since then' }),
    limit: countIn(100, 20, 'How many referrers'),
  }),
  body: none,
  keyed: false,
  answers: { 200: topOut },
  problems: ['invalid_request'],
  async handle({ tx, query: { program, since, limit } }) {
    if (program !== undefined && !isId('prg', program)) return problem('invalid_request', { errors: [{ path: '?program', message: 'This is no prg_ id' }] });
    return { status: 200, body: { data: await readTopReferrers(tx, { programId: program, since: since ?? null, limit }) } };
  },
});

export const referralGraphRoutes: readonly Route[] = [brought, top];
