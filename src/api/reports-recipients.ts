import { z } from 'zod';
import { listReportRecipients, readReportRecipient, type ReportRecipient } from '../../db/read/report-recipients.ts';
import { MOST_ASKED, MOST_RECIPIENTS, nameRecipient, removeRecipient } from '../../db/write/reports/recipients.ts';
import { EMAIL_PROBLEMS, parseEmailAddress } from '../domain/contact/email-address.ts';
import { idIn, idOut, instantOut, iso, isoOrNull } from './fields.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const tag = 'Reports';
const STATES = ['asked', 'confirmed', 'unsubscribed'] as const;

const recipientOut = z.object({
  id: idOut('rrc'),
  email: z.string(),
  state: z.enum(STATES).meta({ description: 'asked: a mail asks them, and nothing else goes to them; confirmed: they said yes by its link; unsubscribed: they said no more' }),
  createdAt: instantOut,
  confirmedAt: instantOut.nullable(),
  unsubscribedAt: instantOut.nullable(),
}).meta({ id: 'ReportRecipient' });

const add = route({
  method: 'post',
  path: '/v1/report-recipients',
  tag,
  summary: 'Name somebody who may get the weekly report',
  description: `They get one mail that asks; reports go to them after they said yes on the page it leads to. Naming them again asks again, at most once a day, and never whoever unsubscribed. Up to ${String(MOST_RECIPIENTS)} a tenant.`,
  params: none,
  query: none,
  body: z.strictObject({ email: z.string().max(320) }).meta({ examples: [{ email: 'growth@example.com' }] }),
  keyed: true,
  answers: { 201: recipientOut.meta({ description: 'They are asked now' }), 200: recipientOut.meta({ description: 'They were asked within a day, or have answered' }) },
  problems: ['invalid_request'],
  async handle({ tx, tenantId, now, services: { keyring }, body }) {
    const email = parseEmailAddress(body.email);
    if (email.outcome === 'invalid') return problem('invalid_request', { errors: [{ path: '/email', message: EMAIL_PROBLEMS[email.reason] }] });
    const named = await nameRecipient(tx, keyring, { tenantId, address: email.address, mailbox: email.mailbox, now });
    if (named.outcome === 'too_many') return problem('invalid_request', { errors: [{ path: '/email', message: `There are ${String(MOST_RECIPIENTS)} recipients already: remove one first. Or ${String(MOST_ASKED)} were asked within a day: name more tomorrow.` }] });
    const recipient = await readReportRecipient(tx, keyring, { tenantId, id: named.id });
    if (recipient === null) throw new Error('a recipient is gone within its own transaction');
    return { status: named.outcome === 'asked' ? 201 : 200, body: recipientBody(recipient) };
  },
});

const list = route({
  method: 'get',
  path: '/v1/report-recipients',
  tag,
  summary: 'List the recipients of the weekly report',
  description: 'All of them, in the order in which they were named.',
  params: none,
  query: none,
  body: none,
  keyed: false,
  answers: { 200: z.object({ data: z.array(recipientOut) }) },
  problems: [],
  async handle({ tx, tenantId, services: { keyring } }) {
    return { status: 200, body: { data: (await listReportRecipients(tx, keyring, tenantId)).map(recipientBody) } };
  },
});

const remove = route({
  method: 'delete',
  path: '/v1/report-recipients/{id}',
  tag,
  summary: 'Forget a recipient',
  description: 'Their address is deleted; nothing more goes to them. That they said no, or were asked within a day, stays known by a keyed hash.',
  params: z.strictObject({ id: idIn('rrc') }),
  query: none,
  body: none,
  keyed: false,
  answers: { 204: z.undefined().meta({ description: 'They are forgotten' }) },
  problems: ['not_found'],
  async handle({ tx, tenantId, now, params: { id } }) {
    return (await removeRecipient(tx, { tenantId, id, now })) === null ? problem('not_found') : { status: 204, body: undefined };
  },
});

function recipientBody({ id, email, createdAt, confirmedAt, unsubscribedAt }: ReportRecipient): z.input<typeof recipientOut> {
  const state = unsubscribedAt !== null ? 'unsubscribed' : confirmedAt !== null ? 'confirmed' : 'asked';
  return { id, email, state, createdAt: iso(createdAt), confirmedAt: isoOrNull(confirmedAt), unsubscribedAt: isoOrNull(unsubscribedAt) };
}

export const reportRecipientRoutes: readonly Route[] = [add, list, remove];
