import { z } from 'zod';
import { destinationRules } from '../../db/read/link-owner.ts';
import { listPrompts, readPromptLimits } from '../../db/read/prompts.ts';
import { answerPrompt, type PromptAnswer } from '../../db/write/prompts/answer-prompt.ts';
import { changePromptLimits } from '../../db/write/prompts/change-prompt-limits.ts';
import { asId, isId } from '../domain/ids.ts';
import { defaultDestination } from '../domain/link/default-destination.ts';
import { idIn } from './fields.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { problem } from './problems.ts';
import { answerIn, limitsIn, limitsOut, promptBody, promptOut } from './prompts-body.ts';
import { decide } from './prompts-decide.ts';
import { none, route } from './route.ts';
import type { Call, Route } from './route.ts';

const tag = 'Prompts';
const LIST = 'prompts';

const answer = route({
  method: 'post',
  path: '/v1/prompts/{id}/answers',
  tag,
  summary: 'Tell what a member did with an offer',
  description: 'Shown, accepted, dismissed, or rated with one tap; each counts once, of ratings the last. Who accepts, dismisses or rates it has seen it. Too late is what comes after its end, or after the other of accepted and dismissed.',
  params: z.strictObject({ id: idIn('prm') }),
  query: none,
  body: answerIn,
  keyed: false,
  browser: true,
  answers: { 200: promptOut },
  problems: ['not_found', 'too_late'],
  async handle({ params: { id }, body, ...call }) {
    const { tx, tenantId, asMember, now } = call;
    const told: PromptAnswer = body.answer === 'rated' ? { kind: 'rated', rating: body.rating } : { kind: body.answer };
    const answered = await answerPrompt(tx, { tenantId, id, asMember, answer: told, now });
    switch (answered.outcome) {
      case 'not_found': return problem('not_found');
      case 'too_late': return problem('too_late', { detail: 'The offer is over, or the member has decided otherwise before.' });
      case 'answered': return { status: 200 as const, body: promptBody(answered.prompt, await homeOf(call)) };
    }
  },
});

const list = route({
  method: 'get',
  path: '/v1/prompts',
  tag,
  summary: 'List offers, newest first',
  description: 'What members were offered and what they did with it; of a member or a program where asked for.',
  params: none,
  query: z.strictObject({ ...pageQuery, memberId: idIn('mbr').optional(), programId: idIn('prg').optional() }),
  body: none,
  keyed: false,
  answers: { 200: pageOf(promptOut) },
  problems: ['invalid_cursor'],
  async handle({ query: { limit, cursor, ...filter }, ...call }) {
    const after = readCursor(LIST, cursor, ([id = '', ...more]) => isId('prm', id) && more.length === 0);
    if (after === null) return problem('invalid_cursor');
    const [id] = after ?? [];
    const rows = await listPrompts(call.tx, call.tenantId, { ...filter, after: id === undefined ? null : asId('prm', id), limit: limit + 1 });
    const home = await homeOf(call);
    return { status: 200, body: makePage(LIST, rows, limit, { item: (row) => promptBody(row, home), after: (row) => [row.id] }) };
  },
});

const limits = route({
  method: 'get',
  path: '/v1/prompt-limits',
  tag,
  summary: 'Read how often members are asked',
  description: 'Over all loops together.',
  params: none,
  query: none,
  body: none,
  keyed: false,
  answers: { 200: limitsOut },
  problems: [],
  async handle({ tx, tenantId }) {
    return { status: 200, body: await readPromptLimits(tx, tenantId) };
  },
});

const changeLimits = route({
  method: 'put',
  path: '/v1/prompt-limits',
  tag,
  summary: 'Set how often members are asked',
  description: 'Binds the next decision on. Offers that were made stay.',
  params: none,
  query: none,
  body: limitsIn,
  keyed: false,
  answers: { 200: limitsOut },
  problems: [],
  async handle({ tx, tenantId, now, body }) {
    await changePromptLimits(tx, { tenantId, limits: body, now });
    return { status: 200, body };
  },
});

/** Where an offer leads whose program says nothing. */
async function homeOf({ tx, tenantId }: Pick<Call, 'tx' | 'tenantId'>): Promise<string> {
  return defaultDestination(await destinationRules(tx, tenantId));
}

export const promptRoutes: readonly Route[] = [decide, answer, list, limits, changeLimits];
