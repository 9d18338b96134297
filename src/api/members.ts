import { z } from 'zod';
import { listMembers, readMember } from '../../db/read/members.ts';
import type { MemberView } from '../../db/read/members.ts';
import { makeMissingPersonalLinks, makePersonalLinks } from '../../db/write/personal-links.ts';
import { upsertMembers } from '../../db/write/upsert-members.ts';
import type { MemberChange } from '../../db/write/member-state.ts';
import { isId } from '../domain/ids.ts';
import { idOut } from './fields.ts';
import { memberIdIn } from './link-body.ts';
import { memberBody, memberIn, memberOut, memberRowsIn } from './member-body.ts';
import { MEMBER_REFUSALS, readMemberFields } from './member-change.ts';
import { makePage, pageOf, pageQuery, readCursor } from './paging.ts';
import { problem } from './problems.ts';
import { none, route } from './route.ts';
import type { Call, Route } from './route.ts';

const tag = 'Members';
const LIST = 'members';
const KEEPS = 'What is left out stays as it is; null clears. Open invites to the same mailbox end as `joined`. A changed zone, quiet hours or event date plans what waits again.';

const upsert = route({
  method: 'put',
  path: '/v1/members/{id}',
  tag,
  summary: 'Make or change a member',
  description: `\`id\` is your own id of the user. ${KEEPS}`,
  params: z.strictObject({ id: z.string().meta({ description: 'Your own id of the user: 1 to 200 characters' }) }),
  query: none,
  body: memberIn,
  keyed: false,
  answers: { 200: memberOut.meta({ description: 'The member as it is now' }), 201: memberOut.meta({ description: 'The member was made' }) },
  problems: ['invalid_request'],
  async handle({ params, body, ...call }) {
    const read = readMemberFields(params.id, body, call.now);
    if (read.outcome === 'refused') {
      return problem('invalid_request', { errors: read.errors.map((error) => (error.path === '/externalId' ? { ...error, path: '{id}' } : error)) });
    }
    const upserted = await upsertMembers(call.tx, call.services.keyring, { tenantId: call.tenantId, changes: [read.change], now: call.now });
    const member = await memberThatIs(call, { externalId: params.id });
    if (member === null) throw new Error('a member that was just written is gone');
    return { status: upserted.get(params.id)?.created === true ? 201 : 200, body: memberBody(member) };
  },
});

const result = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('upserted'), externalId: z.string(), id: idOut('mbr'), created: z.boolean() }),
  z.object({ outcome: z.literal('refused'), externalId: z.string(), reason: z.enum(MEMBER_REFUSALS), errors: z.array(z.object({ path: z.string(), message: z.string() })) }),
]);

const batch = route({
  method: 'post',
  path: '/v1/members/batch',
  tag,
  summary: 'Make or change up to 1,000 members',
  description: `Each row by itself: one with an unusable address or zone is \`refused\` with its reason and spoils no other. ${KEEPS} Rows of the same member count in their order.`,
  params: none,
  query: none,
  body: memberRowsIn,
  keyed: true,
  costs: { flow: 'rows', units: ({ members }) => members.length },
  answers: { 200: z.object({ results: z.array(result) }).meta({ description: 'What became of each row, in the order sent' }) },
  problems: [],
  async handle({ tx, tenantId, now, services, body }) {
    const rows = body.members.map(({ externalId, ...fields }) => ({ externalId, read: readMemberFields(externalId, fields, now) }));
    const changes = rows.flatMap(({ read }): MemberChange[] => (read.outcome === 'change' ? [read.change] : []));
    const upserted = await upsertMembers(tx, services.keyring, { tenantId, changes, now });
    const results = rows.map(({ externalId, read }): z.input<typeof result> => {
      if (read.outcome === 'refused') return { outcome: 'refused', externalId, reason: read.reason, errors: read.errors };
      const member = upserted.get(externalId);
      if (member === undefined) throw new Error('a member that was just written is gone');
      return { outcome: 'upserted', externalId, ...member };
    });
    return { status: 200, body: { results } };
  },
});

const get = route({
  method: 'get',
  path: '/v1/members/{id}',
  tag,
  summary: 'Read a member',
  description: 'By its id here (`mbr_…`) or by your own id of the user.',
  params: z.strictObject({ id: z.string().max(200).meta({ description: '`mbr_…`, or your own id of the user' }) }),
  query: none,
  body: none,
  keyed: false,
  answers: { 200: memberOut },
  problems: ['not_found'],
  async handle({ params: { id }, ...call }) {
    const member = await memberThatIs(call, isId('mbr', id) ? { id } : { externalId: id });
    return member === null ? problem('not_found') : { status: 200, body: memberBody(member) };
  },
});

const list = route({
  method: 'get',
  path: '/v1/members',
  tag,
  summary: 'List members, newest first',
  description: 'All of them, or the one with an `externalId`.',
  params: none,
  query: z.strictObject({ ...pageQuery, externalId: z.string().max(200).optional() }),
  body: none,
  keyed: false,
  answers: { 200: pageOf(memberOut) },
  problems: ['invalid_cursor'],
  async handle({ query, ...call }) {
    const after = readCursor(LIST, query.cursor, ([id = '', ...more]) => isId('mbr', id) && more.length === 0);
    if (after === null) return problem('invalid_cursor');
    const rows = await withLinks(call, await listMembers(call.tx, readerOf(call), { after: after?.[0] ?? null, limit: query.limit + 1, externalId: query.externalId }));
    return { status: 200, body: makePage(LIST, rows, query.limit, { item: memberBody, after: (member) => [member.id] }) };
  },
});

/** Who was a member before there were personal links gets one when it is asked for. */
async function withLinks({ tx, services, tenantId, now }: Pick<Call, 'tx' | 'services' | 'tenantId' | 'now'>, members: readonly MemberView[]): Promise<MemberView[]> {
  const lacking = members.flatMap(({ id, personalCode }) => (personalCode === null ? [id] : []));
  const made = await makePersonalLinks(tx, services.keyring, { tenantId, memberIds: lacking, now });
  return members.map((member) => ({ ...member, personalCode: member.personalCode ?? made.get(member.id) ?? null }));
}

async function memberThatIs(call: Call, which: Parameters<typeof readMember>[2]): Promise<MemberView | null> {
  const member = await readMember(call.tx, readerOf(call), which);
  return member === null ? null : (await withLinks(call, [member]))[0] ?? null;
}

const makeLinks = route({
  method: 'post',
  path: '/v1/personal-links',
  tag,
  summary: 'Make the personal links that are missing',
  description: 'Who becomes a member gets one at once; those who were members before get theirs here, up to 1,000 members a request, or when they are read. Send `next` as `after` until it is null. Repeating it changes nothing.',
  params: none,
  query: none,
  body: z.strictObject({ after: memberIdIn.optional() }).meta({ examples: [{}] }),
  keyed: true,
  answers: { 200: z.object({ made: z.int().min(0), next: idOut('mbr').nullable().meta({ description: 'Where to go on; null: everybody has one' }) }) },
  problems: [],
  async handle({ tx, tenantId, now, services, body }) {
    return { status: 200, body: await makeMissingPersonalLinks(tx, services.keyring, { tenantId, after: body.after ?? null, now }) };
  },
});

function readerOf({ services, tenantId }: Pick<Call, 'services' | 'tenantId'>) {
  return { keyring: services.keyring, tenantId };
}

export const memberRoutes: readonly Route[] = [batch, upsert, get, list, makeLinks];
