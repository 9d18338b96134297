import { z } from 'zod';
import { listBatches, readBatch } from '../../db/read/payout-batches.ts';
import { findMember } from '../../db/read/link-owner.ts';
import { approveBatch } from '../../db/write/payouts/approve-batch.ts';
import { cancelBatch, excludeMember } from '../../db/write/payouts/cancel-payouts.ts';
import { createBatch } from '../../db/write/payouts/create-batch.ts';
import { isId, type PayoutBatchId } from '../domain/ids.ts';
import { idIn } from './fields.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { batchBody, batchOut, exclusionIn, newBatchIn, previewOut } from './payout-batch-body.ts';
import { payoutsFile } from './payout-export.ts';
import { previewBatch, readNewBatch } from './payout-preview.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Call, Route } from './route.ts';

const tag = 'Payouts';
const LIST = 'payout-batches';
const params = z.strictObject({ id: idIn('pbt') });
/** What the decisions about one batch have in common: they answer with the batch as it stands then. */
const decision = { method: 'post', tag, params, query: none, keyed: true, answers: { 200: batchOut } } as const;

const preview = route({
  method: 'post',
  path: '/v1/payout-batches/preview',
  tag,
  summary: 'See whom a batch would pay, and who is left out',
  description: 'Takes what `POST /v1/payout-batches` takes and writes nothing: who gets what, what is kept back for what they owe, who is left out and why, and what is not ready.',
  params: none,
  query: none,
  body: newBatchIn,
  keyed: false,
  answers: { 200: previewOut },
  problems: ['invalid_request', 'currency_not_supported'],
  async handle({ body, ...call }) {
    const read = await readNewBatch(call, body);
    return read.kind === 'problem' ? read : { status: 200, body: await previewBatch(call, read) };
  },
});

const create = route({
  method: 'post',
  path: '/v1/payout-batches',
  tag,
  summary: 'Collect what can be paid into a batch',
  description: 'One payout a member: the released rewards of one currency that are in no payout. From now on nobody else can use them. Nothing leaves before the batch is approved. A batch takes up to 1,000 payouts; make another one for the rest.',
  params: none,
  query: none,
  body: newBatchIn,
  keyed: true,
  answers: { 201: batchOut },
  problems: ['invalid_request', 'currency_not_supported', 'nothing_to_pay_out'],
  async handle({ body, ...call }) {
    const read = await readNewBatch(call, body);
    if (read.kind === 'problem') return read;
    const { tx, tenantId, keyId, now } = call;
    const made = await createBatch(tx, { ...read, tenantId, excluded: read.excluded.map((memberId) => ({ memberId, reason: null })), actor: keyId, now });
    if (made.outcome === 'nothing_to_pay') return problem('nothing_to_pay_out', { detail: `${String(made.leftOut)} members have released rewards, and none can be paid. POST /v1/payout-batches/preview says why.` });
    return { status: 201, body: await bodyOf(call, made.batchId) };
  },
});

const list = route({
  method: 'get',
  path: '/v1/payout-batches',
  tag,
  summary: 'List batches, newest first',
  description: 'Each with how its payouts stand.',
  params: none,
  query: z.strictObject(pageQuery),
  body: none,
  keyed: false,
  answers: { 200: pageOf(batchOut) },
  problems: ['invalid_cursor'],
  async handle({ tx, tenantId, query: { limit, cursor } }) {
    const after = readCursor(LIST, cursor, ([id = '', ...more]) => isId('pbt', id) && more.length === 0);
    if (after === null) return problem('invalid_cursor');
    const rows = await listBatches(tx, tenantId, { after: after?.[0] ?? null, limit: limit + 1 });
    return { status: 200, body: makePage(LIST, rows, limit, { item: batchBody, after: ({ id }) => [id] }) };
  },
});

const get = route({
  method: 'get',
  path: '/v1/payout-batches/{id}',
  tag,
  summary: 'Read a batch',
  description: 'How its payouts stand; the payouts themselves are listed by `GET /v1/payouts?batchId=…`.',
  params,
  query: none,
  body: none,
  keyed: false,
  answers: { 200: batchOut },
  problems: ['not_found'],
  async handle({ tx, tenantId, params: { id } }) {
    const batch = await readBatch(tx, tenantId, id);
    return batch === null ? problem('not_found') : { status: 200, body: batchBody(batch) };
  },
});

const exclude = route({
  ...decision,
  path: '/v1/payout-batches/{id}/exclude',
  summary: 'Leave a member out of a batch',
  description: 'Before it is approved. The member\'s rewards are free for a later batch. Saying it again changes nothing.',
  body: exclusionIn,
  problems: ['not_found', 'invalid_request', 'payout_state'],
  async handle({ params: { id }, body, ...call }) {
    if ((await readBatch(call.tx, call.tenantId, id)) === null) return problem('not_found');
    const memberId = await findMember(call.tx, { externalId: body.externalId });
    if (memberId === null) return problem('invalid_request', { errors: [{ path: '/externalId', message: 'There is no such member.' }] });
    const excluded = await excludeMember(call.tx, { tenantId: call.tenantId, batchId: id, memberId, reason: body.reason ?? null, actor: call.keyId, now: call.now });
    switch (excluded) {
      case 'not_found': return problem('not_found');
      case 'already_decided': return problem('payout_state', { detail: 'The batch was approved or canceled. Cancel the member\'s payout while it has not left.' });
      case 'excluded': return { status: 200, body: await bodyOf(call, id) };
    }
  },
});

const approve = route({
  ...decision,
  path: '/v1/payout-batches/{id}/approve',
  summary: 'Approve a batch: it is paid',
  description: 'Looks once more at each payout, fixes its sums, books it and hands it to the rail that `PUT /v1/payout-rail` chose. What was taken back meanwhile, fell below the minimum or has no payee is canceled, and its rewards are free for a later batch. Written to the audit log.',
  body: none,
  problems: ['not_found', 'payout_state', 'payout_rail_missing'],
  async handle({ params: { id }, ...call }) {
    const approved = await approveBatch(call.tx, { tenantId: call.tenantId, batchId: id, actor: call.keyId, now: call.now });
    switch (approved.outcome) {
      case 'not_found': return problem('not_found');
      case 'no_rail': return problem('payout_rail_missing');
      case 'already_decided': return problem('payout_state', { detail: 'The batch was approved or canceled before. Read it to see how it stands.' });
      case 'approved': return { status: 200, body: await bodyOf(call, id) };
    }
  },
});

const cancel = route({
  ...decision,
  path: '/v1/payout-batches/{id}/cancel',
  summary: 'Cancel what of a batch has not left',
  description: 'Rewards are free for a later batch. Payouts that were handed over go on; then the batch stays `approved`.',
  body: none,
  problems: ['not_found', 'payout_state'],
  async handle({ params: { id }, ...call }) {
    const canceled = await cancelBatch(call.tx, { tenantId: call.tenantId, batchId: id, actor: call.keyId, now: call.now });
    switch (canceled.outcome) {
      case 'not_found': return problem('not_found');
      case 'already_canceled': return problem('payout_state', { detail: 'The batch was canceled before.' });
      case 'canceled':
      case 'partly': return { status: 200, body: await bodyOf(call, id) };
    }
  },
});

const download = route({
  method: 'get',
  path: '/v1/payout-batches/{id}/export',
  tag,
  summary: 'Fetch a batch as CSV',
  description: 'A row a payout, for who pays by hand: ids, amount as a decimal number, currency, state, the end of the payee details. No cell is taken for a formula by a spreadsheet.',
  params,
  query: none,
  body: none,
  keyed: false,
  download: 'text/csv',
  answers: { 200: z.unknown().meta({ type: 'string', description: 'The payouts of the batch' }) },
  problems: ['not_found'],
  async handle({ tx, tenantId, services, params: { id } }) {
    return (await readBatch(tx, tenantId, id)) === null ? problem('not_found') : { status: 200, body: payoutsFile(services, { tenantId, batchId: id }) };
  },
});

async function bodyOf({ tx, tenantId }: Call, id: PayoutBatchId): Promise<z.input<typeof batchOut>> {
  const batch = await readBatch(tx, tenantId, id);
  if (batch === null) throw new Error('a batch is gone within its own transaction');
  return batchBody(batch);
}

export const payoutBatchRoutes: readonly Route[] = [preview, create, list, get, exclude, approve, cancel, download];
