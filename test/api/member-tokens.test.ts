import fc from 'fast-check';
import { readMemberToken, writeMemberToken } from '../../src/api/member-tokens-text.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import { makeId } from '../../src/domain/ids.ts';

const keyring = openKeyring(new Uint8Array(32).fill(7));
const AT = 1_780_000_000_000;
const tokens = fc.tuple(fc.uint8Array({ minLength: 10, maxLength: 10 }), fc.uint8Array({ minLength: 10, maxLength: 10 }), fc.integer({ min: 1_000_000_000, max: 9_999_999_999 }))
  .map(([a, b, seconds]) => ({ tenantId: makeId('tnt', AT, a), memberId: makeId('mbr', AT, b), expiresAt: seconds * 1000 }));

test('a token is read as it was written, by its own deployment alone', () => {
  fc.assert(fc.property(tokens, (token) => {
    const text = writeMemberToken(keyring, token);
    expect(readMemberToken(keyring, text)).toEqual(token);
    expect(readMemberToken(openKeyring(new Uint8Array(32).fill(8)), text)).toBeNull();
  }));
});

test('no change to any character of a token goes unnoticed, nor does anything before or after it', () => {
  fc.assert(fc.property(tokens, fc.nat(130), fc.constantFrom('0', 'a', 'A', 'z', 'Z', '9', '-', '_', '.', ' '), (token, place, letter) => {
    const text = writeMemberToken(keyring, token);
    const changed = text.slice(0, place) + letter + text.slice(place + 1);
    if (changed !== text) expect(readMemberToken(keyring, changed)).toBeNull();
    for (const more of [`${text}A`, ` ${text}`, `${text}\n`, text.slice(0, -1)]) expect(readMemberToken(keyring, more)).toBeNull();
  }), { numRuns: 500 });
});

test('what one purpose signed opens nothing of another', () => {
  const text = writeMemberToken(keyring, { tenantId: makeId('tnt', AT, new Uint8Array(10)), memberId: makeId('mbr', AT, new Uint8Array(10)), expiresAt: AT });
  const said = text.slice('mt_'.length, text.lastIndexOf('.'));
  for (const purpose of ['link', 'unsubscribe', 'preference', 'attempt'] as const) expect(readMemberToken(keyring, `mt_${said}.${keyring.sign(purpose, said).toString('base64url')}`)).toBeNull();
});
