import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { makeId } from '../../src/domain/ids.ts';
import { attemptToken, readAttemptToken } from '../../src/domain/link/attempt-token.ts';
import type { AttemptRef } from '../../src/domain/link/attempt-token.ts';
import type { Signer } from '../../src/domain/link/signer.ts';

const signer = (secret: string, keyId = '2'): Signer => ({ keyId, sign: (purpose, text) => createHmac('sha256', secret).update(`${purpose}\0${text}`).digest() });
const ours = signer('ours');
const random = fc.uint8Array({ minLength: 10, maxLength: 10 });
const attempt: fc.Arbitrary<AttemptRef> = fc.record({
  tenantId: random.map((bytes) => makeId('tnt', 1_780_000_000_000, bytes)),
  batchId: random.map((bytes) => makeId('bat', 1_790_000_000_000, bytes)),
  n: fc.integer({ min: 0, max: 999 }),
  step: fc.integer({ min: 0, max: 20 }),
  attemptId: fc.maxSafeNat(),
});

test('what a token was made for is read from it, and it fits into a path', () => {
  fc.assert(fc.property(attempt, (of) => {
    const token = attemptToken(ours, of);
    expect(token).toMatch(/^[0-9a-z]{96}$/);
    expect(readAttemptToken(ours, token)).toEqual(of);
  }));
});

test('one character changed, and it names nothing', () => {
  fc.assert(fc.property(attempt, fc.integer({ min: 0, max: 95 }), fc.constantFrom(...'0123456789abcdefghjkmnpqrstvwxyz'.split('')), (of, place, letter) => {
    const token = attemptToken(ours, of);
    const changed = token.slice(0, place) + letter + token.slice(place + 1);
    fc.pre(changed !== token);
    expect(readAttemptToken(ours, changed)).toBeNull();
  }));
});

const SAMPLE: AttemptRef = { tenantId: makeId('tnt', 1_780_000_000_000, new Uint8Array(10)), batchId: makeId('bat', 1_790_000_000_000, new Uint8Array(10)), n: 7, step: 1, attemptId: 42 };

test('another secret\'s token names nothing; that of a secret in use before still does', () => {
  expect(readAttemptToken(ours, attemptToken(signer('theirs'), SAMPLE))).toBeNull();
  const rotated: Signer = { ...signer('new', '3'), earlier: [{ keyId: '2', untilAt: 1_800_000_000_000, sign: ours.sign }] };
  expect(readAttemptToken(rotated, attemptToken(ours, SAMPLE))).toEqual(SAMPLE);
  expect(readAttemptToken(ours, attemptToken(rotated, SAMPLE))).toBeNull();
});

test.each(['', '1', 'x'.repeat(96), '1'.repeat(96), `${attemptToken(ours, SAMPLE)}a`, attemptToken(ours, SAMPLE).toUpperCase(), attemptToken(ours, SAMPLE).slice(1), '\0'.repeat(96)])('%j is no token', (text) => {
  expect(readAttemptToken(ours, text)).toBeNull();
});

test.each([{ step: 21 }, { step: -1 }, { attemptId: 1.5 }, { attemptId: -1 }, { attemptId: Number.MAX_SAFE_INTEGER + 1 }])('there is no attempt with %j', (change) => {
  expect(() => attemptToken(ours, { ...SAMPLE, ...change })).toThrow('not an attempt');
});
