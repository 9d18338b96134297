import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { isSignedByTwilio, readForm } from '../../src/providers/sms/twilio-signature.ts';
import type { SignedRequest } from '../../src/providers/sms/twilio-signature.ts';

const TOKEN = '12345';
const FORM = 'application/x-www-form-urlencoded';
const URL_IN_DOCS = 'https://mycompany.com/myapp.php?foo=1&bar=2';

function signed(changes: Partial<SignedRequest> = {}): SignedRequest {
  const rawBody = 'From=%2B14158675309&Caller=%2B14158675309';
  return { url: URL_IN_DOCS, signature: ownSignature(TOKEN, URL_IN_DOCS, rawBody), contentType: FORM, rawBody, ...changes };
}

/** The vendor's description, written a second time. */
function ownSignature(token: string, url: string, rawBody: string): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of new URLSearchParams(rawBody)) values.set(name, (values.get(name) ?? new Set()).add(value));
  const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, all]) => [...all].sort().map((value) => name + value).join(''));
  return createHmac('sha1', token).update(url + sorted.join(''), 'utf8').digest('base64');
}

const CALL = 'To=%2B18005551212&CallSid=CA1234567890ABCDE&Digits=1234&From=%2B12349013030&Caller=%2B12349013030';
const JSON_BODY = '{"property": "value", "boolean": true}';
const JSON_URL = `${URL_IN_DOCS}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620`;

test.each<[string, SignedRequest]>([
  ['the call of its libraries\' tests', signed({ signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', rawBody: CALL.replaceAll('2349013030', '4158675309') })],
  ['the call of the security guide', signed({ signature: '0/KCTR6DLpKmkAf8muzZqo1nDgQ=', rawBody: CALL })],
  ['the JSON body of its libraries\' tests', signed({ signature: 'a9nBmqA0ju/hNViExpshrM61xv4=', url: JSON_URL, contentType: 'application/json', rawBody: JSON_BODY })],
])('the vendor\'s own vector passes: %s', (_what, request) => {
  expect(isSignedByTwilio(TOKEN, request)).toBe(true);
});

describe('the vendor may sign the URL with its port or without, whichever we know', () => {
  test.each([
    ['https://example.com:443/path?a=b', 'https://example.com/path?a=b'],
    ['https://example.com/path?a=b', 'https://example.com:443/path?a=b'],
    ['https://example.com:443/path', 'https://example.com:443/path'],
    ['https://example.com/path', 'https://example.com:8443/path'],
    ['http://example.com:80/path', 'http://example.com/path'],
    ['https://example.com/path?a=b\'c', 'https://example.com/path?a=b\'c'],
    ['https://example.com/path?a=b\'c', 'https://example.com/path?a=b%27c'],
  ])('signed %s, known %s', (theirs, ours) => {
    expect(isSignedByTwilio(TOKEN, signed({ url: ours, signature: ownSignature(TOKEN, theirs, 'a=b'), rawBody: 'a=b' }))).toBe(true);
  });
});

describe('what the vendor did not sign is refused', () => {
  const empty = createHmac('sha1', '').update(URL_IN_DOCS).digest('base64');
  test.each<[string, SignedRequest, string?]>([
    ['no signature', signed({ signature: undefined })],
    ['an empty one', signed({ signature: '' })],
    ['half of one', signed({ signature: signed().signature?.slice(0, 20) })],
    ['one with something behind it', signed({ signature: `${signed().signature ?? ''}=` })],
    ['another token\'s', signed({ signature: ownSignature('54321', URL_IN_DOCS, signed().rawBody) })],
    ['an empty token of ours', signed({ signature: empty, rawBody: '' }), ''],
    ['a changed value', signed({ rawBody: 'From=%2B14158675300&Caller=%2B14158675309' })],
    ['a value more', signed({ rawBody: `${signed().rawBody}&Body=STOP` })],
    ['a value less', signed({ rawBody: 'From=%2B14158675309' })],
    ['another path', signed({ url: 'https://mycompany.com/other?foo=1&bar=2' })],
    ['another query', signed({ url: 'https://mycompany.com/myapp.php?foo=1&bar=3' })],
    ['another host', signed({ url: 'https://evil.example/myapp.php?foo=1&bar=2' })],
    ['plain http', signed({ url: 'http://mycompany.com/myapp.php?foo=1&bar=2' })],
    ['what is no URL', signed({ url: 'mycompany.com' })],
    ['a changed JSON body', signed({ signature: 'a9nBmqA0ju/hNViExpshrM61xv4=', url: JSON_URL, contentType: 'application/json', rawBody: JSON_BODY.replace('true', 'false') })],
    ['a JSON body whose hash is nowhere', signed({ signature: ownSignature(TOKEN, URL_IN_DOCS, ''), contentType: 'application/json', rawBody: JSON_BODY })],
    ['a JSON body called a form', signed({ signature: 'a9nBmqA0ju/hNViExpshrM61xv4=', url: JSON_URL, rawBody: JSON_BODY })],
    ['a form called JSON', signed({ contentType: 'application/json' })],
  ])('%s', (_what, request, token = TOKEN) => {
    expect(isSignedByTwilio(token, request)).toBe(false);
  });
});

const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const url = fc.tuple(fc.webUrl({ withQueryParameters: true }), fc.constant('')).map(([address]) => address);

test('for any form and any token the package agrees with an HMAC of our own, and a changed value does not pass', () => {
  fc.assert(
    fc.property(word, url, fc.array(fc.tuple(word, word), { maxLength: 6 }), word, (token, address, pairs, extra) => {
      const rawBody = new URLSearchParams(pairs).toString();
      const signature = ownSignature(token, address, rawBody);
      expect(isSignedByTwilio(token, { url: address, signature, contentType: `${FORM}; charset=UTF-8`, rawBody })).toBe(true);
      const more = new URLSearchParams([...pairs, ['Extra', extra]]).toString();
      expect(isSignedByTwilio(token, { url: address, signature, contentType: FORM, rawBody: more })).toBe(false);
    }),
  );
});

test('for any JSON body the hash in the query binds it', () => {
  fc.assert(
    fc.property(fc.json(), (rawBody) => {
      const address = `https://example.com/hook?bodySHA256=${createHash('sha256').update(rawBody).digest('hex')}`;
      const request = { url: address, signature: ownSignature(TOKEN, address, ''), contentType: 'application/json', rawBody };
      expect(isSignedByTwilio(TOKEN, request)).toBe(true);
      expect(isSignedByTwilio(TOKEN, { ...request, rawBody: `${rawBody} ` })).toBe(false);
    }),
  );
});

test('a form keeps every value as it came, under any name', () => {
  const form = readForm('a=+1%20&b=1&b=2&__proto__=x&c=');
  expect(form['a']).toBe(' 1 ');
  expect(form['b']).toEqual(['1', '2']);
  expect(Object.entries(form)).toContainEqual(['__proto__', 'x']);
  expect(form['c']).toBe('');
  expect(Object.getPrototypeOf(form)).toBe(Object.prototype);
});
