import { twilioTransport } from '../../src/providers/sms/twilio.ts';
import type { SmsTransport } from '../../src/providers/sms/twilio.ts';
import { json, scriptedHttp } from './scripted-http.ts';
import type { ScriptedHttp } from './scripted-http.ts';
import { sampleSms, smsStand } from './sms-stand.ts';
import type { SmsStand } from './sms-stand.ts';

const { to, text } = sampleSms();
/** Around now: the stand-in stamps what it keeps. */
const around = (): { from: number; until: number } => ({ from: Date.now() - 5_000, until: Date.now() + 5_000 });

describe('an unknown is settled by what the vendor lists', () => {
  let stand: SmsStand;
  beforeEach(async () => { stand = await smsStand({ timeouts: { answerMs: 300 } }); });
  afterEach(() => stand.stop());

  test.each(['fails_after', 'silent_after', 'hangs_up_after', 'garbled'] as const)('%s: unknown, and found', async (kind) => {
    stand.vendor.setFaults(() => ({ kind }));
    expect(await stand.transport.send(sampleSms())).toMatchObject({ outcome: 'unknown' });
    const [kept] = stand.vendor.store.list();
    expect(await stand.transport.findSent({ to, text, ...around() })).toEqual({ outcome: 'found', providerMessageId: kept?.sid, status: 'delivered', errorCode: null });
  });

  test.each(['fails_before', 'hangs_up_before'] as const)('%s: unknown, and not found', async (kind) => {
    stand.vendor.setFaults(() => ({ kind }));
    expect(await stand.transport.send(sampleSms())).toMatchObject({ outcome: 'unknown' });
    expect(await stand.transport.findSent({ to, text, ...around() })).toEqual({ outcome: 'not_found' });
  });

  test('another text, another phone and another time are not it', async () => {
    await stand.transport.send(sampleSms());
    expect(await stand.transport.findSent({ to, text: 'Something else', ...around() })).toEqual({ outcome: 'not_found' });
    expect(await stand.transport.findSent({ to: '+15005550011', text, ...around() })).toEqual({ outcome: 'not_found' });
    expect(await stand.transport.findSent({ to, text, from: Date.now() + 3_600_000, until: Date.now() + 3_700_000 })).toEqual({ outcome: 'not_found' });
  });

  test('the same text twice is told apart by what is known of the other, else unclear', async () => {
    await stand.transport.send(sampleSms());
    await stand.transport.send(sampleSms({ attemptToken: 'attempt-2' }));
    const [first, second] = stand.vendor.store.list();
    expect(await stand.transport.findSent({ to, text, ...around() })).toMatchObject({ outcome: 'unclear' });
    expect(await stand.transport.findSent({ to, text, ...around(), others: new Set([first?.sid ?? '']) })).toMatchObject({ outcome: 'found', providerMessageId: second?.sid });
  });

  test('a phone\'s own message with this text is none of ours', async () => {
    await stand.vendor.reply(to, text);
    expect(await stand.transport.findSent({ to: stand.vendor.account.number, text, ...around() })).toEqual({ outcome: 'not_found' });
  });

  test('a vendor that cannot be asked leaves it unclear', async () => {
    await stand.vendor.stop();
    const found = await stand.transport.findSent({ to, text, ...around() });
    expect(found).toEqual({ outcome: 'unclear', detail: 'ECONNREFUSED' });
    stand = await smsStand();
  });
});

describe('what the list may look like', () => {
  let server: ScriptedHttp;
  let transport: SmsTransport;
  let pages: (dated: boolean) => { status?: number; body: unknown };
  beforeEach(async () => {
    server = await scriptedHttp((request, response) => {
      const { status = 200, body } = pages(request.path.includes('DateSent'));
      json(response, status, body);
    });
    transport = twilioTransport({ accountSid: `AC${'a1'.repeat(16)}`, authToken: 's', sender: { from: '+15005550006' }, statusCallbackUrl: 'https://go.example.com/sms', baseUrl: server.url });
  });
  afterEach(async () => {
    await transport.close();
    await server.close();
  });

  const AT = Date.parse('2026-06-10T08:00:00Z');
  const one = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({ sid: `SM${'3d'.repeat(16)}`, direction: 'outbound-api', body: text, status: 'queued', error_code: null, date_created: 'Wed, 10 Jun 2026 08:00:02 +0000', date_sent: null, ...changes });
  const list = (...messages: unknown[]): { body: unknown } => ({ body: { messages, next_page_uri: null } });
  const sought = { to, text, from: AT, until: AT + 10_000 };

  test('it asks for the recipient and the window, and once without for what has not been sent yet', async () => {
    pages = (dated) => (dated ? list() : list(one()));
    expect(await transport.findSent(sought)).toMatchObject({ outcome: 'found', status: 'queued' });
    const [dated, undated] = server.requests.map(({ path }) => new URL(path, 'http://x').searchParams);
    expect(dated?.get('To')).toBe(to);
    expect(dated?.get('DateSent>')).toBe('2026-06-10T07:59:00Z');
    expect(undated?.get('To')).toBe(to);
    expect(undated?.has('DateSent>')).toBe(false);
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>, Record<string, unknown>]>([
    ['the words of a trial account before the text', { body: `Sent from your Twilio trial account - ${text}` }, {}, { outcome: 'found' }],
    ['white space that changed', { body: text.replace(' ', '\n ') }, {}, { outcome: 'found' }],
    ['a changed text that holds the marker', { body: 'Zoe invites you: https://go.lumen.example/l/abc' }, { marker: '/l/abc' }, { outcome: 'found' }],
    ['a changed text', { body: 'Zoe invites you: https://go.lumen.example/l/abc' }, {}, { outcome: 'not_found' }],
    ['a text the vendor has removed', { body: '' }, {}, { outcome: 'unclear' }],
    ['a date nobody can read', { date_created: 'yesterday' }, {}, { outcome: 'found' }],
    ['an earlier one with this text', { date_created: 'Tue, 09 Jun 2026 08:00:00 +0000' }, {}, { outcome: 'not_found' }],
    ['a failure', { status: 'undelivered', error_code: 30003 }, {}, { outcome: 'found', status: 'undelivered', errorCode: 30003 }],
  ])('%s', async (_what, changes, more, expected) => {
    pages = () => list(one(changes));
    expect(await transport.findSent({ ...sought, ...more })).toEqual(expect.objectContaining(expected));
  });

  test.each<[string, { status?: number; body: unknown }]>([
    ['an error', { status: 500, body: { code: 20500 } }],
    ['nonsense', { body: { messages: 'many' } }],
    ['more than a page', { body: { messages: [], next_page_uri: '/more' } }],
  ])('%s leaves it unclear', async (_what, page) => {
    pages = () => page;
    expect(await transport.findSent(sought)).toMatchObject({ outcome: 'unclear' });
  });
});
