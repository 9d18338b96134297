import { Webhook } from 'standardwebhooks';
import { isFromFlywheel } from '../../examples/tutoring/webhook-signature.ts';

/** The ten lines that the tutoring app shows for copying, against the specification's own library. */
const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const AT = Date.parse('2026-06-10T12:00:00Z') / 1000;
const BODY = '{"type":"reward.released","data":{"unit":"Größe"}}';
const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(AT), 'webhook-signature': new Webhook(SECRET).sign('msg_1', new Date(AT * 1000), BODY) };
const isGood = (changed: Record<string, string> = {}, body = BODY, now = AT): boolean => isFromFlywheel(SECRET, { ...headers, ...changed }, Buffer.from(body), now);

test('what the library signed is taken, also beside the signature of another secret, for five minutes', () => {
  expect([isGood(), isGood({ 'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')} ${headers['webhook-signature']}` }), isGood({}, BODY, AT + 300), isGood({}, BODY, AT - 300)]).toEqual([true, true, true, true]);
});

test.each<[string, Record<string, string>, string, number]>([
  ['another body', {}, BODY.replace('released', 'voided'), AT],
  ['another id', { 'webhook-id': 'msg_2' }, BODY, AT],
  ['another time', { 'webhook-timestamp': String(AT + 1) }, BODY, AT],
  ['too old', {}, BODY, AT + 301],
  ['from the future', {}, BODY, AT - 301],
  ['no time', { 'webhook-timestamp': 'now' }, BODY, AT],
  ['no signature', { 'webhook-signature': '' }, BODY, AT],
  ['another version', { 'webhook-signature': headers['webhook-signature'].replace('v1,', 'v2,') }, BODY, AT],
  ['a short signature', { 'webhook-signature': 'v1,AAAA' }, BODY, AT],
])('%s is not', (_what, changed, body, now) => {
  expect(isGood(changed, body, now)).toBe(false);
});
