import { z } from 'zod';
import { findMember } from '../../db/read/link-owner.ts';
import type { Tx } from '../../db/client.ts';
import { readPayee } from '../../db/read/payees.ts';
import { removePayee, setPayee } from '../../db/write/payouts/set-payee.ts';
import { isId, type MemberId } from '../domain/ids.ts';
import { instantOut, iso } from './fields.ts';
import { shownPayee } from './payout-body.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const tag = 'Payouts';
const path = '/v1/members/{id}/payee';
const params = z.strictObject({ id: z.string().max(200).meta({ description: '`mbr_…`, or your own id of the user' }) });

const payeeOut = z.object({ payee: z.string().meta({ description: 'The end of the details; never all of them' }), changedAt: instantOut }).meta({ id: 'Payee' });
const payeeIn = z.strictObject({
  details: z.string().min(4, 'Give 4 to 200 characters').max(200, 'Give 4 to 200 characters')
    .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, 'Must not hold control characters')
    .meta({ description: 'Where this member is paid, in the words of your rail: an account token, an IBAN. Opaque to us, kept sealed' }),
}).meta({ examples: [{ details: 'acct_1QxYexample0042' }] });

const set = route({
  method: 'put',
  path,
  tag,
  summary: 'Say where a member is paid',
  description: 'It is sealed and never shown back whole. Payouts that are approved already go where they were to go.',
  params,
  query: none,
  body: payeeIn,
  keyed: false,
  answers: { 200: payeeOut },
  problems: ['not_found'],
  async handle({ tx, tenantId, keyId, now, services, params: { id }, body: { details } }) {
    const memberId = await memberNamed(tx, id);
    if (memberId === null) return problem('not_found', { detail: 'There is no such member. Upsert it first.' });
    await setPayee(tx, { tenantId, memberId, detailsSealed: services.keyring.seal(tenantId, details), actor: keyId, now });
    return { status: 200, body: { payee: shownPayee(details), changedAt: iso(now) } };
  },
});

const get = route({
  method: 'get',
  path,
  tag,
  summary: 'See whether it is known where a member is paid',
  description: 'Shows the end of the details, by which their owner knows them.',
  params,
  query: none,
  body: none,
  keyed: false,
  answers: { 200: payeeOut },
  problems: ['not_found'],
  async handle({ tx, tenantId, services, params: { id } }) {
    const memberId = await memberNamed(tx, id);
    const payee = memberId === null ? null : await readPayee(tx, tenantId, memberId);
    if (payee === null) return problem('not_found');
    return { status: 200, body: { payee: shownPayee(services.keyring.open(tenantId, payee.detailsSealed)), changedAt: iso(payee.changedAt) } };
  },
});

const remove = route({
  method: 'delete',
  path,
  tag,
  summary: 'Forget where a member is paid',
  description: 'Payouts that are approved already go where they were to go.',
  params,
  query: none,
  body: none,
  keyed: false,
  answers: { 204: z.undefined().meta({ description: 'It is forgotten' }) },
  problems: ['not_found'],
  async handle({ tx, tenantId, keyId, now, params: { id } }) {
    const memberId = await memberNamed(tx, id);
    const removed = memberId !== null && (await removePayee(tx, { tenantId, memberId, actor: keyId, now }));
    return removed ? { status: 204, body: undefined } : problem('not_found');
  },
});

function memberNamed(tx: Tx, id: string): Promise<MemberId | null> {
  return findMember(tx, isId('mbr', id) ? { memberId: id } : { externalId: id });
}

export const payoutPayeeRoutes: readonly Route[] = [set, get, remove];
