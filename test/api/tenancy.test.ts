import { z } from 'zod';
import { newId } from '../../src/config/new-id.ts';
import { inviteCode } from '../../src/domain/link/code.ts';
import { insertInviteLinks } from '../../db/write/create-link.ts';
import { openRuns } from '../../db/write/open-runs.ts';
import { listIn, NOON, openTestApi, textIn } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { everyRoute } from '../support/every-route.ts';
import { upload } from '../support/imports.ts';
import { invite, makeProgram } from '../support/invites-api.ts';
import { openPayoutStand } from '../support/payouts.ts';
import { offerTo } from '../support/arrange-prompts.ts';

let api: TestApi;
let tenant: TestTenant;
let other: TestTenant;
/** What the other tenant has, by the collection's place in the path. */
const theirs = new Map<string, string>();
/** Where another thing of the collection has what a route is about. */
const theirsOf = new Map<string, string>();

/** Not by an id that somebody else could have: the tenant's own name for a user, a channel. */
const OWN_NAMES = new Set(['PUT /v1/members/{id}', 'PUT /v1/hard-stops/{channel}', 'DELETE /v1/hard-stops/{channel}']);
const byId = everyRoute.filter(([name, route]) => route.path.includes('{') && !OWN_NAMES.has(name));

beforeAll(async () => {
  api = await openTestApi();
  [tenant, other] = await Promise.all([api.makeTenant(), api.makeTenant({ name: 'Other' })]);
  const programId = await makeProgram(api, other);
  const [invited] = await invite(api, other, programId, ['sam@x.example']);
  if (invited === undefined) throw new Error('nobody was invited');
  const code = inviteCode(api.services.keyring, invited.ref);
  await api.database.app.asTenant(other.tenantId, (tx) =>
    insertInviteLinks(tx, [{ code, ...invited.ref, memberId: null, leadsTo: { destination: 'https://app.kite.example/', utm: {} } }], other.tenantId, NOON));
  theirs.set('programs', programId);
  theirs.set('invites', invited.id);
  theirs.set('invite-batches', invited.ref.batchId);
  theirs.set('links', code);
  const member = (await api.send(other, 'PUT', '/v1/members/user-1', {})).body;
  theirs.set('members', textIn(member, 'id'));
  theirs.set('prompts', await offerTo(api.database, { tenantId: other.tenantId, memberId: textIn(member, 'id'), programId, now: NOON }));
  theirs.set('referrals', await bringSomebody(z.object({ code: z.string() }).parse(member['personalLink']).code));
  const runId = theirs.get('referrals') ?? '';
  await api.database.app.asTenant(other.tenantId, (tx) => openRuns(tx, { tenantId: other.tenantId, runs: [{ id: runId, loop: 'referral', stage: 'attributed', input: {} }], now: NOON }));
  await api.database.superuser`insert into links (code, tenant_id, kind, destination, created_at, run_id) values ('23456789bcd2fghj', ${other.tenantId}, 'share', 'https://app.kite.example/', ${NOON}, ${runId})`;
  theirs.set('runs', runId);
  theirsOf.set('GET /v1/runs/{id}/board', await openBoardOf(other));
  theirs.set('imports', textIn((await upload(api, other, 'kind=members', 'externalId\nimported\n')).body, 'id'));
  const endpoint = textIn((await api.send(other, 'POST', '/v1/webhook-endpoints', { url: 'https://hooks.example.com/' })).body, 'id');
  theirs.set('webhook-endpoints', endpoint);
  theirs.set('webhook-deliveries', textIn((await api.send(other, 'POST', `/v1/webhook-endpoints/${endpoint}/test`)).body, 'id'));
  theirs.set('feed', textIn(listIn((await api.send(other, 'POST', '/v1/feed', { items: [{ externalId: 'user-1', key: 'hello', title: 'Hello', body: 'There is news.' }] })).body, 'results')[0] ?? {}, 'id'));
  theirs.set('report-recipients', textIn((await api.send(other, 'POST', '/v1/report-recipients', { email: 'growth@x.example' })).body, 'id'));
  theirs.set('reports', textIn((await api.send(other, 'POST', '/v1/reports', { week: '2026-W23' })).body, 'week'));
  const payouts = await openPayoutStand(api, other);
  await api.send(other, 'PUT', '/v1/payout-rail', { kind: 'manual' });
  await payouts.release(await payouts.member('user-1'), 5_000);
  const approved = await payouts.approved();
  theirs.set('payout-batches', approved.batchId);
  theirs.set('payouts', approved.payouts.get('user-1') ?? '');
  theirs.set('rewards', textIn(listIn((await api.send(other, 'GET', '/v1/rewards')).body, 'data')[0] ?? {}, 'id'));
  theirs.set('suppressions', textIn((await api.send(other, 'POST', '/v1/suppressions', { email: 'no@x.example' })).body, 'id'));
});
afterAll(() => api.close());

/** A board of the other tenant's: its run's id. */
async function openBoardOf({ tenantId }: TestTenant): Promise<string> {
  const runId = newId('run', NOON);
  await api.database.app.asTenant(tenantId, (tx) => openRuns(tx, { tenantId, runs: [{ id: runId, loop: 'results-rally', stage: 'open', input: {} }], now: NOON }));
  await api.database.superuser`insert into boards (tenant_id, run_id, title, ends_at, points_per_right, created_at) values (${tenantId}, ${runId}, 'Algebra', ${NOON + 86_400_000}, 10, ${NOON})`;
  return runId;
}

/** A referral of the other tenant's. */
async function bringSomebody(code: string): Promise<string> {
  await api.send(other, 'POST', '/v1/events', { events: [{ eventId: 'joined', type: 'signed_up', externalId: 'user-2', code }] });
  return textIn(listIn((await api.send(other, 'GET', '/v1/referrals')).body, 'data')[0] ?? {}, 'id');
}

/** What a route wants to be told; nothing where it is not named. */
const BODIES: Readonly<Record<string, object>> = {
  'PUT /v1/members/{id}/payee': { details: 'acct_1234' },
  'POST /v1/payouts/{id}/mark': { as: 'paid' },
  'POST /v1/payout-batches/{id}/exclude': { externalId: 'user-1' },
  'POST /v1/webhook-endpoints/{id}/resend': { from: '2026-06-10T08:00:00Z' },
  'POST /v1/rewards/{id}/void': { reason: 'two accounts' },
  'POST /v1/prompts/{id}/answers': { answer: 'shown' },
  'POST /v1/runs/{id}/pause': { reason: 'looked into' },
  'POST /v1/runs/{id}/resume': { reason: 'in order' },
  'POST /v1/runs/{id}/shorten': { until: '2030-06-10T08:00:00Z', reason: 'waived' },
  'POST /v1/runs/{id}/cancel': { reason: 'one person' },
  'POST /v1/runs/{id}/resend': { reason: 'it did not arrive' },
  'POST /v1/programs/{id}/evaluate': { events: [{ type: 'signed_up', occurredAt: '2026-06-01T10:00:00Z' }], rewards: { rules: [] } },
  'POST /v1/rewards/{id}/hold': { extendDays: 1 },
  'POST /v1/referrals/{id}/void': { reason: 'two accounts' },
  'POST /v1/referrals/{id}/correct': { referrerExternalId: 'user-1', reason: 'they said so' },
  'POST /v1/referrals/{id}/review': { underReview: true, reason: 'many at once' },
};

const everything = async () => JSON.stringify(await api.database.superuser`
  select (select json_agg(p order by id) from programs p) as programs, (select json_agg(i order by batch_id, n) from invites i) as invites,
         (select json_agg(l order by code) from links l) as links, (select json_agg(m order by id) from members m) as members,
         (select json_agg(s order by id) from suppressions s) as suppressions, (select json_agg(d order by id) from decisions d) as decisions,
         (select json_agg(f order by id) from imports f) as imports, (select json_agg(p order by id) from payouts p) as payouts,
         (select json_agg(e order by id) from webhook_endpoints e) as endpoints, (select json_agg(d order by id) from webhook_deliveries d) as deliveries,
         (select json_agg(r order by id) from runs r) as runs, (select json_agg(f order by run_id, fact_id) from run_facts f) as facts,
         (select json_agg(r order by id) from referrals r) as referrals, (select json_agg(r order by id) from rewards r) as rewards,
         (select json_agg(r order by id) from report_recipients r) as recipients, (select json_agg(r) from weekly_reports r) as reports`);

test.each(byId)('%s does not find what another tenant has, and changes nothing of it', async (name, route) => {
  const [, collection = ''] = /^\/v1\/([\w-]+)\//.exec(route.path) ?? [];
  const id = theirsOf.get(name) ?? theirs.get(collection);
  if (id === undefined) throw new Error(`add what the other tenant has under ${collection} to this test`);
  const path = route.path.replace('{version}', '1').replaceAll(/\{\w+\}/g, id);
  const before = await everything();
  const method = route.method.toUpperCase();
  const body = route.method === 'get' || route.method === 'delete' ? undefined : BODIES[name] ?? {};
  expect(await api.send(tenant, method, path, body)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect(await everything()).toBe(before);
  const own = await api.send(other, method, path, body);
  // Found, where it stands as it must for that; a payout and a reward go one way.
  expect(own.status < 300 || own.body['code'] === 'payout_state' || own.body['code'] === 'too_late' || own.body['code'] === 'run_steered_elsewhere' || own.body['code'] === 'reward_conflict').toBe(true);
});

/** One thing a tenant has, not a list of many. */
const SINGLE = new Set(['/v1/prompt-limits', '/v1/feed', '/v1/feed/stream', '/v1/feed/choices', '/v1/tenant', '/v1/webhook-types', '/v1/billing/stripe', '/v1/payout-rail', '/v1/units', '/v1/ledger/statement', '/v1/ledger/verification']);
test.each(everyRoute.filter(([, route]) => route.method === 'get' && !route.path.includes('{') && !SINGLE.has(route.path)))('%s lists nothing of another tenant', async (_name, route) => {
  expect((await api.send(tenant, 'GET', route.path)).body['data']).toEqual([]);
});

test.each(['/v1/units', '/v1/ledger/statement', '/v1/ledger/verification'])('%s sums up nothing of another tenant', async (path) => {
  const { status, body } = await api.send(tenant, 'GET', path);
  expect(status).toBe(200);
  expect([body['units'] ?? [], body['accounts'] ?? [], body['transfers'] ?? 0]).toEqual([[], [], 0]);
});

test('one tenant\'s invites, members and suppressions mean nothing to another: the same mailbox is a different person', async () => {
  const programId = await makeProgram(api, tenant);
  await expect(invite(api, tenant, programId, ['no@x.example'])).resolves.toHaveLength(1);
  const [row] = await api.database.superuser<{ mailboxes: number }[]>`select count(distinct recipient_hash)::int as mailboxes from invites i join contacts c on c.id = i.contact_id`;
  expect(row?.mailboxes).toBe(2);
});

test('another tenant\'s ids in a body are not found either', async () => {
  const [programId = '', memberId = '', code = ''] = [theirs.get('programs'), theirs.get('members'), theirs.get('links')];
  const invitees = [{ email: 'sam@y.example', zone: 'Europe/Paris', consent: { basis: 'opt_in' } }];
  expect(await api.send(tenant, 'POST', '/v1/invites', { programId, invitees })).toMatchObject({ status: 400, body: { errors: [{ path: '/programId' }] } });
  const own = await makeProgram(api, tenant);
  expect(await api.send(tenant, 'POST', '/v1/invites', { programId: own, memberId, invitees })).toMatchObject({ status: 400, body: { errors: [{ path: '/memberId' }] } });
  const { body } = await api.send(tenant, 'POST', '/v1/events', { events: [{ eventId: 'e1', type: 'clickout', code }, { eventId: 'e2', type: 'signed_up', externalId: 'u', code }] });
  expect(body['results']).toEqual([
    { eventId: 'e1', outcome: 'refused', reason: 'unknown_code' },
    { eventId: 'e2', outcome: 'stored', unmatched: ['code'] },
  ]);
  const delivered = { eventId: 'd1', kind: 'delivered', at: '2026-06-10T12:00:00Z', inviteId: theirs.get('invites') };
  expect((await api.send(tenant, 'POST', '/v1/delivery-events', { events: [delivered] })).body['results']).toEqual([{ eventId: 'd1', outcome: 'refused', reason: 'unknown_message' }]);
});
