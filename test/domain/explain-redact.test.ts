import fc from 'fast-check';
import { redactId, redactInputs, redactText } from '../../src/domain/explain/redact.ts';
import { INVITE } from './explain-sample.ts';

test.each([
  ['ask maya@one.example today', 'ask … today'],
  ['550 5.1.1 <maya+tag@one.example>: unknown', '550 5.1.1 <…>: unknown'],
  ['from 203.0.113.77:25 and 2001:db8:1::77', 'from …:25 and …'],
  ['call +49 151 23456789', 'call …'],
  ['hash 00112233445566778899aabbccddeeff', 'hash …'],
])('%s is blotted out', (text, told) => {
  expect(redactText(text)).toBe(told);
});

test.each([
  'Waits for "waking hours" (08:00-21:00) in Asia/Tokyo: opens Thu 11 June 08:00.', '2026-06-10T23:00:00.000Z', INVITE, '250 2.0.0 Ok: queued as 4XyZ1', 'version 12', '+05:00', 'a decade', 'Europe/Paris',
])('%s stays as it is', (text) => {
  expect(redactText(text)).toBe(text);
});

test('an id somebody else made up may be a digest, but not an address', () => {
  expect(redactId('00112233445566778899aabbccddeeff')).toBe('00112233445566778899aabbccddeeff');
  expect(redactId('signup-maya@one.example')).toBe('…');
});

test('a field that is personal by its name keeps only that it was there, however deep', () => {
  expect(redactInputs({ email: 'x', name: 'Maya', firstName: 'Maya', recipientHash: 'abc', ip: '::1', externalId: 'u-1', a: [{ phone: 7, zones: ['Asia/Tokyo'] }], zoneSource: 'address', memberId: null }))
    .toEqual({ email: '…', name: '…', firstName: '…', recipientHash: '…', ip: '…', externalId: '…', a: [{ phone: '…', zones: ['Asia/Tokyo'] }], zoneSource: 'address', memberId: null });
});

test('no mailbox, address of a network or long digest gets through, wherever it stands in words or inputs', () => {
  const personal = fc.oneof(fc.emailAddress(), fc.ipV4(), fc.ipV6().filter((address) => address.length > 3), fc.uint8Array({ minLength: 16, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex')));
  fc.assert(fc.property(personal, fc.constantFrom(' ', '"', '<', '(', ', '), fc.constantFrom(' ', '"', '>', ')', ', '), (secret, before, after) => {
    const text = `to${before}${secret}${after}end`;
    expect(redactText(text)).not.toContain(secret);
    expect(JSON.stringify(redactInputs({ rule: text, [text]: 1, list: [{ deep: text }] }))).not.toContain(secret);
  }), { seed: -1678460674, numRuns: 2000 });
});

test('what is nested beyond reason, or holds nothing of anybody, neither breaks nor leaks', () => {
  let nested: unknown = 'maya@one.example';
  for (let i = 0; i < 50; i += 1) nested = { inner: nested };
  expect(JSON.stringify(redactInputs({ nested }))).not.toContain('maya');
  expect(redactInputs({ figure: 3, yes: true, nothing: null })).toEqual({ figure: 3, yes: true, nothing: null });
});
