import { listIn, openTestApi, textIn } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { makeProgram } from '../support/invites-api.ts';

/* Instants that are well-formed and outside of what a calendar here can hold: PostgreSQL has no year 0, and ISO 8601 of four digits ends with 9999. */
let api: TestApi;
let tenant: TestTenant;
let evaluate: string;
let resend: string;
beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
  evaluate = `/v1/programs/${await makeProgram(api, tenant)}/evaluate`;
  await api.send(tenant, 'PUT', '/v1/members/ana', {});
  resend = `/v1/webhook-endpoints/${textIn((await api.send(tenant, 'POST', '/v1/webhook-endpoints', { url: 'https://hooks.example.com/' })).body, 'id')}/resend`;
});
afterAll(() => api.close());

const OUTSIDE = ['0000-01-01T00:00:00Z', '0000-12-31T23:59:59Z', '0000-01-01T00:00:00+23:59', '0001-01-01T00:00:00+00:01', '9999-12-31T23:59:59-00:01', '9999-12-31T23:59:59-23:59'];
const rule = { key: 'joined', to: 'both', on: { kind: 'sign_up' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 100 }, expiresAfterDays: 3_650 };
const rewards = { rules: [rule], holdDays: 365 };
const joined = (occurredAt: string) => [{ type: 'signed_up', occurredAt }];

type Ask = [where: string, method: string, path: (at: string) => string, body: (at: string) => unknown, at: string];
const none = (): undefined => undefined;
const ASKS: readonly Ask[] = [
  ['the beginning of a member\'s statement', 'GET', (at) => `/v1/members/ana/statement?from=${at}`, none, '?from'],
  ['the end of a member\'s statement', 'GET', (at) => `/v1/members/ana/statement?to=${at}`, none, '?to'],
  ['the end of the books\' statement', 'GET', (at) => `/v1/ledger/statement?to=${at}`, none, '?to'],
  ['the end of a statement as a file', 'GET', (at) => `/v1/ledger/statement?format=csv&to=${at}`, none, '?to'],
  ['the beginning of the graph', 'GET', (at) => `/v1/referral-graph/top?since=${at}`, none, '?since'],
  ['the cut-off of a preview', 'POST', () => '/v1/payout-batches/preview', (cutOff) => ({ unit: 'EUR', cutOff }), '/cutOff'],
  ['the cut-off of a batch', 'POST', () => '/v1/payout-batches', (cutOff) => ({ unit: 'EUR', cutOff }), '/cutOff'],
  ['the beginning of what is sent again', 'POST', () => resend, (from) => ({ from }), '/from'],
  ['the end of what is sent again', 'POST', () => resend, (to) => ({ from: '2026-06-10T00:00:00Z', to }), '/to'],
  ['an invented event', 'POST', () => evaluate, (at) => ({ events: joined(at), rewards }), '/events/0/occurredAt'],
  ['the end of an invented course', 'POST', () => evaluate, (until) => ({ events: joined('2026-06-10T00:00:00Z'), until, rewards }), '/until'],
  ['the beginning of a rule', 'POST', () => '/v1/programs', (validFrom) => ({ loop: 'invite', title: 'T', terms: { rewards: { rules: [{ ...rule, validFrom }] } } }), '/terms/rewards/rules/0/validFrom'],
  ['the end of a rule', 'POST', () => '/v1/programs', (validUntil) => ({ loop: 'invite', title: 'T', terms: { rewards: { rules: [{ ...rule, validUntil }] } } }), '/terms/rewards/rules/0/validUntil'],
];

test.each(ASKS)('%s before the year 1 or after 9999 is refused, with its place', async (_where, method, path, body, at) => {
  for (const instant of OUTSIDE) {
    const reply = await api.send(tenant, method, path(encodeURIComponent(instant)), body(instant));
    expect([instant, reply.status, reply.body['code'], [...new Set(listIn(reply.body, 'errors').map((error) => error['path']))]]).toEqual([instant, 400, 'invalid_request', [at]]);
  }
});

test('a statement up to the first instant there is has nothing before it', async () => {
  for (const path of ['/v1/members/ana/statement', '/v1/ledger/statement']) {
    expect((await api.send(tenant, 'GET', `${path}?to=0001-01-01T00:00:00Z`)).body).toMatchObject({ code: 'invalid_request', errors: [{ path: '?from' }] });
    expect((await api.send(tenant, 'GET', `${path}?to=0001-01-02T00:00:00Z`)).body).toMatchObject({ from: '0001-01-01T00:00:00.000Z', to: '0001-01-02T00:00:00.000Z' });
  }
});

test('an invented course ends before its holds and expiries would leave the calendar', async () => {
  const late = await api.send(tenant, 'POST', evaluate, { events: joined('9999-12-31T00:00:00Z'), rewards });
  expect(late.body).toMatchObject({ code: 'invalid_request', errors: [{ path: '/events/0/occurredAt' }] });
  const last = await api.send(tenant, 'POST', evaluate, { events: joined('9899-12-31T23:59:59Z'), until: '9999-12-31T23:59:59Z', rewards });
  expect(last.body).toMatchObject({ rewards: [{ state: 'expired' }, { state: 'expired' }] });
});
