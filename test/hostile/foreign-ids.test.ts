import { z } from 'zod';
import { inviteCode } from '../../src/domain/link/code.ts';
import { newId } from '../../src/config/new-id.ts';
import { inviteId } from '../../src/domain/ids.ts';
import { insertInviteLinks } from '../../db/write/create-link.ts';
import { openRuns } from '../../db/write/open-runs.ts';
import type { Route } from '../../src/api/route.ts';
import { listIn, NOON, openTestApi, textIn } from '../support/api.ts';
import type { Reply, TestApi, TestTenant } from '../support/api.ts';
import { everyRoute } from '../support/every-route.ts';
import { invite, makeProgram } from '../support/invites-api.ts';
import { openPayoutStand } from '../support/payouts.ts';
import { offerTo } from '../support/arrange-prompts.ts';
import { changedSince, storedIn } from './support/stored.ts';

/*
 * Every route x every kind of thing another tenant has, in the path, in each query parameter and in each text of the body.
 * The answer is, word for word, the one that an id gets which nobody has: who asks cannot even learn that it exists.
 */
let api: TestApi;
let tenant: TestTenant;
let other: TestTenant;
let ownProgram: string;
/** By kind: what the other tenant has, and an id of the same form that nobody has. */
const kinds = new Map<string, { theirs: string; nobodys: string }>();
const SECRET = /Other Club|their-user|sam@theirs|no@theirs|theirs\.example/;

beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
  other = await api.makeTenant({ name: 'Other Club', allowedDestinations: ['app.theirs.example'] });
  const programId = await makeProgram(api, other);
  const [invited] = await invite(api, other, programId, ['sam@theirs.example']);
  if (invited === undefined) throw new Error('nobody was invited');
  const code = inviteCode(api.services.keyring, invited.ref);
  await api.database.app.asTenant(other.tenantId, (tx) =>
    insertInviteLinks(tx, [{ code, ...invited.ref, memberId: null, leadsTo: { destination: 'https://app.theirs.example/', utm: {} } }], other.tenantId, NOON));
  const memberId = textIn((await api.send(other, 'PUT', '/v1/members/their-user', { name: 'Their Member' })).body, 'id');
  const suppressionId = textIn((await api.send(other, 'POST', '/v1/suppressions', { email: 'no@theirs.example' })).body, 'id');
  const file = { raw: 'externalId\nrow-1\n', headers: { 'content-type': 'text/csv' } };
  const importId = textIn((await api.send(other, 'POST', '/v1/imports?kind=members', undefined, file)).body, 'id');
  const nobodysBatch = newId('bat', NOON);
  kinds.set('program', { theirs: programId, nobodys: newId('prg', NOON) });
  kinds.set('invite', { theirs: invited.id, nobodys: inviteId({ batchId: nobodysBatch, n: 0 }) });
  kinds.set('batch', { theirs: invited.ref.batchId, nobodys: nobodysBatch });
  kinds.set('link', { theirs: code, nobodys: inviteCode(api.services.keyring, { batchId: nobodysBatch, n: 0 }) });
  kinds.set('member', { theirs: memberId, nobodys: newId('mbr', NOON) });
  kinds.set('suppression', { theirs: suppressionId, nobodys: newId('sup', NOON) });
  kinds.set('import', { theirs: importId, nobodys: newId('imp', NOON) });
  kinds.set('tenant', { theirs: other.tenantId, nobodys: newId('tnt', NOON) });
  kinds.set('key', { theirs: other.keyId, nobodys: newId('key', NOON) });
  const payouts = await openPayoutStand(api, other);
  await api.send(other, 'PUT', '/v1/payout-rail', { kind: 'manual' });
  await payouts.release(await payouts.member('their-user'), 5_000);
  const approved = await payouts.approved();
  kinds.set('payout batch', { theirs: approved.batchId, nobodys: newId('pbt', NOON) });
  kinds.set('payout', { theirs: approved.payouts.get('their-user') ?? '', nobodys: newId('pyt', NOON) });
  const { code: personal } = z.object({ code: z.string() }).parse((await api.send(other, 'PUT', '/v1/members/their-user', {})).body['personalLink']);
  await api.send(other, 'POST', '/v1/events', { events: [{ eventId: 'joined', type: 'signed_up', externalId: 'a-friend', code: personal }] });
  kinds.set('referral', { theirs: textIn(listIn((await api.send(other, 'GET', '/v1/referrals')).body, 'data')[0] ?? {}, 'id'), nobodys: newId('ref', NOON) });
  // A run has the id of what it is the life of.
  const runId = kinds.get('referral')?.theirs ?? '';
  await api.database.app.asTenant(other.tenantId, (tx) => openRuns(tx, { tenantId: other.tenantId, runs: [{ id: runId, loop: 'referral', stage: 'attributed', input: {} }], now: NOON }));
  kinds.set('reward', { theirs: textIn(listIn((await api.send(other, 'GET', '/v1/rewards')).body, 'data')[0] ?? {}, 'id'), nobodys: newId('rew', NOON) });
  const endpointId = textIn((await api.send(other, 'POST', '/v1/webhook-endpoints', { url: 'https://hooks.theirs.example/' })).body, 'id');
  kinds.set('webhook endpoint', { theirs: endpointId, nobodys: newId('whe', NOON) });
  kinds.set('webhook delivery', { theirs: textIn((await api.send(other, 'POST', `/v1/webhook-endpoints/${endpointId}/test`)).body, 'id'), nobodys: newId('whd', NOON) });
  kinds.set('feed item', { theirs: textIn(listIn((await api.send(other, 'POST', '/v1/feed', { items: [{ externalId: 'their-user', key: 'hello', title: 'Hello', body: 'Their Member has news.' }] })).body, 'results')[0] ?? {}, 'id'), nobodys: newId('fee', NOON) });
  kinds.set('prompt', { theirs: await offerTo(api.database, { tenantId: other.tenantId, memberId, programId, now: NOON }), nobodys: newId('prm', NOON) });
  kinds.set('report recipient', { theirs: textIn((await api.send(other, 'POST', '/v1/report-recipients', { email: 'growth@theirs.example' })).body, 'id'), nobodys: newId('rrc', NOON) });
  ownProgram = await makeProgram(api, tenant);
});
afterAll(() => api.close());

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

/** What a route wants to be told before it looks for what its path names. */
const WANTED: Readonly<Record<string, object>> = {
  'PUT /v1/members/{id}/payee': { details: 'acct_1234' },
  'POST /v1/payouts/{id}/mark': { as: 'paid' },
  'POST /v1/rewards/{id}/void': { reason: 'two accounts' },
  'POST /v1/prompts/{id}/answers': { answer: 'shown' },
  'POST /v1/runs/{id}/pause': { reason: 'looked into' },
  'POST /v1/runs/{id}/resume': { reason: 'in order' },
  'POST /v1/runs/{id}/shorten': { until: '2030-06-10T08:00:00Z', reason: 'waived' },
  'POST /v1/runs/{id}/cancel': { reason: 'one person' },
  'POST /v1/runs/{id}/resend': { reason: 'it did not arrive' },
  'POST /v1/programs/{id}/evaluate': { events: [{ type: 'signed_up', occurredAt: '2026-06-01T10:00:00Z' }] },
  'POST /v1/webhook-endpoints/{id}/resend': { from: '2026-06-10T08:00:00Z' },
  'POST /v1/rewards/{id}/hold': { extendDays: 1 },
  'POST /v1/referrals/{id}/correct': { referrerExternalId: 'nobody', reason: 'they said so' },
  'POST /v1/referrals/{id}/review': { underReview: true, reason: 'many at once' },
  'POST /v1/referrals/{id}/void': { reason: 'two accounts' },
  'POST /v1/payout-batches/{id}/exclude': { externalId: 'nobody' },
};
const hasBody = (route: Route): boolean => route.method !== 'get' && route.method !== 'delete';
/** By the tenant's own name for a user, or by a channel: whatever is written there is nobody else's. */
const OWN_NAMES = new Set(['PUT /v1/members/{id}', 'PUT /v1/hard-stops/{channel}', 'DELETE /v1/hard-stops/{channel}']);

test.each(everyRoute.filter(([name, route]) => route.path.includes('{') && !OWN_NAMES.has(name)))('%s knows no id of another tenant, of whatever kind', async (name, route) => {
  const before = await storedIn(api.database.superuser);
  for (const [kind, ids] of kinds) {
    const reply = await askTwice((id) => api.send(tenant, route.method.toUpperCase(), route.path.replace('{version}', '1').replaceAll(/\{\w+\}/g, id), hasBody(route) ? WANTED[name] ?? {} : undefined), ids);
    expect([kind, reply.status, reply.body['code']]).toEqual([kind, 404, 'not_found']);
  }
  // A keyed request that found nothing is remembered as that.
  expect(changedSince(before, await storedIn(api.database.superuser))).toEqual(route.keyed ? ['idempotency'] : []);
});

test.each(everyRoute.filter(([, route]) => Object.keys(route.query.shape).length > 0 && !route.path.includes('{')))('%s: no query parameter leads to what another tenant has', async (_name, route) => {
  const before = await storedIn(api.database.superuser);
  for (const name of Object.keys(route.query.shape)) {
    for (const ids of kinds.values()) await askTwice((id) => api.send(tenant, route.method.toUpperCase(), `${route.path}?${name}=${id}`), ids);
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
  for (const ids of kinds.values()) {
    await askTwice((id) => api.send(tenant, method, OWN_PROGRAM[path] ?? path, bodyWith(id)), ids);
  }
  expect(changedSince(before, await storedIn(api.database.superuser)).filter((table) => table !== 'idempotency')).toEqual([]);
});

test('the same externalId in two tenants is two people', async () => {
  const reply = await api.send(tenant, 'GET', '/v1/members?externalId=their-user');
  expect(reply.body['data']).toEqual([]);
  const own = await api.send(tenant, 'PUT', '/v1/members/their-user', { name: 'Ours' });
  expect(own.body['id']).not.toBe(kinds.get('member')?.theirs);
  expect((await api.send(other, 'GET', '/v1/members?externalId=their-user')).text).toContain('Their Member');
});
