import { z } from 'zod';
import { listSuppressions, readSuppression } from '../../db/read/suppressions.ts';
import type { SuppressionView } from '../../db/read/suppressions.ts';
import { SUPPRESSION_REASONS } from '../../db/schema/people.ts';
import { addSuppression } from '../../db/write/add-suppression.ts';
import { liftSuppression } from '../../db/write/lift-suppression.ts';
import { EMAIL_PROBLEMS, parseEmailAddress } from '../domain/contact/email-address.ts';
import { isId } from '../domain/ids.ts';
import { idIn, idOut, instantOut, iso, isoOrNull } from './fields.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const tag = 'Suppressions';
const LIST = 'suppressions';

const suppressionOut = z.object({
  id: idOut('sup'),
  email: z.string().nullable().meta({ description: 'Null where no contact has this mailbox: a suppression itself keeps no address' }),
  reason: z.enum(SUPPRESSION_REASONS),
  createdAt: instantOut,
  liftedAt: instantOut.nullable(),
}).meta({ id: 'Suppression' });

function suppressionBody({ createdAt, liftedAt, ...suppression }: SuppressionView) {
  return { ...suppression, createdAt: iso(createdAt), liftedAt: isoOrNull(liftedAt) };
}

const add = route({
  method: 'post',
  path: '/v1/suppressions',
  tag,
  summary: 'Never write to this mailbox',
  description: 'What waits for it ends `refused` with the reason `suppressed`, reminders stop. Spellings of one mailbox are one. Where the mailbox is suppressed already, that suppression comes back unchanged; a `legal` one takes its place until it is lifted.',
  params: none,
  query: none,
  body: z.strictObject({ email: z.string().max(320), reason: z.enum(SUPPRESSION_REASONS).default('manual') }).meta({ examples: [{ email: 'ana@example.com', reason: 'manual' }] }),
  keyed: true,
  answers: { 201: suppressionOut.meta({ description: 'It is suppressed now' }), 200: suppressionOut.meta({ description: 'It was suppressed already' }) },
  problems: ['invalid_request'],
  async handle({ tx, tenantId, keyId, now, services: { keyring, watch }, body }) {
    const email = parseEmailAddress(body.email);
    if (email.outcome === 'invalid') return problem('invalid_request', { errors: [{ path: '/email', message: EMAIL_PROBLEMS[email.reason] }] });
    const recipientHash = keyring.hashRecipient(tenantId, email.mailbox);
    const { outcome, id } = await addSuppression(tx, { tenantId, recipientHash, reason: body.reason, actor: keyId, now });
    if (outcome === 'added' && body.reason === 'unsubscribe') watch?.growth.optedOut('app');
    const suppression = await readSuppression(tx, { keyring, tenantId }, id);
    if (suppression === null) throw new Error('a suppression that was just written is gone');
    return { status: outcome === 'added' ? 201 : 200, body: suppressionBody(suppression) };
  },
});

const list = route({
  method: 'get',
  path: '/v1/suppressions',
  tag,
  summary: 'List suppressions, newest first',
  description: 'Those in force; with `lifted=true` those that were lifted, too.',
  params: none,
  query: z.strictObject({ ...pageQuery, lifted: z.enum(['true', 'false']).optional() }),
  body: none,
  keyed: false,
  answers: { 200: pageOf(suppressionOut) },
  problems: ['invalid_cursor'],
  async handle({ tx, tenantId, services: { keyring }, query }) {
    const after = readCursor(LIST, query.cursor, ([id = '', ...more]) => isId('sup', id) && more.length === 0);
    if (after === null) return problem('invalid_cursor');
    const rows = await listSuppressions(tx, { keyring, tenantId }, { after: after?.[0] ?? null, limit: query.limit + 1, lifted: query.lifted === 'true' });
    return { status: 200, body: makePage(LIST, rows, query.limit, { item: suppressionBody, after: (suppression) => [suppression.id] }) };
  },
});

const lift = route({
  method: 'delete',
  path: '/v1/suppressions/{id}',
  tag,
  summary: 'Lift a suppression',
  description: 'New invites may go to the mailbox; those that ended stay ended. The row stays, with `liftedAt`. Lifting it again changes nothing. Lift an opt-out or a complaint only when the person asked for it.',
  params: z.strictObject({ id: idIn('sup') }),
  query: none,
  body: none,
  keyed: false,
  answers: { 200: suppressionOut },
  problems: ['not_found'],
  async handle({ tx, tenantId, keyId, now, services: { keyring }, params }) {
    await liftSuppression(tx, { tenantId, id: params.id, actor: keyId, now });
    const suppression = await readSuppression(tx, { keyring, tenantId }, params.id);
    return suppression === null ? problem('not_found') : { status: 200, body: suppressionBody(suppression) };
  },
});

export const suppressionRoutes: readonly Route[] = [add, list, lift];
