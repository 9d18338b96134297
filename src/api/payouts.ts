import { z } from 'zod';
import { findMember } from '../../db/read/link-owner.ts';
import { listPayouts, readPayout, readPayoutRewards } from '../../db/read/payouts.ts';
import { cancelPayout } from '../../db/write/payouts/cancel-payouts.ts';
import { askPayoutRun, markPayout } from '../../db/write/payouts/mark-payout.ts';
import { isId, type PayoutId } from '../domain/ids.ts';
import { idIn, textIn } from './fields.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { payoutBody, payoutOut, payoutStateIn, payoutWithRewardsOut } from './payout-body.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Call, Route } from './route.ts';

const tag = 'Payouts';
const LIST = 'payouts';
const params = z.strictObject({ id: idIn('pyt') });

const list = route({
  method: 'get',
  path: '/v1/payouts',
  tag,
  summary: 'List payouts, newest first',
  description: 'All of them, or those of a state, a batch or a member.',
  params: none,
  query: z.strictObject({ ...pageQuery, state: payoutStateIn.optional(), batchId: z.string().max(40).optional(), externalId: z.string().max(200).optional() }),
  body: none,
  keyed: false,
  answers: { 200: pageOf(payoutOut) },
  problems: ['invalid_cursor', 'invalid_request'],
  async handle({ query: { limit, cursor, state, batchId, externalId }, ...call }) {
    const after = readCursor(LIST, cursor, ([id = '', ...more]) => isId('pyt', id) && more.length === 0);
    if (after === null) return problem('invalid_cursor');
    if (batchId !== undefined && !isId('pbt', batchId)) return problem('invalid_request', { errors: [{ path: '?batchId', message: 'This is no pbt_ id.' }] });
    const memberId = externalId === undefined ? null : await findMember(call.tx, { externalId });
    const isNobody = externalId !== undefined && memberId === null;
    const rows = isNobody ? [] : await listPayouts(call.tx, call.tenantId, { after: after?.[0] ?? null, limit: limit + 1, filter: { state: state ?? null, batchId: batchId ?? null, memberId } });
    return { status: 200, body: makePage(LIST, rows, limit, { item: (row) => payoutBody(row, opener(call)), after: ({ id }) => [id] }) };
  },
});

const get = route({
  method: 'get',
  path: '/v1/payouts/{id}',
  tag,
  summary: 'Read a payout with its rewards',
  description: 'How it stands, and what it is made of.',
  params,
  query: none,
  body: none,
  keyed: false,
  answers: { 200: payoutWithRewardsOut },
  problems: ['not_found'],
  async handle({ params: { id }, ...call }) {
    const payout = await readPayout(call.tx, call.tenantId, id);
    if (payout === null) return problem('not_found');
    return { status: 200, body: { ...payoutBody(payout, opener(call)), rewards: await readPayoutRewards(call.tx, call.tenantId, id) } };
  },
});

const mark = route({
  method: 'post',
  path: '/v1/payouts/{id}/mark',
  tag,
  summary: 'Say how a payout ended',
  description: 'For who pays by hand, for your own system\'s confirmation, and for a payout whose end you found at the provider. `paid` completes it; `failed` frees its rewards for a later batch: say so only when it is sure that nothing was paid. Saying it again changes nothing; it may come before the answer to the webhook.',
  params,
  query: none,
  body: z.strictObject({ as: z.enum(['paid', 'failed']), reference: textIn(200).optional().meta({ description: 'The payer\'s id of it' }), detail: textIn(500).optional() })
    .meta({ examples: [{ as: 'paid', reference: 'SEPA-2026-06-10-0042' }] }),
  keyed: true,
  answers: { 200: payoutOut },
  problems: ['not_found', 'payout_state', 'request_in_progress'],
  async handle({ params: { id }, body, ...call }) {
    const { tx, tenantId, keyId, now } = call;
    const marked = await markPayout(tx, { tenantId, payoutId: id, as: body.as, reference: body.reference ?? null, detail: body.detail ?? null, actor: keyId, now });
    switch (marked.outcome) {
      case 'not_found': return problem('not_found');
      case 'too_early': return problem('payout_state', { detail: `The payout is ${marked.state}: it has not left. Cancel it if it shall not leave.` });
      case 'too_late': return problem('payout_state', { detail: `The payout is ${marked.state} already, and stays so. If money went another way, look at it together with who pays.` });
      case 'being_handed_over': return problem('request_in_progress', { detail: 'The payout is just being handed to the provider. Try again in a minute.' });
      case 'marked':
      case 'already': return { status: 200, body: await bodyOf(call, id) };
    }
  },
});

const cancel = route({
  method: 'post',
  path: '/v1/payouts/{id}/cancel',
  tag,
  summary: 'Cancel a payout that has not left',
  description: 'Its rewards are free for a later batch. One that was handed over can no longer be canceled.',
  params,
  query: none,
  body: none,
  keyed: true,
  answers: { 200: payoutOut },
  problems: ['not_found', 'payout_state'],
  async handle({ params: { id }, ...call }) {
    const canceled = await cancelPayout(call.tx, { tenantId: call.tenantId, payoutId: id, actor: call.keyId, now: call.now });
    switch (canceled.outcome) {
      case 'not_found': return problem('not_found');
      case 'too_late': return problem('payout_state', { detail: `The payout is ${canceled.state}: it has left, or is over.` });
      case 'canceled': return { status: 200, body: await bodyOf(call, id) };
    }
  },
});

const reconcile = route({ ...asking('reconcile', 'look', 'Look for a payout at its rail now', 'Its run would look by itself, ever less often. It answers at once; read the payout a little later. A rail without a list cannot be looked at: mark the payout.') });
const resend = route({ ...asking('resend', 'resend', 'Tell your own system of a payout again', 'For a payout that is `unknown` on the rail `own_system`: the same message, with the same `webhook-id` and idempotency key. Your system must pay once for one id. A provider with a list is never told again by hand.') });

/** What reconcile and resend have in common. */
function asking(name: 'reconcile' | 'resend', ask: 'look' | 'resend', summary: string, description: string) {
  return {
    method: 'post' as const,
    path: `/v1/payouts/{id}/${name}` as const,
    tag, summary, description, params,
    query: none,
    body: none,
    keyed: true,
    answers: { 202: payoutOut.meta({ description: 'Its run is asked' }) },
    problems: ['not_found', 'payout_state'] as const,
    async handle({ params: { id }, ...call }: Call & { params: { id: PayoutId } }) {
      const asked = await askPayoutRun(call.tx, { tenantId: call.tenantId, payoutId: id, ask, actor: call.keyId, now: call.now });
      switch (asked.outcome) {
        case 'not_found': return problem('not_found');
        case 'not_under_way': return problem('payout_state', { detail: `The payout is ${asked.state}: there is nothing to ask for.` });
        case 'rail_cannot': return problem('payout_state', { detail: 'Only your own system can be told again. A provider is looked at by its list (`reconcile`); who pays by hand marks the payout.' });
        case 'asked': return { status: 202 as const, body: await bodyOf(call, id) };
      }
    },
  };
}

function opener({ services, tenantId }: Pick<Call, 'services' | 'tenantId'>): (sealed: Uint8Array) => string {
  return (sealed) => services.keyring.open(tenantId, sealed);
}

async function bodyOf(call: Call, id: PayoutId): Promise<z.input<typeof payoutOut>> {
  const payout = await readPayout(call.tx, call.tenantId, id);
  if (payout === null) throw new Error('a payout is gone within its own transaction');
  return payoutBody(payout, opener(call));
}

export const payoutRoutes: readonly Route[] = [list, get, mark, cancel, reconcile, resend];
