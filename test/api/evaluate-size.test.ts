import { listIn, openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { makeProgram } from '../support/invites-api.ts';

/* A try is computed in the process that answers everybody: the largest that is taken may not hold up the others. */
let api: TestApi;
let tenant: TestTenant;
let evaluate: string;
beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
  evaluate = `/v1/programs/${await makeProgram(api, tenant)}/evaluate`;
});
afterAll(() => api.close());

const rules = (count: number) => Array.from({ length: count }, (_, i) => ({ key: `rule_${String(i)}`, to: 'both', on: { kind: 'conversion' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 1 } }));
const milestones = Array.from({ length: 10 }, (_, i) => ({ key: `goal_${String(i)}`, counts: 'converted', tiers: Array.from({ length: 20 }, (_tier, n) => ({ reached: n + 1, unit: 'EUR', amountMinor: 1 })) }));
const events = (count: number) => [
  { type: 'signed_up', occurredAt: '2026-01-01T00:00:00Z' },
  ...Array.from({ length: count - 1 }, (_, i) => ({ type: 'converted', occurredAt: new Date(Date.UTC(2026, 0, 2 + i)).toISOString(), orderId: `order-${String(i)}`, amountMinor: 1_000, currency: 'EUR' })),
];
const friendsBefore = { signedUp: 1_000, activated: 1_000, converted: 1_000 };

test.each([
  ['50 rules and 21 events', { events: events(21), rewards: { rules: rules(50), holdDays: 1 } }, 20],
  ['11 rules and 100 events', { events: events(100), rewards: { rules: rules(11), holdDays: 1 } }, 90],
  ['milestones, 1,000 friends and 21 events', { events: events(21), rewards: { rules: [], holdDays: 1, milestones }, friendsBefore }, 20],
])('%s are refused, with how many can be tried', async (_what, body, most) => {
  const refused = await api.send(tenant, 'POST', evaluate, body);
  expect([refused.status, listIn(refused.body, 'errors')]).toEqual([400, [{ path: '/events', message: expect.stringContaining(`at most ${String(most)} events`) }]]);
});

// Before they were bounded and looked through once, 50 rules and 100 events took more than a minute.
test.each([
  ['10 rules and 100 events', { events: events(100), rewards: { rules: rules(10), holdDays: 1 } }],
  ['50 rules and 20 events', { events: events(20), rewards: { rules: rules(50), holdDays: 1 } }],
  ['milestones, 1,000 friends and 20 events', { events: events(20), rewards: { rules: [], holdDays: 1, milestones }, friendsBefore }],
])('the largest that are taken are answered within the limit of a request: %s', async (_what, body) => {
  expect((await api.send(tenant, 'POST', evaluate, body)).status).toBe(200);
});
