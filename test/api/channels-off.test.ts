import { openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { makeProgram } from '../support/invites-api.ts';

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await openTestApi({ sms: { kind: 'off' } });
  tenant = await api.makeTenant();
});
afterAll(() => api.close());

test('where no SMS vendor is set up, a program with SMS is refused with what to do, and one without is made', async () => {
  const refused = await api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'Kite days', terms: { channels: ['email', 'sms'] } });
  expect([refused.status, refused.body]).toEqual([409, expect.objectContaining({ code: 'channel_not_available', detail: expect.stringContaining('TWILIO_ACCOUNT_SID') })]);
  const id = await makeProgram(api, tenant);
  expect((await api.send(tenant, 'PATCH', `/v1/programs/${id}`, { terms: { channels: ['sms'] } })).body).toMatchObject({ code: 'channel_not_available' });
  expect((await api.send(tenant, 'PATCH', `/v1/programs/${id}`, { terms: { channels: ['email'] } })).status).toBe(200);
});
