import { inviteCode } from '../../src/domain/link/code.ts';
import { newId } from '../../src/config/new-id.ts';
import { inviteId } from '../../src/domain/ids.ts';
import type { Route } from '../../src/api/route.ts';
import { NOON } from '../support/api.ts';
import type { Reply } from '../support/api.ts';
import { everyRoute } from '../support/every-route.ts';
import { makeProgram } from '../support/invites-api.ts';
import { routesWithIds, WANTED } from '../support/routes-with-ids.ts';
import { arrangeThings } from '../support/things-of-a-tenant.ts';
import { useTenant, useTestApi } from '../support/use-test-api.ts';
import { changedSince, storedIn } from './support/stored.ts';

/*
 * Every route x every kind of thing another tenant has, in the path, in each query parameter and in each text of the body.
 * The answer is, word for word, the one that an id gets which nobody has: who asks cannot even learn that it exists.
 */
const api = useTestApi();
const tenant = useTenant(api);
const other = useTenant(api, () => api.makeTenant({ name: 'Other Club', allowedDestinations: ['app.theirs.example'] }));
let ownProgram: string;
/** By kind: what the other tenant has, and an id of the same form that nobody has. */
const kinds = new Map<string, { theirs: string; nobodys: string }>();
const SECRET = /Other Club|their-user|sam@theirs|no@theirs|theirs\.example/;

beforeAll(async () => {
  const things = await arrangeThings(api, other, { user: 'their-user', domain: 'theirs.example' });
  const nobodysBatch = newId('bat', NOON);
  const found: readonly (readonly [kind: string, theirs: string, nobodys: string])[] = [
    ['program', things.program, newId('prg', NOON)],
    ['invite', things.invite, inviteId({ batchId: nobodysBatch, n: 0 })],
    ['batch', things.batch, nobodysBatch],
    ['link', things.code, inviteCode(api.services.keyring, { batchId: nobodysBatch, n: 0 })],
    ['member', things.member, newId('mbr', NOON)],
    ['suppression', things.suppression, newId('sup', NOON)],
    ['import', things.import, newId('imp', NOON)],
    ['tenant', other.tenantId, newId('tnt', NOON)],
    ['key', other.keyId, newId('key', NOON)],
    ['payout batch', things.payoutBatch, newId('pbt', NOON)],
    ['payout', things.payout, newId('pyt', NOON)],
    ['referral', things.referral, newId('ref', NOON)],
    ['reward', things.reward, newId('rew', NOON)],
    ['webhook endpoint', things.endpoint, newId('whe', NOON)],
    ['webhook delivery', things.delivery, newId('whd', NOON)],
    ['feed item', things.feedItem, newId('fee', NOON)],
    ['prompt', things.prompt, newId('prm', NOON)],
    ['report recipient', things.recipient, newId('rrc', NOON)],
  ];
  for (const [kind, theirs, nobodys] of found) kinds.set(kind, { theirs, nobodys });
  ownProgram = await makeProgram(api, tenant);
});

/** What may differ between two answers to the same question: its own id, and the id that was asked for. */
function said(reply: Reply, id: string): string {
  return `${String(reply.status)} ${reply.text.replaceAll(/req_[\w-]+/g, 'req').replaceAll(id, 'ID')}`;
}

async function askTwice(ask: (id: string) => Promise<Reply>, { theirs, nobodys }: { theirs: string; nobodys: string }): Promise<Reply> {
  const [foreign, unknown] = [await ask(theirs), await ask(nobodys)];
  expect(said(foreign, theirs)).toBe(said(unknown, nobodys));
  expect(foreign.text).not.toMatch(SECRET);
  return foreign;
}

const hasBody = (route: Route): boolean => route.method !== 'get' && route.method !== 'delete';

test.each(routesWithIds)('%s knows no id of another tenant, of whatever kind', async (name, route) => {
  const before = await storedIn(api.database.superuser);
  await Promise.all([...kinds].map(async ([kind, ids]) => {
    const reply = await askTwice((id) => api.send(tenant, route.method.toUpperCase(), route.path.replace('{version}', '1').replaceAll(/\{\w+\}/g, id), hasBody(route) ? WANTED[name] ?? {} : undefined), ids);
    expect([kind, reply.status, reply.body['code']]).toEqual([kind, 404, 'not_found']);
  }));
  // A keyed request that found nothing is remembered as that.
  expect(changedSince(before, await storedIn(api.database.superuser))).toEqual(route.keyed ? ['idempotency'] : []);
});

test.each(everyRoute.filter(([, route]) => Object.keys(route.query.shape).length > 0 && !route.path.includes('{')))('%s: no query parameter leads to what another tenant has', async (_name, route) => {
  const before = await storedIn(api.database.superuser);
  for (const name of Object.keys(route.query.shape)) {
    await Promise.all([...kinds.values()].map((ids) => askTwice((id) => api.send(tenant, route.method.toUpperCase(), `${route.path}?${name}=${id}`), ids)));
  }
  expect(changedSince(before, await storedIn(api.database.superuser))).toEqual([]);
});

const invitees = [{ email: 'ana@x.example', zone: 'Europe/Paris', consent: { basis: 'opt_in' } }];
const BODIES: readonly [string, string, string, (id: string) => unknown][] = [
  ['the program of an invite', 'POST', '/v1/invites', (id) => ({ programId: id, invitees })],
  ['the member who invites', 'POST', '/v1/invites', (id) => ({ programId: ownProgram, memberId: id, invitees })],
  ['the member of a link', 'POST', '/v1/links', (id) => ({ destination: 'https://app.kite.example/', memberId: id })],
  ['the link of an event', 'POST', '/v1/events', (id) => ({ events: [{ eventId: 'e1', type: 'clickout', code: id }] })],
  ['the invite of a delivery', 'POST', '/v1/delivery-events', (id) => ({ events: [{ eventId: 'd1', kind: 'delivered', at: '2026-06-10T12:00:00Z', inviteId: id }] })],
  ['the member of a preview', 'POST', 'PREVIEW', (id) => ({ member: { memberId: id } })],
  ['the inviter of a preview', 'POST', 'PREVIEW', (id) => ({ inviter: { memberId: id } })],
  ['who is left out of a batch', 'POST', '/v1/payout-batches', (id) => ({ unit: 'EUR', exclude: [id] })],
  ['who is left out of a batch that is looked at', 'POST', '/v1/payout-batches/preview', (id) => ({ unit: 'EUR', exclude: [id] })],
  ['the referrer of an invented course', 'POST', 'EVALUATE', (id) => ({ events: [{ type: 'signed_up', occurredAt: '2026-06-01T10:00:00Z' }], referrer: id, rewards: { rules: [] } })],
  ['who is asked at a moment', 'POST', '/v1/prompts/decide', (id) => ({ memberId: id, moment: 'practice_completed', momentId: 'm' })],
  ['who is given freezes', 'POST', '/v1/streaks/grants', (id) => ({ grants: [{ key: 'k', externalId: id, count: 1 }] })],
  ['whose streaks are paused', 'POST', '/v1/streaks/pauses', (id) => ({ pauses: [{ externalId: id, from: '2026-06-10', to: '2026-06-11' }] })],
  ['what a link to explain is about', 'POST', '/v1/explain-links', (id) => ({ subjectId: id })],
];

const OWN_PROGRAM: Record<string, string> = {};
beforeAll(() => {
  OWN_PROGRAM['PREVIEW'] = `/v1/programs/${ownProgram}/preview`;
  OWN_PROGRAM['EVALUATE'] = `/v1/programs/${ownProgram}/evaluate`;
});

test.each(BODIES)('in a body, %s is not found where it is another tenant\'s', async (_what, method, path, bodyWith) => {
  const before = await storedIn(api.database.superuser);
  await Promise.all([...kinds.values()].map((ids) => askTwice((id) => api.send(tenant, method, OWN_PROGRAM[path] ?? path, bodyWith(id)), ids)));
  expect(changedSince(before, await storedIn(api.database.superuser)).filter((table) => table !== 'idempotency')).toEqual([]);
});

test('the same externalId in two tenants is two people', async () => {
  const reply = await api.send(tenant, 'GET', '/v1/members?externalId=their-user');
  expect(reply.body['data']).toEqual([]);
  const own = await api.send(tenant, 'PUT', '/v1/members/their-user', { name: 'Ours' });
  expect(own.body['id']).not.toBe(kinds.get('member')?.theirs);
  expect((await api.send(other, 'GET', '/v1/members?externalId=their-user')).text).toContain('Their Member');
});
