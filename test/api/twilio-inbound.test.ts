import { stopAddress } from '../../db/write/stop-address.ts';
import { freshPhone, arrangeSms, smsNow } from '../support/arrange-sms.ts';
import type { ArrangedSms, SmsState } from '../support/arrange-sms.ts';
import { NOON, openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { inboundForm, openSmsApi, post } from '../support/twilio-webhooks.ts';
import type { Form } from '../support/twilio-webhooks.ts';

const PATH = '/webhooks/twilio/inbound';
const NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

let api: TestApi;
let tenant: TestTenant;
let phone: string;
beforeAll(async () => { api = await openSmsApi(); });
beforeEach(async () => {
  api.clock.set(NOON);
  api.logged.length = 0;
  tenant = await api.makeTenant({ name: 'Kite & <Club>' });
  phone = freshPhone();
});
afterAll(() => api.close());

const arrange = (state: SmsState = 'handed_off', more: { locale?: string; noted?: boolean; of?: TestTenant } = {}): Promise<ArrangedSms> =>
  arrangeSms(api.database, api.services.keyring, { tenantId: (more.of ?? tenant).tenantId, phone, state, now: NOON, ...more });
const say = (body: string, more: Form = {}) => post(api, PATH, inboundForm(phone, body, more));
const hashOf = (of: TestTenant = tenant) => api.services.keyring.hashRecipient(of.tenantId, phone);
const suppressions = async (of: TestTenant = tenant) => (await api.database.superuser<{ reason: string }[]>`
  select reason from suppressions where tenant_id = ${of.tenantId} and recipient_hash = ${hashOf(of)} and lifted_at is null`).map(({ reason }) => reason);
const consents = () => api.database.superuser<Record<string, unknown>[]>`
  select topic, channel, action, basis, locale, source, given_at as "givenAt" from consents where tenant_id = ${tenant.tenantId} and recipient_hash = ${hashOf()} order by recorded_at, id`;
const stored = async () => (await api.database.superuser<{ rows: number }[]>`
  select (select count(*) from provider_events)::int + (select count(*) from decisions)::int + (select count(*) from suppressions)::int + (select count(*) from consents)::int as rows`)[0]?.rows;

test('STOP: the number is suppressed, the opt-out is in the consent log, what waits by SMS ends, and the vendor alone replies', async () => {
  const sent = await arrange('handed_off', { locale: 'de-CH' });
  const waiting = await arrange('waiting', { noted: false });
  const answer = await say(' stop ');
  expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([200, 'text/xml; charset=utf-8', NOTHING]);
  expect(await suppressions()).toEqual(['sms_stop']);
  expect([...await consents()]).toEqual([{ topic: '*', channel: 'sms', action: 'withdrawn', basis: null, locale: 'de-CH', source: 'sms_keyword', givenAt: NOON }]);
  expect(await smsNow(api.database, waiting.ref)).toMatchObject({ state: 'refused', reason: 'suppressed' });
  expect(await smsNow(api.database, sent.ref)).toMatchObject({ state: 'handed_off', step: null, stopReason: 'suppressed' });
});

describe('plain speech in every language opts out, and gets one reply in the recipient\'s', () => {
  test.each([
    ['en', 'STOP PLEASE', 'you get no more texts from us'],
    ['en', 'please dont text me anymore', 'you get no more texts from us'],
    ['de', 'Bitte keine SMS mehr', 'keine SMS mehr von uns'],
    ['es', 'No me envíen más mensajes', 'ya no le enviamos SMS'],
    ['fr', 'Arrêtez de m\'envoyer des messages', 'vous ne recevez plus de SMS'],
  ])('%s: %s', async (locale, words, reply) => {
    await arrange('handed_off', { locale });
    const { text } = await say(words);
    expect(text).toContain(`<Response><Message>Kite &amp; &lt;Club&gt;`);
    expect(text).toContain(reply);
    expect(await suppressions()).toEqual(['sms_stop']);
    expect((await say(words)).text).toBe(NOTHING);
  });
});

describe('what only sounds like it does nothing, and leaves no trace', () => {
  test.each(['stopped by', 'I stopped by your place', 'Ich kann nicht aufhören zu lachen', 'no puedo parar de reír', 'je n\'arrête pas de rire', 'thanks!', '', '👍', 'dont stop'])('%j', async (words) => {
    const of = await arrange();
    const before = await stored();
    expect((await say(words)).text).toBe(NOTHING);
    expect([await suppressions(), await stored()]).toEqual([[], before]);
    expect(await smsNow(api.database, of.ref)).toMatchObject({ state: 'handed_off', step: 1 });
  });
});

describe('never a second reply where the vendor replied', () => {
  test.each<[string, Form]>([
    ...['STOP', 'Unsubscribe', 'end', 'QUIT', 'stopall', 'REVOKE', 'OPTOUT', 'cancel', 'STOP.', 'HELP', 'info', 'START', 'Yes', 'unstop'].map((word): [string, Form] => [word, {}]),
    ['basta ya', { OptOutType: 'STOP' }],
    ['hilfe', { OptOutType: 'HELP' }],
    ['mach weiter', { OptOutType: 'START' }],
  ])('%j %j', async (words, more) => {
    await arrange();
    expect((await say(words, more)).text).toBe(NOTHING);
  });

  test('the vendor\'s own verdict counts, whatever the words', async () => {
    await arrange();
    await say('FLUGZEUG', { OptOutType: 'STOP' });
    expect(await suppressions()).toEqual(['sms_stop']);
    await say('WEITER', { OptOutType: 'START' });
    expect(await suppressions()).toEqual([]);
  });
});

test('a message counts once: told again, also at the same time, it changes nothing and gets no second reply', async () => {
  await arrange();
  const form = inboundForm(phone, 'stop please');
  const answers = await Promise.all(Array.from({ length: 6 }, () => post(api, PATH, form)));
  expect(answers.filter(({ text }) => text.includes('<Message>'))).toHaveLength(1);
  const before = await stored();
  expect((await post(api, PATH, form)).text).toBe(NOTHING);
  expect(await stored()).toBe(before);
  expect(await consents()).toHaveLength(1);
});

describe('START takes a STOP back, and nothing else', () => {
  test('the number may be written to again, and the log says on whose word', async () => {
    await arrange();
    await say('STOP');
    api.clock.advance(60_000);
    await say('START');
    expect(await suppressions()).toEqual([]);
    expect((await consents()).map((row) => [row['action'], row['basis'], row['source']])).toEqual([['withdrawn', null, 'sms_keyword'], ['granted', 'own_words', 'sms_keyword']]);
    await say('STOP');
    expect(await suppressions()).toEqual(['sms_stop']);
  });

  test('a "yes" of somebody who had stopped nothing is no opt-in', async () => {
    await arrange();
    await say('YES');
    expect([await suppressions(), await consents()]).toEqual([[], []]);
  });

  test('a complaint stays', async () => {
    await arrange();
    await api.database.superuser`insert into suppressions (id, tenant_id, recipient_hash, reason, created_at) values (${`sup_${tenant.tenantId.slice(4)}`}, ${tenant.tenantId}, ${hashOf()}, 'complaint', ${NOON})`;
    await say('STOP');
    await say('START');
    expect(await suppressions()).toEqual(['complaint']);
  });

  test('what the tenant had said before the STOP holds again', async () => {
    await arrange();
    await api.database.superuser`insert into suppressions (id, tenant_id, recipient_hash, reason, created_at) values (${`sup_${tenant.tenantId.slice(4)}`}, ${tenant.tenantId}, ${hashOf()}, 'manual', ${NOON})`;
    api.clock.advance(1000);
    await say('STOP');
    api.clock.advance(1000);
    await say('START');
    expect(await suppressions()).toEqual(['manual']);
  });

  test('a stop of everything on the page is taken back for texts: nothing of it goes on to hold against them', async () => {
    await arrange();
    await api.services.db.asTenant(tenant.tenantId, (tx) => stopAddress(tx, { tenantId: tenant.tenantId, recipientHash: hashOf(), source: 'preference_page', wordingVersion: null, locale: null, now: NOON }));
    api.clock.advance(1000);
    await say('START');
    expect(await suppressions()).toEqual([]);
    const held = await api.database.superuser`select channel, state from preferences where tenant_id = ${tenant.tenantId} and recipient_hash = ${hashOf()} order by channel`;
    expect([...held]).toEqual([{ channel: '*', state: 'open' }, { channel: 'sms', state: 'in' }]);
  });

  test('STOP takes the place of what may be lifted without asking', async () => {
    await arrange();
    await api.database.superuser`insert into suppressions (id, tenant_id, recipient_hash, reason, created_at) values (${`sup_${tenant.tenantId.slice(4)}`}, ${tenant.tenantId}, ${hashOf()}, 'manual', ${NOON})`;
    await say('STOP');
    expect(await suppressions()).toEqual(['sms_stop']);
  });
});

describe('HELP in plain speech gets the name, the way out and an address for questions', () => {
  test.each([['hilfe', 'de', 'Mit STOP'], ['ayuda', 'es', 'Responda STOP'], ['aide', 'fr', 'Répondez STOP'], ['help me', 'en', 'Reply STOP']])('%s', async (words, locale, way) => {
    await arrange('handed_off', { locale });
    const { text } = await say(words);
    expect(text).toContain(way);
    expect(text).toContain('hello@kite.example');
    expect(await suppressions()).toEqual([]);
  });

  test('a phone that asks again and again gets some replies, not hundreds', async () => {
    await arrange();
    let replies = 0;
    for (let i = 0; i < 12; i += 1) replies += (await say('help me')).text.includes('<Message>') ? 1 : 0;
    expect(replies).toBe(5);
  });
});

describe('tenants that share the number', () => {
  test('STOP counts for each that wrote to this phone, in one reply; for no other', async () => {
    const [second, stranger] = [await api.makeTenant({ name: 'Second' }), await api.makeTenant({ name: 'Stranger' })];
    await arrange();
    await arrange('handed_off', { of: second });
    await arrange('waiting', { of: stranger, noted: false });
    const { text } = await say('stop please');
    expect(text.match(/<Message>/g)).toHaveLength(1);
    expect(text).toContain('Kite &amp; &lt;Club&gt;');
    expect(text).toContain('Second');
    expect(text).not.toContain('Stranger');
    expect([await suppressions(), await suppressions(second), await suppressions(stranger)]).toEqual([['sms_stop'], ['sms_stop'], []]);
  });

  test('from a phone to which nobody wrote it changes nothing and gets no reply', async () => {
    const before = await stored();
    expect((await say('stop please')).text).toBe(NOTHING);
    expect((await say('help me')).text).toBe(NOTHING);
    expect(await stored()).toBe(before);
  });
});

test('a message of another channel is passed over; one that is none is a 400', async () => {
  expect((await post(api, PATH, inboundForm(`whatsapp:${phone}`, 'STOP'))).text).toBe(NOTHING);
  expect((await post(api, PATH, { From: phone })).status).toBe(400);
});

test('neither the words nor the number stand in the log or in the tables', async () => {
  await arrange();
  await say('stop please you zebras');
  await say('canary-words');
  expect(JSON.stringify(api.logged)).not.toMatch(/zebras|canary/);
  expect(JSON.stringify(api.logged)).not.toContain(phone.slice(1));
  const decisions = await api.database.superuser`select rule, inputs from decisions where tenant_id = ${tenant.tenantId}`;
  expect(JSON.stringify(decisions)).not.toMatch(/zebras|\+1202555/);
});

test('without SMS there is no such address', async () => {
  const without = await openTestApi();
  try {
    expect((await post(without, PATH, inboundForm(phone, 'STOP'))).status).toBe(404);
    expect((await post(without, '/webhooks/twilio/status/x', {})).status).toBe(404);
  } finally {
    await without.close();
  }
});
