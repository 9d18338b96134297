import { z } from 'zod';
import { readRunLink, readRunMessages, readRunPeople } from '../../db/read/run-people.ts';
import { readRunPrompt } from '../../db/read/run-prompt.ts';
import { listRuns, readRun, readRunFacts } from '../../db/read/runs.ts';
import type { RunPlace } from '../../db/read/runs.ts';
import { readTenant } from '../../db/read/tenant.ts';
import { pauseRun, resumeRun } from '../../db/write/run-controls.ts';
import { orderCanceled, orderShorter } from '../../db/write/run-orders.ts';
import type { Ordered } from '../../db/write/run-orders.ts';
import { resendRun } from '../../db/write/runs/resend.ts';
import { instantIn, textIn } from './fields.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { problem } from './problems.ts';
import { factBody, messageBody, personBody, promptOfRunBody, RUN_STATES, runBody, runIdIn, runOut, runWithFactsOut } from './runs-body.ts';
import { none, route } from './route.ts';
import type { Call, Route } from './route.ts';

const tag = 'Runs';
const LIST = 'runs';
const byId = z.strictObject({ id: runIdIn });
const reason = textIn(300).meta({ description: 'Why, for the audit. Write no personal data' });

const list = route({
  method: 'get',
  path: '/v1/runs',
  tag,
  summary: 'List runs, those opened last first',
  description: 'A run is the life of one referral, one payout …: a workflow in Temporal and its row here. The row is the truth about whether it is open.',
  params: none,
  query: z.strictObject({
    ...pageQuery,
    loop: z.string().min(1).max(60).optional().meta({ description: 'Only runs of this loop: `referral`, `payout`' }),
    state: z.enum(RUN_STATES).optional().meta({ description: '`open`: paused ones, too' }),
  }),
  body: none,
  keyed: false,
  answers: { 200: pageOf(runOut) },
  problems: ['invalid_cursor'],
  async handle({ tx, tenantId, query: { limit, cursor, loop, state } }) {
    const after = readCursor(LIST, cursor, (parts) => placeOf(parts) !== null);
    if (after === null) return problem('invalid_cursor');
    const rows = await listRuns(tx, tenantId, { after: after === undefined ? null : placeOf(after), limit: limit + 1, loop: loop ?? null, state: state ?? null });
    return { status: 200, body: makePage(LIST, rows, limit, { item: runBody, after: ({ openedAt, id }) => [String(openedAt), id] }) };
  },
});

const get = route({
  method: 'get',
  path: '/v1/runs/{id}',
  tag,
  summary: 'Read a run with what it was told',
  description: 'Where it stands, what it waits for, the facts it heard of, who is in it and what it sends, of which offer it came, and the id under which the Temporal UI shows it.',
  params: byId,
  query: none,
  body: none,
  keyed: false,
  answers: { 200: runWithFactsOut },
  problems: ['not_found'],
  async handle({ tx, tenantId, params: { id } }) {
    const [run, facts, people, messages, prompt, code, { publicUrl }] = await Promise.all([
      readRun(tx, tenantId, id), readRunFacts(tx, tenantId, id), readRunPeople(tx, tenantId, id), readRunMessages(tx, tenantId, id), readRunPrompt(tx, tenantId, id), readRunLink(tx, tenantId, id), readTenant(tx, tenantId),
    ]);
    if (run === null) return problem('not_found');
    const link = code === null ? null : { code, url: new URL(`/i/${code}`, publicUrl).href };
    return { status: 200, body: { ...runBody(run), facts: facts.map(factBody), people: people.map(personBody), messages: messages.map(messageBody), prompt: prompt === null ? null : promptOfRunBody(prompt), link } };
  },
});

const pause = route({
  method: 'post',
  path: '/v1/runs/{id}/pause',
  tag,
  summary: 'Pause a run',
  description: 'It has no effects until it is resumed: a paused referral releases nothing. Its deadlines run on. Pausing it again changes nothing; one that has ended answers `too_late`.',
  ...steering(),
  body: z.strictObject({ reason }).meta({ examples: [{ reason: 'The order is being looked into' }] }),
  async handle({ params, body, ...call }) {
    return steered(call, params.id, await pauseRun(call.tx, { ...orderOf(call, params.id), reason: body.reason }));
  },
});

const resume = route({
  method: 'post',
  path: '/v1/runs/{id}/resume',
  tag,
  summary: 'Resume a paused run',
  description: 'What fell due meanwhile is done now. Resuming one that is not paused changes nothing.',
  ...steering(),
  body: z.strictObject({ reason }).meta({ examples: [{ reason: 'The order is in order' }] }),
  async handle({ params, body, ...call }) {
    return steered(call, params.id, await resumeRun(call.tx, { ...orderOf(call, params.id), reason: body.reason }));
  },
});

const shorten = route({
  method: 'post',
  path: '/v1/runs/{id}/shorten',
  tag,
  summary: 'Shorten a run',
  description: 'It waits for nothing beyond `until`. Of a referral: what it holds is held until then at the longest, and released. A run that is as short already stays as it is.',
  ...steering(),
  body: z.strictObject({ until: instantIn, reason }).meta({ examples: [{ until: '2030-06-10T08:00:00Z', reason: 'The customer waived the refund' }] }),
  async handle({ params, body, ...call }) {
    if (body.until <= call.now) return problem('invalid_request', { errors: [{ path: '/until', message: 'Give an instant in the future.' }] });
    return steered(call, params.id, await orderShorter(call.tx, { ...orderOf(call, params.id), capAt: body.until, reason: body.reason }));
  },
});

const cancel = route({
  method: 'post',
  path: '/v1/runs/{id}/cancel',
  tag,
  summary: 'Cancel a run',
  description: 'It ends as `canceled`, a moment later. Of a referral: all that it earned is taken back, for good. A payout is canceled by its own route.',
  ...steering(),
  body: z.strictObject({ reason }).meta({ examples: [{ reason: 'Both accounts are one person\'s' }] }),
  async handle({ params, body, ...call }) {
    return steered(call, params.id, await orderCanceled(call.tx, { ...orderOf(call, params.id), reason: body.reason }));
  },
});

const resend = route({
  method: 'post',
  path: '/v1/runs/{id}/resend',
  tag,
  summary: 'Send once more what a run has sent',
  description: 'The message that it sent last to those in it, and the invites of those who were asked and have not come, through the same gate: hours, opt-outs, stops and pauses hold them as they held the first. '
    + 'Invitees are decided like any, cooling and caps included; where nobody may be asked now, `detail` says why, and the run\'s `messages` have each one\'s reason. What has not left yet stays as it is.',
  ...steering(),
  body: z.strictObject({ reason, to: z.enum(['people', 'invitees', 'both']).default('both').meta({ description: 'To those who are in it alone, or to those alone who were asked and have not come' }) }).meta({ examples: [{ reason: 'They say that it did not arrive' }] }),
  async handle({ params, body, ...call }) {
    return steered(call, params.id, await resendRun(call.tx, call.services.keyring, { ...orderOf(call, params.id), reason: body.reason, to: body.to }));
  },
});

/** What those that steer have in common. */
function steering() {
  return { params: byId, query: none, keyed: true, answers: { 200: runOut }, problems: ['not_found', 'too_late', 'invalid_request', 'run_steered_elsewhere'] as const };
}

function orderOf({ tenantId, keyId, now }: Call, runId: string) {
  return { tenantId, runId, actor: keyId, now };
}

async function steered({ tx, tenantId }: Pick<Call, 'tx' | 'tenantId'>, id: string, ordered: Ordered) {
  if (ordered === null) return problem('not_found');
  if (ordered === 'ended') return problem('too_late', { detail: 'The run has ended. Read it to see how.' });
  if (typeof ordered === 'object') return problem('run_steered_elsewhere', { detail: ordered.elsewhere });
  const run = await readRun(tx, tenantId, id);
  return run === null ? problem('not_found') : { status: 200 as const, body: runBody(run) };
}

function placeOf([openedAt = '', id = '', ...more]: readonly string[]): RunPlace | null {
  return /^\d{1,14}$/.test(openedAt) && /^[a-z]{3}_[0-9a-z]{26}$/.test(id) && more.length === 0 ? { openedAt: Number(openedAt), id } : null;
}

export const runRoutes: readonly Route[] = [list, get, pause, resume, shorten, cancel, resend];
