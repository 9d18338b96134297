import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';

const caseFile = z.object({
  meta: z.object({ count: z.number() }),
  cases: z.array(z.object({ id: z.string(), name: z.string(), now: z.string(), zone: z.string().nullable(), rules: z.unknown(), expected: z.string().nullable(), outcome: z.string() })),
});
const shared = caseFile.parse(JSON.parse(readFileSync(join(__dirname, '../domain/cases/send-time.json'), 'utf8')));

let api: TestApi;
let tenant: TestTenant;

beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
});
afterAll(() => api.close());

const preview = (body: unknown) => api.send(tenant, 'POST', '/v1/send-times/preview', body);
const NOW = '2026-06-10T12:00:00Z';

test('the case file is complete', () => {
  expect(shared.cases).toHaveLength(shared.meta.count);
});

test.each(shared.cases)('$id holds over HTTP: $name', async ({ now, zone, rules, expected, outcome }) => {
  const { status, body } = await preview({ now, zone, rules });
  expect({ status, outcome: body['outcome'], sendAt: body['sendAt'] })
    .toEqual({ status: 200, outcome, sendAt: expected === null ? null : new Date(expected).toISOString() });
  expect(body['why']).toEqual(expect.stringMatching(/\S/));
});

test.each([
  ['a time that does not exist', { layers: [{ windows: [{ start: '25:00', end: '26:00' }] }] }],
  ['a weekday 8', { layers: [{ windows: [{ days: [8], start: '08:00', end: '09:00' }] }] }],
  ['a month 13', { layers: [{ months: [13] }] }],
  ['a date that does not exist', { blackoutDates: ['2026-02-30'] }],
  ['a policy nobody knows', { policy: 'maybe' }],
  ['a class nobody knows', { class: 'urgent' }],
  ['an expiry that is no instant', { expiresAt: 'tomorrow' }],
  ['a negative delay', { maxDelayMinutes: -1 }],
])('unusable rules are an outcome, not an error: %s', async (_what, rules) => {
  const { status, body } = await preview({ now: NOW, zone: 'Europe/Paris', rules });
  expect({ status, outcome: body['outcome'], sendAt: body['sendAt'] }).toEqual({ status: 200, outcome: 'invalid', sendAt: null });
});

test('rules that never open are an outcome', async () => {
  const { status, body } = await preview({ now: NOW, zone: 'Europe/Paris', rules: { layers: [{ windows: [] }] } });
  expect({ status, outcome: body['outcome'] }).toEqual({ status: 200, outcome: 'never' });
});

test('a layer without windows sets no limit', async () => {
  const { body } = await preview({ now: NOW, zone: 'Europe/Paris', rules: { layers: [{ label: 'none' }] } });
  expect(body).toMatchObject({ outcome: 'send_now', sendAt: '2026-06-10T12:00:00.000Z' });
});

test.each([
  ['no rules', { now: NOW, zone: 'UTC' }, '/rules'],
  ['rules that are a list', { now: NOW, zone: 'UTC', rules: [] }, '/rules'],
  ['a zone that is a number', { now: NOW, zone: 5, rules: {} }, '/zone'],
  ['a now without a zone', { now: '2026-06-10T12:00:00', zone: 'UTC', rules: {} }, '/now'],
  ['a now that is a number', { now: 1, zone: 'UTC', rules: {} }, '/now'],
  ['a now on a day that does not exist', { now: '2026-02-30T12:00:00Z', zone: 'UTC', rules: {} }, '/now'],
  ['an unknown field on top', { now: NOW, zone: 'UTC', rules: {}, extra: 1 }, '/extra'],
  ['an unknown field in the rules', { now: NOW, zone: 'UTC', rules: { extra: 1 } }, '/rules/extra'],
  ['an unknown field in a layer', { now: NOW, zone: 'UTC', rules: { layers: [{ extra: 1 }] } }, '/rules/layers/0/extra'],
  ['an unknown field in a window', { now: NOW, zone: 'UTC', rules: { layers: [{ windows: [{ start: '08:00', end: '09:00', extra: 1 }] }] } }, '/rules/layers/0/windows/0/extra'],
  ['an unknown field in a hard stop', { now: NOW, zone: 'UTC', rules: { hardStops: [{ from: NOW, to: NOW, extra: 1 }] } }, '/rules/hardStops/0/extra'],
  ['a start that is a number', { now: NOW, zone: 'UTC', rules: { layers: [{ windows: [{ start: 8, end: '09:00' }] }] } }, '/rules/layers/0/windows/0/start'],
  ['days that are text', { now: NOW, zone: 'UTC', rules: { layers: [{ windows: [{ days: 'Mon', start: '08:00', end: '09:00' }] }] } }, '/rules/layers/0/windows/0/days'],
])('a body of the wrong shape is 400 and says where: %s', async (_what, body, path) => {
  const reply = await preview(body);
  expect(reply).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ path }] } });
});
