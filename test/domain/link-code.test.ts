import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { openKeyring } from '../../src/config/keyring.ts';
import { newId } from '../../src/config/new-id.ts';
import { inviteCode, isAuthentic, isAuthenticVisitor, readCode, shareCode, visitorCode } from '../../src/domain/link/code.ts';
import type { Signer } from '../../src/domain/link/signer.ts';

const keyring = openKeyring(Buffer.alloc(32, 7));
const ROTATED_AT = Date.parse('2026-06-01T00:00:00Z');
const hmac = (secret: string) => (purpose: string, text: string) => createHmac('sha256', secret).update(`${purpose} ${text}`).digest();
const before: Signer = { keyId: '2', sign: hmac('old') };
const after: Signer = { keyId: '3', sign: hmac('new'), earlier: [{ keyId: '2', untilAt: ROTATED_AT, sign: hmac('old') }] };
const fresh = () => shareCode(keyring, randomBytes(16));
const random16 = fc.uint8Array({ minLength: 16, maxLength: 16 });

test('a code has 16 signs: no vowel that could spell a word, no look-alike, short enough to type', () => {
  fc.assert(fc.property(random16, (random) => {
    expect(shareCode(keyring, random)).toMatch(/^[23456789bcdfghjkmnpqrstvwxyz]{16}$/);
  }));
});

test('a code carries more than 40 random bits, spread over its whole alphabet', () => {
  expect(11 * Math.log2(28)).toBeGreaterThan(50);
  const identities = Array.from({ length: 2_000 }, () => fresh().slice(0, 11));
  expect(new Set(identities).size).toBe(2_000);
  for (let place = 0; place < 11; place += 1) expect(new Set(identities.map((code) => code.charAt(place))).size).toBe(28);
});

test('what was signed is authentic, however it was typed', () => {
  fc.assert(fc.property(random16, (random) => {
    const code = shareCode(keyring, random);
    const typed = `${code.slice(0, 4)}-${code.slice(4, 8)} ${code.slice(8)}`.toUpperCase();
    expect(readCode(typed)).toBe(code);
    expect(isAuthentic(keyring, code)).toBe(true);
  }));
});

test('a code with any one sign changed is forged', () => {
  fc.assert(fc.property(random16, fc.nat(15), fc.constantFrom(...'23456789bcdfghjkmnpqrstvwxyz'.split('')), (random, place, sign) => {
    const code = shareCode(keyring, random);
    fc.pre(code.charAt(place) !== sign);
    // Another identity under the same signature passes once in 28^4: too rare for these 100 runs to meet.
    expect(isAuthentic(keyring, code.slice(0, place) + sign + code.slice(place + 1))).toBe(false);
  }), { seed: 4 });
});

test('codes of another deployment are forged here', () => {
  const elsewhere = openKeyring(Buffer.alloc(32, 8));
  expect(isAuthentic(keyring, shareCode(elsewhere, Buffer.alloc(16, 1)))).toBe(false);
});

test.each(['', 'short', 'l'.repeat(16), '0'.repeat(16), 'b'.repeat(17), 'b'.repeat(5_000), 'bbbbbbbbbbbbbbb\0', '../../../../etc/p', 'ｂbbbbbbbbbbbbbbb'])('%j is no code', (typed) => {
  expect(readCode(typed)).toBeNull();
  expect(isAuthentic(keyring, typed)).toBe(false);
});

test('an invite has one code, and no other invite has it', () => {
  const batchId = newId('bat', ROTATED_AT);
  const codes = Array.from({ length: 1_000 }, (_, n) => inviteCode(keyring, { batchId, n }));
  expect(new Set(codes).size).toBe(1_000);
  expect(codes.every((code) => isAuthentic(keyring, code))).toBe(true);
  expect(inviteCode(keyring, { batchId, n: 17 })).toBe(codes[17]);
  expect(inviteCode(keyring, { batchId: newId('bat', ROTATED_AT), n: 17 })).not.toBe(codes[17]);
});

test('after a secret is replaced, codes of before still open', () => {
  const old = shareCode(before, randomBytes(16));
  const now = shareCode(after, randomBytes(16));
  expect([old.charAt(11), now.charAt(11)]).toEqual(['2', '3']);
  expect([isAuthentic(after, old), isAuthentic(after, now), isAuthentic(before, now)]).toEqual([true, true, false]);
});

test('an invite keeps its code when the secret is replaced between its mail and its reminder', () => {
  const early = { batchId: newId('bat', ROTATED_AT - 1), n: 3 };
  const late = { batchId: newId('bat', ROTATED_AT), n: 3 };
  expect(inviteCode(after, early)).toBe(inviteCode(before, early));
  expect(inviteCode(after, late)).not.toBe(inviteCode(before, late));
});

test('of several replaced secrets each invite is derived with the one of its time', () => {
  const twice: Signer = {
    keyId: '4', sign: hmac('newest'),
    earlier: [{ keyId: '3', untilAt: ROTATED_AT + 1_000, sign: hmac('new') }, { keyId: '2', untilAt: ROTATED_AT, sign: hmac('old') }],
  };
  const keyIdAt = (at: number) => inviteCode(twice, { batchId: newId('bat', at), n: 0 }).charAt(11);
  expect([keyIdAt(ROTATED_AT - 1), keyIdAt(ROTATED_AT), keyIdAt(ROTATED_AT + 999), keyIdAt(ROTATED_AT + 1_000)]).toEqual(['2', '3', '3', '4']);
});

test('a visitor id is signed, and is no code of a link', () => {
  const visitor = visitorCode(keyring, randomBytes(16));
  expect([isAuthenticVisitor(keyring, visitor), isAuthentic(keyring, visitor), isAuthenticVisitor(keyring, fresh())]).toEqual([true, false, false]);
});
