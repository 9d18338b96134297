import { verdictOn } from '../../src/providers/sms/twilio-errors.ts';
import { twilioTransport } from '../../src/providers/sms/twilio.ts';
import type { TwilioOptions } from '../../src/providers/sms/twilio.ts';
import type { HandOff } from '../../src/providers/transport.ts';
import { json } from './scripted-http.ts';
import { sampleSms } from './sms-stand.ts';
import { ACCOUNT, CREATED, twilioBench } from './twilio-bench.ts';

const { vendor, transportTo, sendTo } = twilioBench();

describe('what is asked of the vendor', () => {
  test('recipient, text, sender, remaining life and a callback with the attempt in its path', async () => {
    const { requests } = await sendTo((_request, response) => json(response, 201, CREATED));
    expect(requests).toHaveLength(1);
    const [request] = requests;
    expect(request).toMatchObject({ method: 'POST', path: `/2010-04-01/Accounts/${ACCOUNT}/Messages.json` });
    expect(request?.headers.authorization).toBe(`Basic ${Buffer.from(`${ACCOUNT}:secret`).toString('base64')}`);
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      To: '+15005550010',
      From: '+15005550006',
      Body: sampleSms().text,
      ValidityPeriod: '7200',
      StatusCallback: 'https://go.example.com/hooks/sms/attempt-1',
    });
  });

  test('a messaging service instead of a number, an API key instead of the token, a base URL with a path', async () => {
    const server = await vendor((_request, response) => json(response, 201, CREATED));
    const apiKey = { sid: `SK${'2c'.repeat(16)}`, secret: 's' };
    await transportTo(`${server.url}/twilio/`, { apiKey, sender: { messagingServiceSid: 'MG1' } }).send(sampleSms());
    expect(server.requests[0]?.path).toBe(`/twilio/2010-04-01/Accounts/${ACCOUNT}/Messages.json`);
    expect(server.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from(`${apiKey.sid}:s`).toString('base64')}`);
    expect(Object.fromEntries(new URLSearchParams(server.requests[0]?.body))).toMatchObject({ MessagingServiceSid: 'MG1' });
    expect(server.requests[0]?.body).not.toContain('From=');
  });

  test.each([[-5, '1'], [0, '1'], [999, '1'], [1999, '1'], [60_000, '60'], [36_000_000, '36000'], [864_000_000, '36000']])('%i ms of life left are %s s of validity', async (validityMs, seconds) => {
    const server = await vendor((_request, response) => json(response, 201, CREATED));
    await transportTo(server.url).send(sampleSms({ validityMs }));
    expect(new URLSearchParams(server.requests[0]?.body).get('ValidityPeriod')).toBe(seconds);
  });

  test.each([
    { to: '15005550010' }, { to: '+15005550010 ' }, { to: '+1 500 555 0010' }, { to: '+15005550010,+15005550011' }, { to: '' }, { to: '+05005550010' },
    { text: '' }, { text: ' \n' }, { text: 'x'.repeat(1601) }, { text: 'a\0b' }, { text: 'half \ud83d' },
    { attemptToken: '' }, { attemptToken: 'a/b' }, { attemptToken: 'a?b=c' }, { attemptToken: 'x'.repeat(201) }, { validityMs: Number.NaN },
  ])('%j is refused before the wire', async (changes) => {
    const server = await vendor((_request, response) => json(response, 201, CREATED));
    expect(await transportTo(server.url).send(sampleSms(changes))).toMatchObject({ outcome: 'permanent', reason: 'invalid_message', suppress: false });
    expect(server.requests).toEqual([]);
  });
});

test.each<[number, number, Partial<HandOff>]>([
  [400, 21610, { outcome: 'permanent', reason: 'opted_out', suppress: true }],
  [400, 21211, { outcome: 'permanent', reason: 'number_unavailable', suppress: true }],
  [400, 21614, { outcome: 'permanent', reason: 'number_unavailable', suppress: true }],
  [400, 30006, { outcome: 'permanent', reason: 'number_unavailable', suppress: true }],
  [400, 30003, { outcome: 'permanent', reason: 'handset_unreachable', suppress: false }],
  [400, 30005, { outcome: 'permanent', reason: 'handset_unreachable', suppress: false }],
  [400, 30007, { outcome: 'permanent', reason: 'filtered', suppress: false }],
  [400, 30610, { outcome: 'retry', reason: 'quiet_hours', retryAfterMs: 3_600_000 }],
  [400, 30047, { outcome: 'retry', reason: 'quiet_hours', retryAfterMs: 3_600_000 }],
  [401, 20003, { outcome: 'retry', reason: 'sms_account_refused' }],
  [403, 20003, { outcome: 'retry', reason: 'sms_account_refused' }],
  [403, 12345, { outcome: 'retry', reason: 'sms_account_refused' }],
  [400, 21606, { outcome: 'permanent', reason: 'sender_refused', suppress: false }],
  [400, 12345, { outcome: 'permanent', reason: 'rejected', suppress: false }],
  [500, 20500, { outcome: 'unknown', reason: 'unclear_answer' }],
  [503, 20503, { outcome: 'unknown', reason: 'unclear_answer' }],
  [500, 21610, { outcome: 'unknown' }],
])('HTTP %i with code %i', async (status, code, expected) => {
  const { result, requests } = await sendTo((_request, response) => json(response, status, { code, status, message: 'no' }));
  expect(result).toMatchObject(expected);
  expect(requests).toHaveLength(1);
});

test.each<[string | undefined, number]>([['7', 7_000], ['0', 1_000], [undefined, 30_000], ['soon', 30_000], ['Wed, 21 Oct 2026 07:28:00 GMT', 30_000], ['999999', 3_600_000]])(
  '429 with Retry-After %s may be asked again after %i ms, and was asked once',
  async (retryAfter, retryAfterMs) => {
    const { result, requests } = await sendTo((_request, response) => json(response, 429, { code: 20429, message: 'Too Many Requests' }, retryAfter === undefined ? {} : { 'retry-after': retryAfter }));
    expect(result).toMatchObject({ outcome: 'retry', reason: 'rate_limited', retryAfterMs });
    expect(requests).toHaveLength(1);
  },
);

test('a 429 of a gateway, without the vendor\'s words, is safe as well', async () => {
  const { result } = await sendTo((_request, response) => void response.writeHead(429, { 'retry-after': '3' }).end('slow down'));
  expect(result).toMatchObject({ outcome: 'retry', reason: 'rate_limited', retryAfterMs: 3_000 });
});

test('a message that is born failed is no hand-off: no callback would follow', async () => {
  expect((await sendTo((_request, response) => json(response, 201, { ...CREATED, status: 'failed', error_code: 30007 }))).result).toMatchObject({ outcome: 'permanent', reason: 'filtered' });
});

test.each(['+15005550010', '15005550010', '+1 (500) 555-0010', '500.555.0010', '5005550010'])('no outcome repeats the number, even if the vendor does: %s', async (written) => {
  const { result } = await sendTo((_request, response) => json(response, 400, { code: 21211, message: `The 'To' number ${written} of ben@friends.example is not valid. Line 21211` }));
  expect(result).toMatchObject({ detail: 'HTTP 400, code 21211: The \'To\' number … of … is not valid. Line 21211' });
});

test.each<[string, Partial<TwilioOptions>, RegExp]>([
  ['a wrong account', { accountSid: 'AC1' }, /account sid cannot be used/],
  ['a key that is none', { apiKey: { sid: 'SK1', secret: 'topsecret' } }, /API key cannot be used/],
  ['no secret', { authToken: '' }, /auth token or an API key/],
  ['a callback without a scheme', { statusCallbackUrl: 'go.example.com/sms' }, /status callback URL cannot be used/],
  ['a callback with a query', { statusCallbackUrl: 'https://go.example.com/sms?a=b' }, /status callback URL cannot be used/],
  ['a base URL of another kind', { baseUrl: 'ftp://api.example.com' }, /base URL of Twilio cannot be used/],
])('%s is refused at start, in words that help and do not leak', (_what, options, why) => {
  const make = (): unknown => twilioTransport({ accountSid: ACCOUNT, authToken: 'topsecret', sender: { from: '+15005550006' }, statusCallbackUrl: 'https://go.example.com/sms', ...options });
  expect(make).toThrow(why);
  expect(make).not.toThrow(/topsecret/);
});

test('a code we do not know has no verdict of ours', () => {
  expect(verdictOn(99_999)).toBeNull();
  expect(verdictOn(0)).toBeNull();
});
