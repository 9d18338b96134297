import { z } from 'zod';
import { readBatch, readInvites } from '../../db/read/invites.ts';
import { acceptInvites } from '../../db/write/accept-invites.ts';
import { cancelInvites } from '../../db/write/cancel-invites.ts';
import { inviteId, inviteRef, isId } from '../domain/ids.ts';
import { idIn, idOut, inviteIdIn } from './fields.ts';
import { acceptedBody, acceptedOut, batchBody, batchOut, inviteBody, inviteOut, newInvitesIn } from './invite-body.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { problem } from './problems.ts';
import { readInvitee } from './read-invitee.ts';
import { none, route } from './route.ts';
import type { Route } from './route.ts';

const tag = 'Invites';
const LIST = 'invites';

const create = route({
  method: 'post',
  path: '/v1/invites',
  tag,
  summary: 'Invite 1 to 1,000 people',
  description: 'By a member, or by the tenant itself. Each invitee is decided by itself and answered in order: accepted with the planned time, or refused with a reason code. The answer comes after the commit; nothing accepted is lost, and nobody gets it twice.',
  params: none,
  query: none,
  body: newInvitesIn,
  keyed: true,
  costs: { flow: 'invites', units: ({ invitees }) => invitees.length },
  answers: { 202: acceptedOut },
  problems: ['invalid_request', 'program_paused'],
  async handle({ tx, tenantId, keyId, now, services, body }) {
    const unknownProgram = () => problem('invalid_request', { errors: [{ path: '/programId', message: 'There is no such program.' }] });
    if (!isId('prg', body.programId)) return unknownProgram();
    const byMember = body.memberId === undefined ? null : { memberId: body.memberId };
    const inviter = body.externalId === undefined ? byMember : { externalId: body.externalId };
    const batch = await acceptInvites(tx, services.keyring, { tenantId, programId: body.programId, inviter, invitees: body.invitees.map(readInvitee), now, actor: keyId });
    switch (batch.outcome) {
      case 'accepted': {
        const overCap = batch.decisions.filter((decision) => decision.outcome === 'refused' && decision.reason === 'cap_reached').length;
        if (overCap > 0) services.log.info({ tenantId, batchId: batch.batchId, refused: overCap }, 'a member reached the cap of invites a day');
        services.watch?.growth.decided(batch.decisions);
        return { status: 202 as const, body: acceptedBody(batch) };
      }
      case 'unknown_program': return unknownProgram();
      case 'not_inviting': return problem('invalid_request', { errors: [{ path: '/programId', message: 'This program is of another loop: it invites nobody. Name one of the loop `invite`.' }] });
      case 'program_paused': return problem('program_paused');
      case 'unknown_member': {
        const path = body.externalId === undefined ? '/memberId' : '/externalId';
        return problem('invalid_request', { errors: [{ path, message: 'There is no such member. Upsert it first.' }] });
      }
    }
  },
});

const get = route({
  method: 'get',
  path: '/v1/invites/{id}',
  tag,
  summary: 'Read an invite',
  description: 'Its state, what was sent, and what comes next. `GET /v1/invites/{id}/explain` tells the whole story.',
  params: z.strictObject({ id: inviteIdIn }),
  query: none,
  body: none,
  keyed: false,
  answers: { 200: inviteOut },
  problems: ['not_found'],
  async handle({ tx, params }) {
    const ref = inviteRef(params.id);
    const [invite] = ref === null ? [] : await readInvites(tx, ref.batchId, ref.n, 1);
    return invite === undefined || invite.n !== ref?.n ? problem('not_found') : { status: 200 as const, body: inviteBody(invite) };
  },
});

const getBatch = route({
  method: 'get',
  path: '/v1/invite-batches/{id}',
  tag,
  summary: 'Read a batch with its progress',
  description: 'The invites of one request, counted by state.',
  params: z.strictObject({ id: idIn('bat') }),
  query: none,
  body: none,
  keyed: false,
  answers: { 200: batchOut },
  problems: ['not_found'],
  async handle({ tx, params }) {
    const batch = await readBatch(tx, params.id);
    return batch === null ? problem('not_found') : { status: 200 as const, body: batchBody(batch) };
  },
});

const listInvites = route({
  method: 'get',
  path: '/v1/invite-batches/{id}/invites',
  tag,
  summary: 'List the invites of a batch',
  description: 'In the order of the request.',
  params: z.strictObject({ id: idIn('bat') }),
  query: z.strictObject(pageQuery),
  body: none,
  keyed: false,
  answers: { 200: pageOf(inviteOut) },
  problems: ['not_found', 'invalid_cursor'],
  async handle({ tx, params, query }) {
    const after = readCursor(LIST, query.cursor, ([batch, n]) => batch === params.id && n !== undefined && /^\d{1,3}$/.test(n));
    if (after === null) return problem('invalid_cursor');
    if ((await readBatch(tx, params.id)) === null) return problem('not_found');
    const rows = await readInvites(tx, params.id, after === undefined ? 0 : Number(after[1]) + 1, query.limit + 1);
    return { status: 200 as const, body: makePage(LIST, rows, query.limit, { item: inviteBody, after: (invite) => [params.id, String(invite.n)] }) };
  },
});

const canceledOut = z.object({ id: idOut('inv'), outcome: z.enum(['canceled', 'too_late', 'already_ended']) })
  .meta({ description: '`too_late`: it is leaving or has left; its retries and reminders are canceled all the same' });

const cancel = route({
  method: 'post',
  path: '/v1/invites/{id}/cancel',
  tag,
  summary: 'Cancel an invite',
  description: 'A waiting invite is canceled and frees its recipient. One that is leaving or has left answers `too_late`, and nothing follows it.',
  params: z.strictObject({ id: inviteIdIn }),
  query: none,
  body: none,
  keyed: true,
  answers: { 200: canceledOut },
  problems: ['not_found'],
  async handle({ tx, tenantId, keyId, now, params }) {
    const ref = inviteRef(params.id);
    const [canceled] = ref === null ? [] : ((await cancelInvites(tx, { tenantId, ...ref, now, actor: keyId })) ?? []);
    return canceled === undefined ? problem('not_found') : { status: 200 as const, body: { id: inviteId(canceled), outcome: canceled.outcome } };
  },
});

const cancelBatch = route({
  method: 'post',
  path: '/v1/invite-batches/{id}/cancel',
  tag,
  summary: 'Cancel all invites of a batch',
  description: 'Each is answered as if it had been canceled by itself.',
  params: z.strictObject({ id: idIn('bat') }),
  query: none,
  body: none,
  keyed: true,
  answers: { 200: z.object({ invites: z.array(canceledOut) }) },
  problems: ['not_found'],
  async handle({ tx, tenantId, keyId, now, params }) {
    const canceled = await cancelInvites(tx, { tenantId, batchId: params.id, n: null, now, actor: keyId });
    if (canceled === null) return problem('not_found');
    return { status: 200 as const, body: { invites: canceled.map((invite) => ({ id: inviteId(invite), outcome: invite.outcome })) } };
  },
});

export const inviteRoutes: readonly Route[] = [create, get, getBatch, listInvites, cancel, cancelBatch];
