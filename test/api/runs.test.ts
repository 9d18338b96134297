import { openRuns } from '../../db/write/open-runs.ts';
import { tellRuns } from '../../db/write/tell-runs.ts';
import { makeKey } from '../../db/write/make-key.ts';
import { newId } from '../../src/config/new-id.ts';
import type { RewardTerms } from '../../src/domain/reward/reward-terms.ts';
import { listIn, NOON, openTestApi, readPages, textIn, type TestApi, type TestTenant } from '../support/api.ts';
import { DAY_MS, openRewards, START } from '../support/arrange-rewards.ts';

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await openTestApi();
});
beforeEach(async () => {
  api.clock.set(NOON);
  tenant = await api.makeTenant();
});
afterAll(() => api.close());

async function open(of: TestTenant = tenant, loop = 'referral'): Promise<string> {
  const now = api.clock.now();
  const id = newId(loop === 'payout' ? 'pyt' : 'ref', now);
  await api.database.app.asTenant(of.tenantId, async (tx) => {
    await openRuns(tx, { tenantId: of.tenantId, runs: [{ id, loop, stage: 'attributed', input: {} }], now });
    await tellRuns(tx, { tenantId: of.tenantId, facts: [{ runId: id, factId: 'paid', kind: 'changed', data: { moves: 2 }, at: now - 5_000 }], now });
  });
  return id;
}
const steer = (id: string, how: string, body: unknown = { reason: 'looked into' }, as = tenant) => api.send(as, 'POST', `/v1/runs/${id}/${how}`, body);

test('a run is read with where it stands, what it was told, and where Temporal shows it', async () => {
  const id = await open();
  expect((await api.send(tenant, 'GET', `/v1/runs/${id}`)).body).toEqual({
    id, loop: 'referral', state: 'open', stage: 'attributed', generation: 1, workflowId: `referral/${id}/1`, dueAt: null, capAt: null, pausedAt: null, outcome: null, reason: null, input: {},
    openedAt: '2026-06-10T12:00:00.000Z', movedAt: '2026-06-10T12:00:00.000Z', closedAt: null,
    facts: [{ id: 'paid', kind: 'changed', data: { moves: 2 }, at: '2026-06-10T11:59:55.000Z', recordedAt: '2026-06-10T12:00:00.000Z' }],
    people: [], messages: [], prompt: null, link: null,
  });
});

test('runs are listed page by page, those opened last first, of one loop and in one state', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 5; i += 1) {
    api.clock.advance(1_000);
    ids.push(await open(tenant, i === 1 ? 'payout' : 'referral'));
  }
  await steer(ids[0] ?? '', 'pause');
  const pages = await readPages(api, tenant, '/v1/runs', 2);
  expect(pages.map((page) => page.map(({ id }) => id))).toEqual([[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]);
  const listed = async (query: string) => listIn((await api.send(tenant, 'GET', `/v1/runs?${query}`)).body, 'data').map(({ id }) => id);
  expect(await listed('loop=payout')).toEqual([ids[1]]);
  expect(await listed('state=paused')).toEqual([ids[0]]);
  expect(await listed('state=open')).toHaveLength(5);
  expect(await listed('state=closed')).toEqual([]);
});

test('a paused run says so until it is resumed, and who wanted it is in the audit, with the reason', async () => {
  const id = await open();
  expect((await steer(id, 'pause')).body).toMatchObject({ state: 'paused', pausedAt: '2026-06-10T12:00:00.000Z' });
  expect((await steer(id, 'pause')).status).toBe(200);
  api.clock.advance(1_000);
  expect((await steer(id, 'resume', { reason: 'all is well' })).body).toMatchObject({ state: 'open', pausedAt: null });
  const audit = listIn((await api.send(tenant, 'GET', `/v1/audit?subjectId=${id}`)).body, 'data');
  expect(audit).toMatchObject([{ kind: 'run_resumed', inputs: { reason: 'all is well' } }, { kind: 'run_paused', inputs: { reason: 'looked into' }, actor: expect.stringMatching(/^key_/) }]);
  expect(audit).toHaveLength(2);
});

test.each([
  ['no reason', 'pause', {}, 400, 'invalid_request'],
  ['an empty reason', 'cancel', { reason: '' }, 400, 'invalid_request'],
  ['an instant that has passed', 'shorten', { reason: 'x', until: '2026-06-10T11:00:00Z' }, 400, 'invalid_request'],
  ['an instant that is none', 'shorten', { reason: 'x', until: 'soon' }, 400, 'invalid_request'],
])('%s is refused', async (_what, how, body, status, code) => {
  expect(await steer(await open(), how, body)).toMatchObject({ status, body: { code } });
});

test('what is no run, or another tenant\'s, is not found; one that has ended is too late', async () => {
  const id = await open();
  const other = await api.makeTenant();
  for (const each of ['nonsense', newId('ref', NOON)]) expect((await steer(each, 'pause')).status).toBe(404);
  expect((await steer(id, 'pause', { reason: 'x' }, other)).status).toBe(404);
  expect((await api.send(other, 'GET', `/v1/runs/${id}`)).status).toBe(404);
  await api.database.superuser`update runs set closed_at = ${NOON}, outcome = 'rewarded' where id = ${id}`;
  for (const how of ['pause', 'resume', 'cancel']) expect(await steer(id, how)).toMatchObject({ status: 409, body: { code: 'too_late' } });
  expect(await steer(id, 'shorten', { reason: 'x', until: '2026-06-11T00:00:00Z' })).toMatchObject({ status: 409, body: { code: 'too_late' } });
});

test('a payout is neither shortened nor canceled by its run, and the answer says how', async () => {
  const id = await open(tenant, 'payout');
  expect(await steer(id, 'cancel')).toMatchObject({ status: 409, body: { code: 'run_steered_elsewhere', detail: expect.stringContaining('payout itself') } });
  expect((await steer(id, 'pause')).status).toBe(200);
});

describe('a referral under hold', () => {
  const terms: RewardTerms = { holdDays: 30, rules: [{ key: 'every', to: 'referrer', on: { kind: 'conversion' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 500 } }] };

  async function underHold() {
    api.clock.set(START + 2 * DAY_MS);
    const world = await openRewards(api.database, terms);
    const key = await makeKey(api.database.owner, { tenantId: world.tenantId, name: 'test' }, START);
    const { id, refereeId } = await world.refer();
    await world.pay(refereeId, { amountMinor: 9_000 });
    await world.settle([id]);
    return { world, id, as: { tenantId: world.tenantId, ...key } };
  }

  test('that is shortened is held until then at the longest, and its run is told to look again', async () => {
    const { world, id, as } = await underHold();
    const until = START + 5 * DAY_MS;
    expect((await steer(id, 'shorten', { reason: 'no refund possible', until: new Date(until).toISOString() }, as)).body).toMatchObject({ state: 'open', capAt: null });
    expect(await world.rewards()).toMatchObject([{ state: 'held', holdUntil: until }]);
    const told = await api.database.superuser`select payload from outbox where lane = ${id} and payload->>'id' like '%:hold:%'`;
    expect(told).toHaveLength(1);
    const audit = listIn((await api.send(as, 'GET', `/v1/audit?subjectId=${id}`)).body, 'data');
    expect(audit[0]).toMatchObject({ kind: 'run_shortened', inputs: { reason: 'no refund possible', rewards: 1 } });
  });

  test('that is canceled is taken back, and its run is told to end', async () => {
    const { world, id, as } = await underHold();
    expect((await steer(id, 'cancel', { reason: 'one person' }, as)).status).toBe(200);
    expect((await steer(id, 'cancel', { reason: 'one person' }, as)).status).toBe(200);
    expect(await world.rewards()).toMatchObject([{ state: 'voided' }]);
    const facts = listIn((await api.send(as, 'GET', `/v1/runs/${id}`)).body, 'facts');
    expect(facts.filter(({ kind }) => kind === '#cancel')).toHaveLength(1);
  });
});

describe('a program of the loop referral', () => {
  const makeProgram = async (): Promise<string> => textIn((await api.send(tenant, 'POST', '/v1/programs', { loop: 'referral', title: 'Friends' })).body, 'id');

  test('is made with the loop\'s terms', async () => {
    expect((await api.send(tenant, 'GET', `/v1/programs/${await makeProgram()}`)).body).toMatchObject({ loop: 'referral', topic: 'referrals', terms: { reminders: [] } });
  });

  test('invites nobody, and says which programs do; there is no message of it to preview', async () => {
    const id = await makeProgram();
    expect(await api.send(tenant, 'POST', '/v1/invites', { programId: id, invitees: [{ email: 'friend@friends.example', zone: 'UTC', consent: { basis: 'opt_in' } }] })).toMatchObject({
      status: 400, body: { code: 'invalid_request', errors: [{ path: '/programId', message: expect.stringContaining('loop `invite`') }] },
    });
    expect(await api.send(tenant, 'POST', `/v1/programs/${id}/preview`, {})).toMatchObject({ status: 404, body: { detail: expect.stringContaining('writes no messages') } });
    expect(await api.send(tenant, 'GET', `/v1/programs/${id}`)).toMatchObject({ status: 200 });
    expect(await api.database.superuser`select 1 from invite_batches where tenant_id = ${tenant.tenantId}`).toHaveLength(0);
  });
});
