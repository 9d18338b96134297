import fc from 'fast-check';
import Stripe from 'stripe';
import { verifyStripeSignature } from '../../src/providers/billing/stripe-signature.ts';

const NOW = Date.parse('2026-06-10T12:00:00Z');
const SECRET = 'whsec_0123456789abcdefghijklmnopqrstuv';
const OTHER = 'whsec_zyxwvutsrqponmlkjihgfedcba987654';
const PAYLOAD = JSON.stringify({ id: 'evt_1', object: 'event', name: 'Zoë 🪁' });

/** Made by Stripe's own helper for tests. */
const stripes = (more: { payload?: string; secret?: string; timestamp?: number; scheme?: string } = {}): string =>
  Stripe.webhooks.generateTestHeaderString({ payload: PAYLOAD, secret: SECRET, timestamp: NOW / 1_000, ...more });
const verify = (header: string | undefined, more: { body?: string; secrets?: readonly string[]; now?: number } = {}) =>
  verifyStripeSignature({ header, body: Buffer.from(more.body ?? PAYLOAD), secrets: more.secrets ?? [SECRET], now: more.now ?? NOW });
const refused = (reason: string) => ({ outcome: 'refused', reason });
const SIGNED = { outcome: 'signed' };

test('what Stripe\'s own helper signs is believed', () => {
  expect(verify(stripes())).toEqual(SIGNED);
});

test('any body that it signs is believed, and none that was changed in one byte', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.nat(), (payload, place) => {
    const header = stripes({ payload });
    const bytes = Buffer.from(payload);
    const changed = Buffer.from(bytes);
    const at = place % bytes.length;
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(verifyStripeSignature({ header, body: bytes, secrets: [SECRET], now: NOW })).toEqual(SIGNED);
    expect(verifyStripeSignature({ header, body: changed, secrets: [SECRET], now: NOW })).toEqual(refused('altered'));
  }));
});

test('while a secret is rotated, both sides may have two: one that fits will do', () => {
  const both = `${stripes({ secret: OTHER })},${stripes().split(',')[1] ?? ''}`;
  expect(verify(both)).toEqual(SIGNED);
  expect(verify(both, { secrets: [OTHER] })).toEqual(SIGNED);
  expect(verify(stripes(), { secrets: [OTHER, SECRET] })).toEqual(SIGNED);
  expect(verify(stripes(), { secrets: [OTHER] })).toEqual(refused('altered'));
});

test.each<[string, string | undefined, string]>([
  ['no header', undefined, 'no_signature'],
  ['an empty one', '', 'no_signature'],
  ['no time', stripes().split(',')[1], 'no_signature'],
  ['no signature', stripes().split(',')[0], 'no_signature'],
  ['only another scheme', stripes({ scheme: 'v0' }), 'no_signature'],
  ['two times', `t=1,${stripes()}`, 'no_signature'],
  ['a time that is no number', stripes().replace(/^t=\d+/, 't=now'), 'no_signature'],
  ['a signature that is cut', stripes().slice(0, -1), 'no_signature'],
  ['a header without end', `${stripes()},v1=${'0'.repeat(5_000)}`, 'no_signature'],
  ['another secret', stripes({ secret: OTHER }), 'altered'],
  ['another body', stripes({ payload: '{}' }), 'altered'],
  ['another time', stripes().replace(/^t=\d+/, `t=${String(NOW / 1_000 - 1)}`), 'altered'],
  ['the same time, written otherwise', stripes().replace(/^t=/, 't=0'), 'altered'],
  ['capitals', stripes().toUpperCase(), 'no_signature'],
])('%s is refused', (_what, header, reason) => {
  expect(verify(header)).toEqual(refused(reason));
});

test('without a secret nothing is believed, not even what an empty one signs', () => {
  expect(verify(stripes(), { secrets: [] })).toEqual(refused('altered'));
  expect(verify(stripes({ secret: '' }), { secrets: [''] })).toEqual(refused('altered'));
});

test.each([
  [0, SIGNED], [300, SIGNED], [301, refused('stale')], [86_400, refused('stale')], [-300, SIGNED], [-301, refused('stale')],
])('signed %d seconds ago', (seconds, outcome) => {
  expect(verify(stripes(), { now: NOW + seconds * 1_000 })).toEqual(outcome);
});

test('we and Stripe\'s own package agree on what it takes', () => {
  const takes = (header: string, body: string, secret: string): boolean => {
    try {
      Stripe.webhooks.constructEvent(body, header, secret, 300, undefined, NOW);
      return true;
    } catch {
      return false;
    }
  };
  const headers = [stripes(), stripes({ secret: OTHER }), stripes({ timestamp: NOW / 1_000 - 301 }), stripes({ timestamp: NOW / 1_000 - 300 }), stripes({ scheme: 'v0' }), `${stripes({ scheme: 'v0', secret: OTHER })},${stripes().split(',')[1] ?? ''}`];
  for (const header of headers) expect([header, verify(header).outcome === 'signed']).toEqual([header, takes(header, PAYLOAD, SECRET)]);
});
