import { z } from 'zod';
import { shippedLaw } from '../../src/domain/law/shipped-law.ts';
import { openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';

let api: TestApi;
let tenant: TestTenant;

beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
});
afterAll(() => api.close());

const lawList = z.array(z.object({ id: z.string(), title: z.string(), source: z.object({ title: z.string(), url: z.string() }), edition: z.string() }));

async function preview(body: Record<string, unknown>, as: TestTenant = tenant) {
  const reply = await api.send(as, 'POST', '/v1/send-times/preview', { now: '2026-06-10T12:00:00Z', zone: null, rules: {}, ...body });
  return { ...reply, law: lawList.optional().parse(reply.body['law']) };
}
const ids = (law: z.output<typeof lawList> | undefined): string[] => (law ?? []).map(({ id }) => id);

test('without a recipient only the given rules count, and no law is named', async () => {
  const { body } = await preview({ zone: 'America/New_York', now: '2026-06-11T03:00:00Z' });
  expect(body).toEqual({ outcome: 'send_now', sendAt: '2026-06-11T03:00:00.000Z', why: expect.any(String) });
});

test('with one the law of the place is ANDed, and the answer says which rule, from where and of which edition', async () => {
  const { body, law } = await preview({ now: '2026-06-11T00:30:00Z', zone: 'America/New_York', recipient: { region: 'US-FL' }, channel: 'sms' });
  // 20:30 in Florida: the federal hours are open, the state's are not.
  expect(body).toMatchObject({ outcome: 'deferred', sendAt: '2026-06-11T12:00:00.000Z' });
  expect(body['why']).toContain('"Florida: calls and texts (Fla. Stat. § 501.616(6)(a))" (08:00-20:00)');
  expect(ids(law)).toEqual(['us-hours', 'us-fl-hours']);
  expect(law?.[1]).toEqual({
    id: 'us-fl-hours', title: 'Florida: calls and texts', edition: shippedLaw().edition,
    source: { title: 'Fla. Stat. § 501.616(6)(a)', url: 'https://www.flsenate.gov/Laws/Statutes/2025/501.616' },
  });
});

test('the law and the given rules must both permit', async () => {
  const rules = { layers: [{ label: 'evenings', windows: [{ start: '19:00', end: '23:00' }] }] };
  const { body } = await preview({ now: '2026-06-11T00:30:00Z', zone: 'America/New_York', rules, recipient: { region: 'US-FL' }, channel: 'sms' });
  expect(body).toMatchObject({ outcome: 'deferred', sendAt: '2026-06-11T23:00:00.000Z' });
});

test.each([
  ['a country alone: any of its states', { country: 'US' }, ['us-hours', 'us-ri-hours', 'us-tx-hours']],
  ['a number: its area code and the states of its zone', { phone: '+13055551234' }, ['us-hours', 'us-fl-hours', 'us-ri-hours']],
  ['France', { country: 'FR' }, ['fr-texts']],
  ['Canada', { country: 'CA' }, ['ca-hours']],
])('%s', async (_what, recipient, some) => {
  const { law } = await preview({ recipient, channel: 'sms' });
  expect(ids(law)).toEqual(expect.arrayContaining(some));
});

test('nothing known of the person: the law of the tenant\'s own country', async () => {
  const { law } = await preview({ recipient: {}, channel: 'call' });
  expect(ids(law)).toEqual(['fr-calls']);
});

test('no zone is needed beside a recipient: it is taken from the region', async () => {
  // 12:00 UTC is 07:00 in the part of Florida on central time.
  const { body } = await preview({ recipient: { region: 'US-FL' }, channel: 'sms' });
  expect(body).toMatchObject({ outcome: 'deferred', sendAt: '2026-06-10T13:00:00.000Z' });
});

test('a public holiday of a law closes the day', async () => {
  const { body } = await preview({ now: '2026-07-14T09:00:00Z', zone: 'Europe/Paris', recipient: { country: 'FR' }, channel: 'call' });
  expect(body).toMatchObject({ outcome: 'deferred', sendAt: '2026-07-15T08:00:00.000Z' });
});

test('a minor\'s notifications keep the night free, e-mail included; an adult\'s do not', async () => {
  const night = { now: '2026-06-11T05:00:00Z', zone: 'America/New_York', recipient: { region: 'US-NY' } };
  expect((await preview(night)).body).toMatchObject({ outcome: 'send_now' });
  const minor = await preview({ ...night, recipient: { region: 'US-NY', isMinor: true } });
  expect(minor.body).toMatchObject({ outcome: 'deferred', sendAt: '2026-06-11T10:00:00.000Z' });
  expect(ids(minor.law)).toEqual(['us-ny-minors-night']);
});

test('e-mail is free of calling hours, unless the tenant keeps them for every channel', async () => {
  const careful = await api.makeTenant();
  await api.database.superuser`update tenants set limits = ${JSON.stringify({ lawScope: 'every_channel' })} where id = ${careful.tenantId}`;
  const late = { now: '2026-06-11T02:00:00Z', zone: 'America/New_York', recipient: { region: 'US-FL' } };

  expect((await preview(late)).body).toMatchObject({ outcome: 'send_now', law: [] });
  const kept = await preview(late, careful);
  expect(kept.body).toMatchObject({ outcome: 'deferred', sendAt: '2026-06-11T12:00:00.000Z' });
  expect(ids(kept.law)).toEqual(['us-hours', 'us-fl-hours']);
});

test('a transactional message waits for no law', async () => {
  const { body } = await preview({ now: '2026-06-11T05:00:00Z', zone: 'America/New_York', rules: { class: 'transactional' }, recipient: { region: 'US-FL' }, channel: 'sms' });
  expect(body).toMatchObject({ outcome: 'send_now', law: [] });
});

test('unusable rules stay an outcome beside a recipient', async () => {
  const { status, body } = await preview({ rules: { policy: 'maybe' }, recipient: { country: 'FR' } });
  expect({ status, outcome: body['outcome'] }).toEqual({ status: 200, outcome: 'invalid' });
});

test.each([
  ['a country that is a word', { recipient: { country: 'France' } }, '/recipient/country'],
  ['a region without its country', { recipient: { region: 'FL' } }, '/recipient/region'],
  ['a number without its country', { recipient: { phone: '0612345678' } }, '/recipient/phone'],
  ['an unknown field', { recipient: { town: 'Paris' } }, '/recipient/town'],
  ['a channel nobody knows', { recipient: {}, channel: 'fax' }, '/channel'],
])('a body of the wrong shape is 400 and says where: %s', async (_what, body, path) => {
  expect(await preview(body)).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ path }] } });
});
