import { createHmac } from 'node:crypto';
import { makeId } from '../../src/domain/ids.ts';
import { PAGE_TOKEN_LIVES_MS, readLandingToken, writeLandingToken } from '../../src/domain/landing/page-token.ts';
import type { SignedPurpose, Signer } from '../../src/domain/link/signer.ts';

const NOW = Date.parse('2026-06-10T12:00:00Z');
const by = (secret: string) => (purpose: SignedPurpose, text: string): Uint8Array => createHmac('sha256', secret).update(`${purpose} ${text}`).digest();
const signer: Signer = { sign: by('one') };
const visit = { tenantId: makeId('tnt', NOW, new Uint8Array(10).fill(1)), code: '23456789bcd2fghj', touchId: makeId('tch', NOW, new Uint8Array(10).fill(2)) };
const token = writeLandingToken(signer, visit, NOW);

test('says which visit it was made for, until its end', () => {
  expect(readLandingToken(signer, visit.code, token, NOW)).toEqual({ kind: 'good', ...visit });
  expect(readLandingToken(signer, visit.code, token, NOW + PAGE_TOKEN_LIVES_MS - 1).kind).toBe('good');
  expect(readLandingToken(signer, visit.code, token, NOW + PAGE_TOKEN_LIVES_MS).kind).toBe('stale');
});

test('is forged where any one character is another, or the link is', () => {
  for (let at = 0; at < token.length; at += 1) {
    const other = `${token.slice(0, at)}${token[at] === 'b' ? 'c' : 'b'}${token.slice(at + 1)}`;
    expect([at, readLandingToken(signer, visit.code, other, NOW).kind]).toEqual([at, 'forged']);
  }
  expect(readLandingToken(signer, '23456789bcd2fghk', token, NOW).kind).toBe('forged');
  for (const given of ['', '.', 'x'.repeat(10_000), token.slice(0, -1), `${token}A`]) expect(readLandingToken(signer, visit.code, given, NOW).kind).toBe('forged');
});

test('of a secret that was replaced is still good; of one that is unknown it is forged', () => {
  const rotated: Signer = { keyId: '3', sign: by('two'), earlier: [{ keyId: '2', untilAt: NOW, sign: by('one') }] };
  expect(readLandingToken(rotated, visit.code, token, NOW + 1).kind).toBe('good');
  expect(readLandingToken({ keyId: '3', sign: by('two') }, visit.code, token, NOW).kind).toBe('forged');
  expect(readLandingToken({ sign: by('another') }, visit.code, token, NOW).kind).toBe('forged');
});
