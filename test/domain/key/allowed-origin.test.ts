import fc from 'fast-check';
import { isAllowedOrigin, isPossibleOrigin, readOrigin } from '../../../src/domain/key/allowed-origin.ts';

test.each([
  ['https://app.example.com', 'https://app.example.com'], ['https://app.example.com/', 'https://app.example.com'], ['HTTPS://App.Example.COM', 'https://app.example.com'],
  ['https://app.example.com:8443', 'https://app.example.com:8443'], ['https://xn--bcher-kva.example', 'https://xn--bcher-kva.example'], ['https://10.0.0.1', 'https://10.0.0.1'],
])('%s is an origin', (typed, origin) => {
  expect(readOrigin(typed)).toBe(origin);
});

test.each([
  '', 'null', '*', 'app.example.com', 'http://app.example.com', 'https://', 'https://*.example.com', 'https://app.example.com/path', 'https://app.example.com?q', 'https://app.example.com#h', 'https://user@app.example.com',
  'https://app.example.com:443', 'https://bücher.example', 'https://app.example.com\\@evil.example', ' https://app.example.com', 'https://app.example.com https://b.example', 'javascript:alert(1)', 'file:///', 'capacitor://localhost',
  `https://${'a'.repeat(300)}.example`,
])('%j is none that a key takes', (typed) => {
  expect(readOrigin(typed)).toBeNull();
});

test('a key\'s origins are compared as a whole, and this machine counts for development alone', () => {
  const list = { allowedOrigins: ['https://app.example.com'], isDevelopment: false };
  expect(isAllowedOrigin('https://app.example.com', list)).toBe(true);
  for (const other of ['https://app.example.com.evil.example', 'https://evilapp.example.com', 'https://app.example.com:444', 'http://app.example.com', 'null', '', 'http://localhost']) expect([other, isAllowedOrigin(other, list)]).toEqual([other, false]);
  const local = { allowedOrigins: [], isDevelopment: true };
  for (const own of ['http://localhost', 'http://localhost:5173', 'http://127.0.0.1:3000', 'http://[::1]:8080']) expect([own, isAllowedOrigin(own, local)]).toEqual([own, true]);
  for (const other of ['http://localhost.evil.example', 'http://127.0.0.2', 'http://localhost:80:80', 'http://localhost/', 'http://localhost:80', 'https://localhost.example', 'http://user@localhost']) expect([other, isAllowedOrigin(other, local)]).toEqual([other, false]);
});

test('what is read is possible, and reading it again changes nothing', () => {
  fc.assert(fc.property(fc.oneof(fc.webUrl(), fc.string(), fc.domain().map((host) => `https://${host}`)), (text) => {
    const origin = readOrigin(text);
    if (origin === null) return;
    expect([readOrigin(origin), isPossibleOrigin(origin), isAllowedOrigin(origin, { allowedOrigins: [origin], isDevelopment: false })]).toEqual([origin, true, true]);
  }));
});
