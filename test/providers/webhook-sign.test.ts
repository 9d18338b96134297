import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { signWebhook, writeSecret } from '../../src/providers/webhook/sign.ts';

/** The specification's own vector, and its reference package as the reader. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const VECTOR = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at: 1_614_265_330_000, body: '{"test": 2432232314}' };
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

const now = Date.parse('2026-06-10T12:00:00.900Z');
const signed = (more: Partial<Parameters<typeof signWebhook>[0]> = {}) => signWebhook({ id: 'msg_1', at: now, body: '{"type":"reward.paid"}', secrets: [SECRET], ...more });

beforeEach(() => { jest.useFakeTimers({ now }); });
afterEach(() => { jest.useRealTimers(); });

test('the published vector is signed as published, its time in seconds', () => {
  expect(signWebhook({ ...VECTOR, secrets: [SECRET] })).toEqual({ 'webhook-id': VECTOR.id, 'webhook-timestamp': '1614265330', 'webhook-signature': SIGNATURE });
});

test('the reference package signs the same and takes what we signed', () => {
  for (const body of ['{}', '{"type":"reward.paid","data":{"unit":"points"}}', '{"a":"ä 💶 \\u0000"}']) {
    const secret = writeSecret(randomBytes(32));
    const headers = signed({ body, secrets: [secret] });
    expect(headers['webhook-signature']).toBe(new Webhook(secret).sign(headers['webhook-id'], new Date(now), body));
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
  }
});

test('while a secret is rotated whoever knows the new or the old one takes it, and nobody else', () => {
  const [fresh, old, other] = [1, 2, 3].map(() => writeSecret(randomBytes(24)));
  const headers = signed({ secrets: [fresh ?? '', old ?? ''] });
  expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
  for (const secret of [fresh, old]) expect(new Webhook(secret ?? '').verify('{"type":"reward.paid"}', headers)).toEqual({ type: 'reward.paid' });
  expect(() => new Webhook(other ?? '').verify('{"type":"reward.paid"}', headers)).toThrow('No matching signature');
});

test('what was altered is not taken: body, id, time', () => {
  const headers = signed();
  const reader = new Webhook(SECRET);
  expect(() => reader.verify('{"type":"reward.void"}', headers)).toThrow('No matching signature');
  expect(() => reader.verify('{"type":"reward.paid"}', { ...headers, 'webhook-id': 'msg_2' })).toThrow('No matching signature');
  expect(() => reader.verify('{"type":"reward.paid"}', { ...headers, 'webhook-timestamp': String(Math.floor(now / 1000) + 1) })).toThrow('No matching signature');
  jest.setSystemTime(now + 301_000);
  expect(() => reader.verify('{"type":"reward.paid"}', headers)).toThrow('too old');
});

test('an id with a full stop, a secret of another form, too short or too long, is a failure', () => {
  expect(() => signed({ id: 'msg_1.2' })).toThrow('full stop');
  expect(() => signed({ secrets: ['secret'] })).toThrow('whsec_');
  expect(() => writeSecret(randomBytes(23))).toThrow('24 to 64');
  expect(() => writeSecret(randomBytes(65))).toThrow('24 to 64');
});
