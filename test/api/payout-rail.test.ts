import { listIn, openTestApi, textIn, type TestApi } from '../support/api.ts';
import { openPayoutStand, type PayoutStand } from '../support/payouts.ts';

const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

let api: TestApi;
let stand: PayoutStand;
beforeAll(async () => { api = await openTestApi({ webhooksToInternal: true }); });
beforeEach(async () => { stand = await openPayoutStand(api); });
afterAll(() => api.close());

test.each([
  ['an address for a person', { kind: 'manual', url: 'https://pay.example' }, '/url'],
  ['a secret for a person', { kind: 'manual', secret: 'something-long' }, '/secret'],
  ['no address', { kind: 'own_system', secret: SECRET }, '/url'],
  ['an address that is none', { kind: 'transfers_api', url: 'pay.example', secret: 'sk_12345678' }, '/url'],
  ['an address with a query', { kind: 'transfers_api', url: 'https://pay.example?a=b', secret: 'sk_12345678' }, '/url'],
  ['no secret', { kind: 'transfers_api', url: 'https://pay.example' }, '/secret'],
  ['a webhook secret that is none', { kind: 'own_system', url: 'https://pay.example', secret: 'whsec_short' }, '/secret'],
  ['a key with a line break', { kind: 'transfers_api', url: 'https://pay.example', secret: 'sk_12345678\nX: y' }, '/secret'],
])('a rail with %s is refused', async (_what, body, path) => {
  const { status, body: refusal } = await stand.send('PUT', '/v1/payout-rail', body);
  expect([status, listIn(refusal, 'errors').map((error) => error['path'])]).toEqual([400, [path]]);
});

test('the rail is set, its secret is never shown and may be changed; its address may not while payouts are under way', async () => {
  expect((await stand.send('GET', '/v1/payout-rail')).status).toBe(404);
  const rail = { kind: 'transfers_api', url: 'https://pay.example', secret: 'sk_test_12345678' };
  expect((await stand.send('PUT', '/v1/payout-rail', rail)).body).toMatchObject({ kind: 'transfers_api', url: 'https://pay.example', hasSecret: true, needsPayee: true });
  await stand.release(await stand.member('ana', 'acct_ana_0042'), 5_000);
  const { payouts } = await stand.approved();
  expect((await stand.send('PUT', '/v1/payout-rail', { ...rail, url: 'https://elsewhere.example' })).body).toMatchObject({ status: 409, code: 'payouts_under_way' });
  expect((await stand.send('PUT', '/v1/payout-rail', { ...rail, secret: 'sk_test_rotated_1' })).status).toBe(200);
  expect((await stand.send('PUT', '/v1/payout-rail', { kind: 'manual' })).body).toMatchObject({ kind: 'manual', hasSecret: false });
  expect((await stand.send('GET', '/v1/payout-rail')).text).not.toContain('sk_test');
  const id = payouts.get('ana');
  if (id === undefined) throw new Error('no payout');
  expect(await stand.payout(id)).toMatchObject({ rail: 'transfers_api', payee: '…0042' });
  expect((await stand.send('PUT', '/v1/payout-rail', { kind: 'transfers_api', url: 'https://pay.example' })).status).toBe(200);
});

test('a secret is kept for its address alone: whoever changes the address has to know it, or could have it sent to himself', async () => {
  await stand.send('PUT', '/v1/payout-rail', { kind: 'transfers_api', url: 'https://pay.example', secret: 'sk_live_12345678' });
  for (const url of ['https://elsewhere.example', 'https://pay.example/proxy', 'https://pay.example:8443']) {
    const { status, body } = await stand.send('PUT', '/v1/payout-rail', { kind: 'transfers_api', url });
    expect([url, status, listIn(body, 'errors').map((error) => error['path'])]).toEqual([url, 400, ['/secret']]);
  }
  await stand.send('PUT', '/v1/payout-rail', { kind: 'manual' });
  expect((await stand.send('PUT', '/v1/payout-rail', { kind: 'transfers_api', url: 'https://elsewhere.example' })).status).toBe(400);
  expect((await stand.send('PUT', '/v1/payout-rail', { kind: 'transfers_api', url: 'https://pay.example' })).body).toMatchObject({ url: 'https://pay.example', hasSecret: true });
});

test('inside the network is no address for a rail unless the operator allows it', async () => {
  const guarded = await openTestApi();
  try {
    const tenant = await guarded.makeTenant();
    for (const url of ['http://pay.example', 'https://localhost', 'https://10.1.2.3', 'https://metadata.internal']) {
      expect((await guarded.send(tenant, 'PUT', '/v1/payout-rail', { kind: 'transfers_api', url, secret: 'sk_12345678' })).status).toBe(400);
    }
  } finally {
    await guarded.close();
  }
});

test('without payee details a rail that needs them leaves the member out, and says so', async () => {
  await stand.send('PUT', '/v1/payout-rail', { kind: 'transfers_api', url: 'https://pay.example', secret: 'sk_12345678' });
  await stand.release(await stand.member('ana'), 5_000);
  const { body } = await stand.send('POST', '/v1/payout-batches/preview', { unit: 'EUR' });
  expect(listIn(body, 'leftOut').map(({ reason, say }) => [reason, textIn({ say }, 'say').includes('payee')])).toEqual([['no_payee', true]]);
  expect((await stand.send('POST', '/v1/payout-batches', { unit: 'EUR' })).body).toMatchObject({ code: 'nothing_to_pay_out' });
});
