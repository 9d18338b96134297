import { EnvError, readEnv } from '../../src/config/env.ts';
import { SMS_VARIABLES, smsSettings } from '../../src/config/sms-settings.ts';

const WHOLE = { TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`, TWILIO_AUTH_TOKEN: 'token', TWILIO_FROM: '+15005550006', TWILIO_WEBHOOK_URL: 'https://flywheel.example/' };
const KEY = { TWILIO_API_KEY: `SK${'2'.repeat(32)}`, TWILIO_API_SECRET: 'secret' };
const read = (source: Record<string, string | undefined>) => smsSettings(readEnv(SMS_VARIABLES, source));

test('without any of the variables SMS is off, whatever the number of connections', () => {
  expect(read({})).toEqual({ kind: 'off' });
  expect(read({ SMS_CONNECTIONS: '3' })).toEqual({ kind: 'off' });
});

test('a whole set is a vendor, with a number or a messaging service, with the token or an API key', () => {
  expect(read(WHOLE)).toEqual({
    kind: 'twilio', accountSid: WHOLE.TWILIO_ACCOUNT_SID, authToken: 'token', apiKey: null, sender: { from: '+15005550006' },
    webhookUrl: 'https://flywheel.example', baseUrl: undefined, connections: 10,
  });
  const service = `MG${'3'.repeat(32)}`;
  expect(read({ ...WHOLE, ...KEY, TWILIO_FROM: undefined, TWILIO_MESSAGING_SERVICE_SID: service, TWILIO_BASE_URL: 'http://127.0.0.1:8026', SMS_CONNECTIONS: '3' })).toMatchObject({
    apiKey: { sid: KEY.TWILIO_API_KEY, secret: 'secret' }, sender: { messagingServiceSid: service }, baseUrl: 'http://127.0.0.1:8026', connections: 3,
  });
});

test.each<[string, Record<string, string | undefined>, RegExp]>([
  ['an account alone', { TWILIO_ACCOUNT_SID: WHOLE.TWILIO_ACCOUNT_SID }, /TWILIO_AUTH_TOKEN is not set.*\n.*TWILIO_FROM is not set.*\n.*TWILIO_WEBHOOK_URL is not set/],
  ['no account', { ...WHOLE, TWILIO_ACCOUNT_SID: undefined }, /^TWILIO_ACCOUNT_SID is not set/],
  ['no token', { ...WHOLE, TWILIO_AUTH_TOKEN: undefined }, /^TWILIO_AUTH_TOKEN is not set/],
  ['an API key in place of the token', { ...WHOLE, ...KEY, TWILIO_AUTH_TOKEN: undefined }, /^TWILIO_AUTH_TOKEN is not set/],
  ['no sender', { ...WHOLE, TWILIO_FROM: '' }, /^TWILIO_FROM is not set/],
  ['two senders', { ...WHOLE, TWILIO_MESSAGING_SERVICE_SID: `MG${'3'.repeat(32)}` }, /both set/],
  ['no address for webhooks', { ...WHOLE, TWILIO_WEBHOOK_URL: undefined }, /^TWILIO_WEBHOOK_URL is not set/],
  ['half an API key', { ...WHOLE, TWILIO_API_KEY: KEY.TWILIO_API_KEY }, /^TWILIO_API_KEY and TWILIO_API_SECRET go together/],
  ['a malformed account', { ...WHOLE, TWILIO_ACCOUNT_SID: 'AC1' }, /^TWILIO_ACCOUNT_SID must be AC/],
  ['an address with a query', { ...WHOLE, TWILIO_WEBHOOK_URL: 'https://flywheel.example/?a=1' }, /^TWILIO_WEBHOOK_URL must be/],
])('%s is a plain message at start, without a value', (_what, source, says) => {
  expect(() => read(source)).toThrow(EnvError);
  expect(() => read(source)).toThrow(says);
  try {
    read(source);
  } catch (error) {
    expect(String(error)).not.toMatch(/\btoken\b(?! is| and)|5005550006|1{32}/);
  }
});
