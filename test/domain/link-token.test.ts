import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { openKeyring } from '../../src/config/keyring.ts';
import { newId } from '../../src/config/new-id.ts';
import type { Signer } from '../../src/domain/link/signer.ts';
import { preferenceToken, readPreferenceToken } from '../../src/domain/link/preference-token.ts';
import { readUnsubscribeToken, unsubscribeToken } from '../../src/domain/link/unsubscribe-token.ts';

const keyring = openKeyring(Buffer.alloc(32, 7));
const AT = Date.parse('2026-06-01T00:00:00Z');
const invite = { tenantId: newId('tnt', AT), batchId: newId('bat', AT), n: 999 };

test('a token stands for its tenant, invite and channel', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 999 }), (n) => {
    expect(readUnsubscribeToken(keyring, unsubscribeToken(keyring, { ...invite, n }))).toEqual({ ...invite, n, channel: 'email' });
  }));
});

test('a token is the same every time, goes into an address as it is, and survives a change of case', () => {
  const token = unsubscribeToken(keyring, invite);
  expect(unsubscribeToken(keyring, invite)).toBe(token);
  expect(token).toMatch(/^[0-9a-z]{83}$/);
  expect(readUnsubscribeToken(keyring, token.toUpperCase())).toEqual({ ...invite, channel: 'email' });
});

test('a token with any one sign changed opts nobody out', () => {
  const token = unsubscribeToken(keyring, invite);
  for (let place = 0; place < token.length; place += 1) {
    const changed = token.slice(0, place) + (token.charAt(place) === '3' ? '4' : '3') + token.slice(place + 1);
    expect(readUnsubscribeToken(keyring, changed)).toBeNull();
  }
});

test.each(['', 'x', '1', '0'.repeat(83), '1'.repeat(10_000), '\0'.repeat(83), 'İ'.repeat(83)])('%j is no token', (given) => {
  expect(readUnsubscribeToken(keyring, given)).toBeNull();
});

test('a token is cut short or lengthened: refused', () => {
  const token = unsubscribeToken(keyring, invite);
  expect([token.slice(1), token.slice(0, -1), `${token}0`].map((given) => readUnsubscribeToken(keyring, given))).toEqual([null, null, null]);
});

test('after a secret is replaced, the opt-out links of old mails still work', () => {
  const hmac = (secret: string) => (purpose: string, text: string) => createHmac('sha256', secret).update(`${purpose} ${text}`).digest();
  const before: Signer = { keyId: '2', sign: hmac('old') };
  const after: Signer = { keyId: '3', sign: hmac('new'), earlier: [{ keyId: '2', untilAt: AT, sign: hmac('old') }] };
  const old = unsubscribeToken(before, invite);
  expect(readUnsubscribeToken(after, old)).toEqual({ ...invite, channel: 'email' });
  expect(readUnsubscribeToken(before, unsubscribeToken(after, invite))).toBeNull();
});

test('a preference token stands for its tenant and invite, and neither kind of token serves the other\'s end', () => {
  const token = preferenceToken(keyring, invite);
  expect(readPreferenceToken(keyring, token)).toEqual(invite);
  expect(readPreferenceToken(keyring, token.toUpperCase())).toEqual(invite);
  expect(readUnsubscribeToken(keyring, token)).toBeNull();
  expect(readPreferenceToken(keyring, unsubscribeToken(keyring, invite))).toBeNull();
  for (let place = 0; place < token.length; place += 1) {
    expect(readPreferenceToken(keyring, token.slice(0, place) + (token.charAt(place) === '3' ? '4' : '3') + token.slice(place + 1))).toBeNull();
  }
});
