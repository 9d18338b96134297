import { z } from 'zod';
import { listRewards, readReward, rewardDecisions, rewardTransfers } from '../../db/read/rewards.ts';
import { listRefusals } from '../../db/read/reward-refusals.ts';
import { asId, isId } from '../domain/ids.ts';
import { idIn } from './fields.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { problem } from './problems.ts';
import { refusalBody, refusalOut, rewardBody, rewardOut, rewardReason, rewardState, rewardStoryBody, rewardStoryOut } from './rewards-body.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const tag = 'Rewards';
const LIST = 'rewards';
const REFUSALS = 'reward-refusals';
const INSTANT = /^\d{1,14}$/;
const LONGEST_KEY = 400;

const list = route({
  method: 'get',
  path: '/v1/rewards',
  tag,
  summary: 'List rewards, newest first',
  description: 'All that was ever granted, with how it stands now; of a member, a referral, a program or in a state where asked for. What was not given is listed at `GET /v1/reward-refusals`.',
  params: none,
  query: z.strictObject({ ...pageQuery, memberId: idIn('mbr').optional(), referralId: idIn('ref').optional(), programId: idIn('prg').optional(), state: rewardState.optional() }),
  body: none,
  keyed: false,
  answers: { 200: pageOf(rewardOut) },
  problems: ['invalid_cursor'],
  async handle({ tx, tenantId, query: { limit, cursor, ...filter } }) {
    const after = readCursor(LIST, cursor, ([id = '', ...more]) => isId('rew', id) && more.length === 0);
    if (after === null) return problem('invalid_cursor');
    const [id] = after ?? [];
    const rows = await listRewards(tx, tenantId, { ...filter, after: id === undefined ? null : asId('rew', id), limit: limit + 1 });
    return { status: 200, body: makePage(LIST, rows, limit, { item: rewardBody, after: (reward) => [reward.id] }) };
  },
});

const get = route({
  method: 'get',
  path: '/v1/rewards/{id}',
  tag,
  summary: 'Read a reward and its story',
  description: 'How it stands and why, what happened to it, what was booked, what operators did.',
  params: z.strictObject({ id: idIn('rew') }),
  query: none,
  body: none,
  keyed: false,
  answers: { 200: rewardStoryOut },
  problems: ['not_found'],
  async handle({ tx, tenantId, now, params: { id } }) {
    const reward = await readReward(tx, tenantId, id);
    if (reward === null) return problem('not_found');
    return { status: 200, body: rewardStoryBody(reward, await rewardTransfers(tx, id), await rewardDecisions(tx, tenantId, id), now) };
  },
});

const refusals = route({
  method: 'get',
  path: '/v1/reward-refusals',
  tag,
  summary: 'List rewards that were not given, newest first',
  description: 'Each with a stable reason and a sentence. A refusal is removed when the reward is given after all (a refund that failed, a country that became known). What a cap, a budget or an operator refused stays refused.',
  params: none,
  query: z.strictObject({ ...pageQuery, memberId: idIn('mbr').optional(), referralId: idIn('ref').optional(), reason: rewardReason.optional() }),
  body: none,
  keyed: false,
  answers: { 200: pageOf(refusalOut) },
  problems: ['invalid_cursor'],
  async handle({ tx, tenantId, query: { limit, cursor, ...filter } }) {
    const after = readCursor(REFUSALS, cursor, ([at = '', key = '', ...more]) => INSTANT.test(at) && key.length <= LONGEST_KEY && more.length === 0);
    if (after === null) return problem('invalid_cursor');
    const [at, key] = after ?? [];
    const rows = await listRefusals(tx, tenantId, { ...filter, after: at === undefined || key === undefined ? null : { at: Number(at), key }, limit: limit + 1 });
    return { status: 200, body: makePage(REFUSALS, rows, limit, { item: refusalBody, after: (refusal) => [String(refusal.at), refusal.key] }) };
  },
});

export const rewardRoutes: readonly Route[] = [list, get, refusals];
