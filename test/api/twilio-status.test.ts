import { attemptToken } from '../../src/domain/link/attempt-token.ts';
import { arrangeSms, freshPhone, smsNow } from '../support/arrange-sms.ts';
import type { ArrangedSms, SmsState } from '../support/arrange-sms.ts';
import { NOON } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import type { Opened } from '../support/open-page.ts';
import { newSid, openSmsApi, post, statusForm } from '../support/twilio-webhooks.ts';
import type { Form } from '../support/twilio-webhooks.ts';

let api: TestApi;
let tenant: TestTenant;
beforeAll(async () => { api = await openSmsApi(); });
beforeEach(async () => {
  api.clock.set(NOON);
  api.logged.length = 0;
  tenant = await api.makeTenant();
});
afterAll(() => api.close());

const arrange = (state: SmsState, providerMessageId: string | null = null): Promise<ArrangedSms> =>
  arrangeSms(api.database, api.services.keyring, { tenantId: tenant.tenantId, phone: freshPhone(), state, now: NOON, providerMessageId });
const pathOf = ({ tenantId, ref, attemptId }: ArrangedSms, change: { attemptId?: number; step?: number } = {}): string =>
  `/webhooks/twilio/status/${attemptToken(api.services.keyring, { tenantId, ...ref, step: 0, attemptId, ...change })}`;
const tell = (of: ArrangedSms, form: Form): Promise<Opened> => post(api, pathOf(of), form);
const now = (of: ArrangedSms) => smsNow(api.database, of.ref);
const suppressions = async (of: ArrangedSms) => (await api.database.superuser<{ reason: string }[]>`
  select reason from suppressions where tenant_id = ${of.tenantId} and recipient_hash = ${api.services.keyring.hashRecipient(of.tenantId, of.phone)} and lifted_at is null`).map(({ reason }) => reason);
const receipts = (of: ArrangedSms) => api.database.superuser<{ kind: string; detail: string | null; channel: string }[]>`
  select kind, detail, channel from receipts where batch_id = ${of.ref.batchId} order by kind`;

test('a delivery is noted on its message, and only the first time', async () => {
  const sid = newSid();
  const of = await arrange('handed_off', sid);
  for (let i = 0; i < 3; i += 1) expect((await tell(of, statusForm(sid, 'delivered'))).status).toBe(204);
  expect(await now(of)).toMatchObject({ state: 'handed_off', message: 'handed_off', delivered: true, bounced: false });
  expect([...await receipts(of)]).toEqual([{ kind: 'delivered', detail: null, channel: 'sms' }]);
});

describe('the statuses of one message end alike in every order', () => {
  test.each<[[string, number?][], object, string[]]>([
    [[['queued'], ['sent'], ['delivered']], { message: 'handed_off', delivered: true, bounced: false, state: 'handed_off' }, []],
    [[['queued'], ['sent'], ['undelivered', 30006]], { message: 'handed_off', delivered: false, bounced: true, state: 'refused', reason: 'number_unavailable', step: null }, ['hard_bounce']],
    [[['sent'], ['undelivered', 30003]], { message: 'handed_off', delivered: false, bounced: true, state: 'handed_off' }, []],
    [[['sent'], ['failed', 21610]], { message: 'handed_off', bounced: true, state: 'refused', reason: 'opted_out' }, ['sms_stop']],
  ])('%j', async (statuses, outcome, suppressed) => {
    for (const order of permutations(statuses)) {
      const sid = newSid();
      const of = await arrange('unknown');
      for (const [status, code] of [...order, ...order]) expect((await tell(of, statusForm(sid, status, code))).status).toBe(204);
      expect(await now(of)).toMatchObject({ ...outcome, providerMessageId: sid });
      expect(await suppressions(of)).toEqual(suppressed);
    }
  });
});

describe('a hand-off of unknown outcome is settled by any status', () => {
  test.each([['queued', undefined], ['sent', undefined], ['delivered', undefined], ['undelivered', 30005]] as const)('%s', async (status, code) => {
    const of = await arrange('unknown');
    const sid = newSid();
    await tell(of, statusForm(sid, status, code));
    expect(await now(of)).toMatchObject({ state: 'handed_off', message: 'handed_off', step: 1, stale: true, providerMessageId: sid });
  });

  test('what its sender has yet to record is left to it, until there is proof of more', async () => {
    const of = await arrange('claimed');
    const sid = newSid();
    await tell(of, statusForm(sid, 'sent'));
    expect(await now(of)).toMatchObject({ state: 'waiting', message: null });
    await tell(of, statusForm(sid, 'delivered'));
    expect(await now(of)).toMatchObject({ state: 'handed_off', message: 'handed_off', delivered: true, providerMessageId: sid });
  });
});

describe('an error code means what it means', () => {
  test.each([
    [21610, { state: 'refused', reason: 'opted_out' }, ['sms_stop'], null],
    [21211, { state: 'refused', reason: 'number_unavailable' }, ['hard_bounce'], null],
    [21614, { state: 'refused', reason: 'number_unavailable' }, ['hard_bounce'], null],
    [30006, { state: 'refused', reason: 'number_unavailable' }, ['hard_bounce'], null],
    [30003, { state: 'handed_off', step: 1 }, [], null],
    [30007, { state: 'handed_off', step: 1 }, [], 'filtered'],
    [30034, { state: 'handed_off', step: 1 }, [], 'sender_refused'],
    [39999, { state: 'handed_off', step: 1 }, [], null],
  ] as const)('%i', async (code, outcome, suppressed, alert) => {
    const sid = newSid();
    const of = await arrange('handed_off', sid);
    const waiting = await arrangeSms(api.database, api.services.keyring, { tenantId: of.tenantId, phone: of.phone, state: 'waiting', now: NOON });
    await tell(of, statusForm(sid, 'undelivered', code));
    expect(await now(of)).toMatchObject({ ...outcome, bounced: true });
    expect(await suppressions(of)).toEqual(suppressed);
    expect(await now(waiting)).toMatchObject(suppressed.length === 0 ? { state: 'waiting' } : { state: 'refused', reason: 'suppressed' });
    expect([...await receipts(of)]).toEqual([{ kind: 'bounced', detail: `undelivered, code ${String(code)}`, channel: 'sms' }]);
    expect(api.logged.filter(({ level }) => level === 'error').map(({ reason }) => reason)).toEqual(alert === null ? [] : [alert]);
  });

  test('what was delivered is not taken back by a late failure', async () => {
    const sid = newSid();
    const of = await arrange('handed_off', sid);
    await tell(of, statusForm(sid, 'delivered'));
    await tell(of, statusForm(sid, 'undelivered', 30006));
    expect(await now(of)).toMatchObject({ state: 'handed_off', delivered: true, bounced: false });
    expect(await suppressions(of)).toEqual([]);
  });
});

describe('a status that is about something else changes nothing', () => {
  test('another attempt of the same message', async () => {
    const of = await arrange('unknown');
    const form = statusForm(newSid(), 'delivered');
    expect((await post(api, pathOf(of, { attemptId: of.attemptId + 1 }), form)).status).toBe(204);
    expect(await now(of)).toMatchObject({ state: 'unknown', message: 'unknown' });
  });

  test('another message of the vendor than the one that was handed off', async () => {
    const of = await arrange('handed_off', newSid());
    await tell(of, statusForm(newSid(), 'undelivered', 30006));
    expect(await now(of)).toMatchObject({ state: 'handed_off', bounced: false });
    expect(await suppressions(of)).toEqual([]);
  });

  test('a step that was never sent, and an invite that is gone', async () => {
    const of = await arrange('handed_off', newSid());
    expect((await post(api, pathOf(of, { step: 3 }), statusForm(newSid(), 'delivered'))).status).toBe(204);
    expect((await post(api, pathOf({ ...of, ref: { ...of.ref, n: 900 } }), statusForm(newSid(), 'delivered'))).status).toBe(204);
  });

  test('a status that nobody knows', async () => {
    const of = await arrange('unknown');
    expect((await tell(of, statusForm(newSid(), 'partially_delivered'))).status).toBe(204);
    expect(await now(of)).toMatchObject({ state: 'unknown' });
  });

  test('one that is told when the invite has long been given up still is the truth', async () => {
    const of = await arrange('unknown');
    await api.database.superuser`update invites set state = 'unknown_expired', due_at = null, attempt_id = null where batch_id = ${of.ref.batchId}`;
    await api.database.superuser`update messages set state = 'unknown_expired' where batch_id = ${of.ref.batchId}`;
    await tell(of, statusForm(newSid(), 'delivered'));
    expect(await now(of)).toMatchObject({ state: 'handed_off', message: 'handed_off', delivered: true });
  });
});

test.each([['a token that is none', '/webhooks/twilio/status/abc', 404], ['no token', '/webhooks/twilio/status', 404]])('%s is a 404', async (_what, path, status) => {
  expect((await post(api, path, statusForm(newSid(), 'delivered'))).status).toBe(status);
});

test.each<Form>([{}, { MessageSid: 'SM1' }, { ...statusForm(newSid(), 'delivered'), ErrorCode: 'x' }])('a signed form that is no status callback is a 400: %j', async (form) => {
  const of = await arrange('unknown');
  expect((await tell(of, form)).status).toBe(400);
  expect(await now(of)).toMatchObject({ state: 'unknown' });
});

test('a body larger than 64 KB is refused', async () => {
  const of = await arrange('unknown');
  expect((await tell(of, { ...statusForm(newSid(), 'delivered'), More: 'x'.repeat(70_000) })).status).toBe(413);
});

test('GET says what to do, and no number and no text stands in the log', async () => {
  const of = await arrange('unknown');
  const got = await fetch(`${api.url}${pathOf(of)}`);
  expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
  await tell(of, statusForm(newSid(), 'delivered'));
  const log = JSON.stringify(api.logged);
  expect(log).toContain('/webhooks/twilio/status/{token}');
  expect(log).not.toContain('5005550010');
  expect(log).not.toContain(pathOf(of).slice(-40));
});

function permutations<T>(of: readonly T[]): T[][] {
  if (of.length < 2) return [[...of]];
  return of.flatMap((one, i) => permutations([...of.slice(0, i), ...of.slice(i + 1)]).map((rest) => [one, ...rest]));
}
