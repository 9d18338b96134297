import { z } from 'zod';
import { listReferrals, readClaims, readPayments, readReferral } from '../../db/read/referrals.ts';
import type { ReferralView } from '../../db/read/referrals.ts';
import { REFERRAL_STATES } from '../../db/schema/referrals.ts';
import { correctReferral, reviewReferral } from '../../db/write/correct-referral.ts';
import type { CorrectOutcome } from '../../db/write/correct-referral.ts';
import { isId } from '../domain/ids.ts';
import type { ReferralId } from '../domain/ids.ts';
import { idIn, textIn } from './fields.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { problem } from './problems.ts';
import { claimBody, paymentBody, referralBody, referralOut, referralWithStoryOut } from './referral-body.ts';
import { none, route } from './route.ts';
import type { Call, Route } from './route.ts';

const tag = 'Referrals';
const LIST = 'referrals';
const byId = z.strictObject({ id: idIn('ref') });
const externalId = (who: string) => z.string().min(1).max(200).optional().meta({ description: `${who}, by your own id` });
const reasonIn = textIn(500).meta({ description: 'Why, for the audit log; write no names or addresses' });

const list = route({
  method: 'get',
  path: '/v1/referrals',
  tag,
  summary: 'List referrals, newest first',
  description: 'All of them, or those of one program, referrer, referee or state.',
  params: none,
  query: z.strictObject({
    ...pageQuery,
    program: z.string().max(40).optional().meta({ description: 'The id of a program' }),
    referrer: externalId('Who brought'),
    referee: externalId('Who was brought'),
    state: z.enum(REFERRAL_STATES).optional(),
  }),
  body: none,
  keyed: false,
  answers: { 200: pageOf(referralOut) },
  problems: ['invalid_cursor', 'invalid_request'],
  async handle({ tx, query: { limit, cursor, program, referrer, referee, state } }) {
    const after = readCursor(LIST, cursor, (parts) => placeOf(parts) !== null);
    if (after === null) return problem('invalid_cursor');
    if (program !== undefined && !isId('prg', program)) return problem('invalid_request', { errors: [{ path: '?program', message: 'This is no prg_ id' }] });
    const rows = await listReferrals(tx, { after: after === undefined ? null : placeOf(after), limit: limit + 1, filter: { programId: program, referrer, referee, state } });
    return { status: 200, body: makePage(LIST, rows, limit, { item: referralBody, after: (referral) => [referral.id] }) };
  },
});

const get = route({
  method: 'get',
  path: '/v1/referrals/{id}',
  tag,
  summary: 'Read a referral',
  description: 'With everything that spoke for somebody at the sign-up, won and lost, and the referee\'s payments.',
  params: byId,
  query: none,
  body: none,
  keyed: false,
  answers: { 200: referralWithStoryOut },
  problems: ['not_found'],
  async handle({ tx, params }) {
    const referral = await readReferral(tx, params.id);
    if (referral === null) return problem('not_found');
    const [claims, payments] = await Promise.all([readClaims(tx, referral.refereeId), readPayments(tx, referral.refereeId)]);
    return { status: 200, body: { ...referralBody(referral), claims: claims.map(claimBody), payments: payments.map(paymentBody) } };
  },
});

const correct = route({
  method: 'post',
  path: '/v1/referrals/{id}/correct',
  tag,
  summary: 'Give the credit to somebody else',
  description: 'Until something of its rewards is paid out or stands in a payout. What the former referrer has of it is taken back, the new one gets what the same facts give. The claim before stays, as `corrected`, and the audit log says who did it and why.',
  params: byId,
  query: none,
  body: z.strictObject({ referrerExternalId: textIn(200).meta({ description: 'Who brought the referee, by your own id' }), reason: reasonIn }).meta({ examples: [{ referrerExternalId: 'user-9', reason: 'Both told support so, ticket 4711' }] }),
  keyed: true,
  answers: { 200: referralOut },
  problems: ['not_found', 'invalid_request', 'too_late', 'correction_not_possible'],
  async handle({ tx, tenantId, keyId, now, params, body }) {
    const done = await correctReferral(tx, { tenantId, referralId: params.id, ...body, actor: keyId, now });
    if (done.outcome === 'refused') return refusalOf(done.reason);
    return { status: 200, body: referralBody(await referralThatIs(tx, params.id)) };
  },
});

function refusalOf(reason: Extract<CorrectOutcome, { outcome: 'refused' }>['reason']) {
  switch (reason) {
    case 'unknown_referral': return problem('not_found');
    case 'unknown_referrer': return problem('invalid_request', { errors: [{ path: '/referrerExternalId', message: 'There is no such member. Upsert it first.' }] });
    case 'too_late': return problem('too_late', { detail: 'Something of its rewards was paid out or stands in a payout: the credit stays. Exclude the reward from the payout first, where that is still possible.' });
    case 'self_referral': return problem('correction_not_possible', { detail: 'This member and the referee are one person, by their id, mailbox, phone or means of payment.' });
    case 'cycle': return problem('correction_not_possible', { detail: 'The referee brought this member, or somebody who did: they would have brought each other.' });
  }
}

const review = route({
  method: 'post',
  path: '/v1/referrals/{id}/review',
  tag,
  summary: 'Open or end a review',
  description: 'As long as it is open, what the referral earns is held and does not move. Saying the same again changes nothing.',
  params: byId,
  query: none,
  body: z.strictObject({ underReview: z.boolean(), reason: reasonIn }).meta({ examples: [{ underReview: true, reason: 'Forty sign-ups from one office within an hour' }] }),
  keyed: true,
  answers: { 200: referralOut },
  problems: ['not_found'],
  async handle({ tx, tenantId, keyId, now, params, body }) {
    const isKnown = await reviewReferral(tx, { tenantId, referralId: params.id, ...body, actor: keyId, now });
    return isKnown ? { status: 200, body: referralBody(await referralThatIs(tx, params.id)) } : problem('not_found');
  },
});

async function referralThatIs(tx: Call['tx'], id: ReferralId): Promise<ReferralView> {
  const referral = await readReferral(tx, id);
  if (referral === null) throw new Error('a referral is gone within its own transaction');
  return referral;
}

function placeOf([id = '', ...more]: readonly string[]): ReferralId | null {
  return isId('ref', id) && more.length === 0 ? id : null;
}

export const referralRoutes: readonly Route[] = [list, get, correct, review];
