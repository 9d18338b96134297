import { attemptToken } from '../../src/domain/link/attempt-token.ts';
import { arrangeSms, freshPhone, smsNow } from '../support/arrange-sms.ts';
import type { ArrangedSms, SmsState } from '../support/arrange-sms.ts';
import { NOON } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import type { Opened } from '../support/open-page.ts';
import { inboundForm, newSid, openSmsApi, post, signatureOf, SMS, statusForm } from '../support/twilio-webhooks.ts';
import type { Form, Posting } from '../support/twilio-webhooks.ts';

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => {
  api = await openSmsApi();
  tenant = await api.makeTenant();
});
afterAll(() => api.close());

const arrange = (state: SmsState): Promise<ArrangedSms> => arrangeSms(api.database, api.services.keyring, { tenantId: tenant.tenantId, phone: freshPhone(), state, now: NOON });
const pathOf = ({ tenantId, ref, attemptId }: ArrangedSms, change: { attemptId?: number } = {}): string =>
  `/webhooks/twilio/status/${attemptToken(api.services.keyring, { tenantId, ...ref, step: 0, attemptId, ...change })}`;
const tell = (of: ArrangedSms, form: Form, how?: Posting): Promise<Opened> => post(api, pathOf(of), form, how);
const now = (of: ArrangedSms) => smsNow(api.database, of.ref);
const stored = async () => (await api.database.superuser<{ rows: number }[]>`
  select (select count(*) from receipts)::int + (select count(*) from provider_events)::int + (select count(*) from decisions)::int + (select count(*) from suppressions)::int
    + (select count(*) from consents)::int as rows`)[0]?.rows;

describe('what the vendor did not sign is refused, and nothing of it is stored', () => {
  test.each<[string, (of: ArrangedSms, form: Form) => Posting]>([
    ['no signature', () => ({ signature: null })],
    ['another token\'s', (of, form) => ({ signature: signatureOf(`${SMS.webhookUrl}${pathOf(of)}`, form, '54321') })],
    ['signed for the address we listen on', (of, form) => ({ signature: signatureOf(`${api.url}${pathOf(of)}`, form) })],
    ['a changed value', (of, form) => ({ signature: signatureOf(`${SMS.webhookUrl}${pathOf(of)}`, { ...form, MessageStatus: 'sent' }) })],
    ['signed for another attempt', (of, form) => ({ signature: signatureOf(`${SMS.webhookUrl}${pathOf(of, { attemptId: of.attemptId + 1 })}`, form) })],
    ['a form called JSON', () => ({ contentType: 'application/json' })],
  ])('%s', async (_what, how) => {
    const of = await arrange('unknown');
    const before = await stored();
    const form = statusForm(newSid(), 'delivered');
    const answer = await tell(of, form, how(of, form));
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'signature_invalid' });
    expect(await now(of)).toMatchObject({ state: 'unknown' });
    expect(await stored()).toBe(before);
  });

  test('another account\'s message, though signed', async () => {
    const of = await arrange('unknown');
    expect((await tell(of, { ...statusForm(newSid(), 'delivered'), AccountSid: `AC${'6'.repeat(32)}` })).status).toBe(403);
    expect(await now(of)).toMatchObject({ state: 'unknown' });
  });

  test('it is told to the operator, since it may be a mistake of ours', async () => {
    const other = await openSmsApi();
    try {
      await post(other, '/webhooks/twilio/inbound', {}, { signature: 'x' });
      await post(other, '/webhooks/twilio/inbound', {}, { signature: 'x' });
      expect(other.logged.filter(({ level }) => level === 'warn')).toEqual([expect.objectContaining({ msg: expect.stringContaining('TWILIO_WEBHOOK_URL') })]);
    } finally {
      await other.close();
    }
  });
});

test('an answer that is not signed is refused, and nothing of it is stored', async () => {
  const of = await arrange('handed_off');
  const path = '/webhooks/twilio/inbound';
  const form = inboundForm(of.phone, 'STOP');
  const before = await stored();
  for (const signature of [null, 'x', signatureOf(`${SMS.webhookUrl}${path}`, { ...form, Body: 'START' }), signatureOf(`${api.url}${path}`, form)]) {
    expect((await post(api, path, form, { signature })).status).toBe(403);
  }
  expect((await post(api, path, { ...form, AccountSid: `AC${'6'.repeat(32)}` })).status).toBe(403);
  expect(await stored()).toBe(before);
});

test('whoever sends what is not signed again and again is told to come later; what is signed still gets in', async () => {
  const own = await openSmsApi({ trustProxy: 1 });
  try {
    const forged = (address: string) => post(own, '/webhooks/twilio/inbound', {}, { signature: 'x', headers: { 'x-forwarded-for': address } });
    const statuses: number[] = [];
    for (let i = 0; i < 25; i += 1) statuses.push((await forged('203.0.113.7')).status);
    expect([...new Set(statuses)]).toEqual([403, 429]);
    expect((await forged('203.0.113.8')).status).toBe(403);
    expect((await post(own, '/webhooks/twilio/inbound', inboundForm(freshPhone(), 'hello'), { headers: { 'x-forwarded-for': '203.0.113.7' } })).status).toBe(200);
  } finally {
    await own.close();
  }
});
