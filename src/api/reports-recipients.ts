import { z } from 'zod';
import { SUPPRESSION_REASONS } from '../../db/schema/people.ts';
import { listReportRecipients, readReportRecipient, type ReportRecipient } from '../../db/read/report-recipients.ts';
import { MOST_ASKED, MOST_RECIPIENTS, nameRecipient, removeRecipient } from '../../db/write/reports/recipients.ts';
import { EMAIL_PROBLEMS, parseEmailAddress } from '../domain/contact/email-address.ts';
import { canonicalTag } from '../domain/message/locale-tags.ts';
import { idIn, idOut, instantOut, iso, isoOrNull } from './fields.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const tag = 'Reports';
const STATES = ['asked', 'confirmed', 'unsubscribed', 'suppressed'] as const;

const localeIn = z.string().max(35).transform((text, context) => {
  const tag = canonicalTag(text);
  if (tag !== null && tag.length <= 35) return tag;
  context.addIssue({ code: 'custom', message: 'Give a language as BCP 47 writes it, such as es or de-AT' });
  return z.NEVER;
}).meta({ description: 'In which language they are written to (BCP 47): Spanish and German are there, all others get English. Left out: as before, else English' });

const recipientOut = z.object({
  id: idOut('rrc'),
  email: z.string(),
  state: z.enum(STATES).meta({ description: 'asked: a mail asks them, and nothing else goes to them; confirmed: they said yes by its link; unsubscribed: they said no more; suppressed: nothing is sent to them whatever they said, `suppressed` says why' }),
  createdAt: instantOut,
  confirmedAt: instantOut.nullable(),
  unsubscribedAt: instantOut.nullable(),
  locale: z.string().nullable().meta({ description: 'In which language they are written to: English, Spanish or German; null: English' }),
  suppressed: z.object({ reason: z.enum(SUPPRESSION_REASONS), since: instantOut }).nullable().meta({ description: 'A mail bounced (`hard_bounce`), they complained (`complaint`), or the address stands on your list of suppressions. Once it is lifted there, reports go out again' }),
}).meta({ id: 'ReportRecipient' });

const add = route({
  method: 'post',
  path: '/v1/report-recipients',
  tag,
  summary: 'Name somebody who may get the weekly report',
  description: `They get one mail that asks; reports go to them after they said yes on the page it leads to. Naming them again asks again, at most once a day, and never whoever unsubscribed. Up to ${String(MOST_RECIPIENTS)} a tenant.`,
  params: none,
  query: none,
  body: z.strictObject({ email: z.string().max(320), locale: localeIn.optional() }).meta({ examples: [{ email: 'growth@example.com', locale: 'de' }] }),
  keyed: true,
  answers: { 201: recipientOut.meta({ description: 'They are asked now' }), 200: recipientOut.meta({ description: 'They were asked within a day, or have answered' }) },
  problems: ['invalid_request'],
  async handle({ tx, tenantId, now, services: { keyring }, body }) {
    const email = parseEmailAddress(body.email);
    if (email.outcome === 'invalid') return problem('invalid_request', { errors: [{ path: '/email', message: EMAIL_PROBLEMS[email.reason] }] });
    const named = await nameRecipient(tx, keyring, { tenantId, address: email.address, mailbox: email.mailbox, locale: body.locale, now });
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

function recipientBody({ id, email, createdAt, confirmedAt, unsubscribedAt, locale, suppressed }: ReportRecipient): z.input<typeof recipientOut> {
  const state = suppressed !== null ? 'suppressed' : unsubscribedAt !== null ? 'unsubscribed' : confirmedAt !== null ? 'confirmed' : 'asked';
  return { id, email, state, createdAt: iso(createdAt), confirmedAt: isoOrNull(confirmedAt), unsubscribedAt: isoOrNull(unsubscribedAt), locale, suppressed: suppressed === null ? null : { ...suppressed, since: iso(suppressed.since) } };
}

export const reportRecipientRoutes: readonly Route[] = [add, list, remove];
