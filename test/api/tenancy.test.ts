import { newId } from '../../src/config/new-id.ts';
import { openRuns } from '../../db/write/open-runs.ts';
import { NOON, textIn } from '../support/api.ts';
import type { TestTenant } from '../support/api.ts';
import { everyRoute } from '../support/every-route.ts';
import { invite, makeProgram } from '../support/invites-api.ts';
import { routesWithIds, WANTED } from '../support/routes-with-ids.ts';
import { arrangeThings } from '../support/things-of-a-tenant.ts';
import { useTenant, useTestApi } from '../support/use-test-api.ts';

const api = useTestApi();
const tenant = useTenant(api);
const other = useTenant(api, () => api.makeTenant({ name: 'Other' }));
/** What the other tenant has, by the collection's place in the path. */
const theirs = new Map<string, string>();
/** Where another thing of the collection has what a route is about. */
const theirsOf = new Map<string, string>();

beforeAll(async () => {
  const things = await arrangeThings(api, other, { user: 'user-1', domain: 'x.example' });
  const runId = things.referral;
  await api.database.superuser`insert into links (code, tenant_id, kind, destination, created_at, run_id) values ('23456789bcd2fghj', ${other.tenantId}, 'share', 'https://app.kite.example/', ${NOON}, ${runId})`;
  const found: readonly (readonly [collection: string, id: string])[] = [
    ['programs', things.program], ['invites', things.invite], ['invite-batches', things.batch], ['links', things.code], ['members', things.member], ['prompts', things.prompt],
    ['referrals', things.referral], ['runs', runId], ['imports', things.import], ['webhook-endpoints', things.endpoint], ['webhook-deliveries', things.delivery], ['feed', things.feedItem],
    ['report-recipients', things.recipient], ['payout-batches', things.payoutBatch], ['payouts', things.payout], ['rewards', things.reward], ['suppressions', things.suppression],
    ['reports', textIn((await api.send(other, 'POST', '/v1/reports', { week: '2026-W23' })).body, 'week')],
  ];
  for (const [collection, id] of found) theirs.set(collection, id);
  theirsOf.set('GET /v1/runs/{id}/board', await openBoardOf(other));
});

/** A board of the other tenant's: its run's id. */
async function openBoardOf({ tenantId }: TestTenant): Promise<string> {
  const runId = newId('run', NOON);
  await api.database.app.asTenant(tenantId, (tx) => openRuns(tx, { tenantId, runs: [{ id: runId, loop: 'results-rally', stage: 'open', input: {} }], now: NOON }));
  await api.database.superuser`insert into boards (tenant_id, run_id, title, ends_at, points_per_right, created_at) values (${tenantId}, ${runId}, 'Algebra', ${NOON + 86_400_000}, 10, ${NOON})`;
  return runId;
}

const everything = async () => JSON.stringify(await api.database.superuser`
  select (select json_agg(p order by id) from programs p) as programs, (select json_agg(i order by batch_id, n) from invites i) as invites,
         (select json_agg(l order by code) from links l) as links, (select json_agg(m order by id) from members m) as members,
         (select json_agg(s order by id) from suppressions s) as suppressions, (select json_agg(d order by id) from decisions d) as decisions,
         (select json_agg(f order by id) from imports f) as imports, (select json_agg(p order by id) from payouts p) as payouts,
         (select json_agg(e order by id) from webhook_endpoints e) as endpoints, (select json_agg(d order by id) from webhook_deliveries d) as deliveries,
         (select json_agg(r order by id) from runs r) as runs, (select json_agg(f order by run_id, fact_id) from run_facts f) as facts,
         (select json_agg(r order by id) from referrals r) as referrals, (select json_agg(r order by id) from rewards r) as rewards,
         (select json_agg(r order by id) from report_recipients r) as recipients, (select json_agg(r) from weekly_reports r) as reports`);

test.each(routesWithIds)('%s does not find what another tenant has, and changes nothing of it', async (name, route) => {
  const [, collection = ''] = /^\/v1\/([\w-]+)\//.exec(route.path) ?? [];
  const id = theirsOf.get(name) ?? theirs.get(collection);
  if (id === undefined) throw new Error(`add what the other tenant has under ${collection} to this test`);
  const path = route.path.replace('{version}', '1').replaceAll(/\{\w+\}/g, id);
  const before = await everything();
  const method = route.method.toUpperCase();
  const body = route.method === 'get' || route.method === 'delete' ? undefined : WANTED[name] ?? {};
  expect(await api.send(tenant, method, path, body)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect(await everything()).toBe(before);
  const own = await api.send(other, method, path, body);
  // Found, where it stands as it must for that; a payout and a reward go one way.
  expect(own.status < 300 || own.body['code'] === 'payout_state' || own.body['code'] === 'too_late' || own.body['code'] === 'run_steered_elsewhere' || own.body['code'] === 'reward_conflict').toBe(true);
});

/** One thing a tenant has, not a list of many. */
const SINGLE = new Set(['/v1/prompt-limits', '/v1/feed', '/v1/feed/stream', '/v1/feed/choices', '/v1/feed/figures', '/v1/tenant', '/v1/webhook-types', '/v1/loops', '/v1/billing/stripe', '/v1/payout-rail', '/v1/units', '/v1/ledger/statement', '/v1/ledger/verification']);
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
