import fc from 'fast-check';
import { checkDestination } from '../../src/domain/link/check-destination.ts';
import { isServedOn } from '../../src/domain/link/hosts.ts';

const live = { publicUrl: 'https://go.kite.example', allowedDestinations: ['app.kite.example', 'beta.kite.example:8443', 'xn--bcher-kva.example'] };
const here = { publicUrl: 'http://localhost:8080', allowedDestinations: ['localhost', '127.0.0.1', 'app.kite.example', '[::1]'] };
const outcome = (destination: string, rules = live) => checkDestination(destination, rules).outcome;

test.each([
  'https://app.kite.example', 'https://app.kite.example/join?a=1&b=%20#/signup', 'https://APP.kite.example/', 'https://app.kite.example:443/x',
  'https://beta.kite.example:8443/', 'https://xn--bcher-kva.example/', 'https://app.kite.example/grüße', 'https://app.kite.example?next=https://evil.example',
])('a link may lead to %s', (destination) => {
  expect(outcome(destination)).toBe('allowed');
});

test.each([
  ['a script', 'javascript:alert(1)//app.kite.example'], ['data', 'data:text/html,hi'], ['no scheme', '//app.kite.example/'], ['a path', '/join'],
  ['three slashes', 'https:///app.kite.example'], ['one slash', 'https:/app.kite.example'], ['plain http', 'http://app.kite.example/'], ['ftp', 'ftp://app.kite.example/'],
  ['a user', 'https://app.kite.example@evil.example/'], ['a user on an allowed host', 'https://me:pw@app.kite.example/'], ['an empty user', 'https://@app.kite.example/'],
  ['a backslash', 'https://evil.example\\@app.kite.example/'], ['a backslash for a slash', 'https:\\\\app.kite.example/'], ['a backslash in the path', 'https://app.kite.example/a\\b'],
  ['a new line', 'https://app.kite.example/\nLocation: x'], ['a tab in the host', 'https://app.kite\t.example/'], ['a space before', ' https://app.kite.example/'], ['NUL', 'https://app.kite.example/\0'],
  ['another host', 'https://evil.example/'], ['a host that ends alike', 'https://evilapp.kite.example/'], ['a host below', 'https://x.app.kite.example/'], ['the host above', 'https://kite.example/'],
  ['the host as a prefix', 'https://app.kite.example.evil.example/'], ['a dot at the end', 'https://app.kite.example./'], ['another port', 'https://app.kite.example:8443/'], ['no port where one is listed', 'https://beta.kite.example/'],
  ['letters of another script', 'https://аpp.kite.example/'], ['wide letters', 'https://ａpp.kite.example/'], ['an international name unencoded', 'https://bücher.example/'], ['an escaped host', 'https://app%2ekite.example/'],
  ['a soft hyphen', 'https://app\u00ad.kite.example/'], ['no host', 'https://'], ['too long', `https://app.kite.example/${'a'.repeat(2_000)}`], ['nothing', ''],
  ['this machine', 'http://localhost:3000/'], ['this machine by https', 'https://localhost/'],
])('a link may not lead to %s', (_what, destination) => {
  expect(outcome(destination)).toBe('refused');
});

test('in development a link may lead to any port of this machine, by http too', () => {
  for (const destination of ['http://localhost:3000/', 'http://127.0.0.1:4000/x', 'http://[::1]:5000/', 'https://localhost/', 'https://app.kite.example/']) expect(outcome(destination, here)).toBe('allowed');
});

test('in development no more is allowed than is listed: another machine by http, another name or number of this one', () => {
  for (const destination of ['http://app.kite.example/', 'http://127.0.0.2/', 'http://2130706433/', 'http://0x7f.1/', 'http://demo.localhost/']) expect(outcome(destination, here)).toBe('refused');
});

test('whatever is allowed has a listed host for every reader of URLs', () => {
  const parts = fc.constantFrom('https:', '//', '/', '\\', '@', ':', '?', '#', '.', 'app.kite.example', 'evil.example', '443', '%2f', '\t', 'a', '[', ']', '。', '\u200b');
  fc.assert(fc.property(fc.array(parts, { minLength: 2, maxLength: 9 }), (pieces) => {
    const destination = `https://${pieces.join('')}`;
    const checked = checkDestination(destination, live);
    if (checked.outcome === 'refused') return;
    expect(new URL(checked.href).hostname).toBe('app.kite.example');
    expect(destination).toMatch(/^https:\/\/app\.kite\.example(:443)?([/?#]|$)/);
  }), { numRuns: 3_000 });
});

test('a refusal says what to do and repeats nothing of the destination', () => {
  const checked = checkDestination('https://evil.example/?token=secret', live);
  expect(checked).toEqual({ outcome: 'refused', say: expect.stringContaining('app.kite.example') });
  expect(JSON.stringify(checked)).not.toMatch(/evil|secret/);
});

describe('a link opens on its tenant\'s hosts only', () => {
  const tenant = { publicUrl: 'https://go.kite.example', linkHosts: ['kite.example', 'k.example:8443'] };
  test.each(['go.kite.example', 'GO.kite.example', 'go.kite.example:8080', 'kite.example', 'k.example'])('%s', (host) => {
    expect(isServedOn(host, tenant)).toBe(true);
  });
  test.each(['', 'evil.example', 'x.go.kite.example', 'go.kite.example.evil.example', 'localhost', 'go.kite.example@evil.example', 'evil.example/go.kite.example', '%'])('not on %j', (host) => {
    expect(isServedOn(host, tenant)).toBe(false);
  });
  test('all names of this machine are one', () => {
    const local = { publicUrl: 'http://localhost:8080', linkHosts: [] };
    expect(['localhost', '127.0.0.1', '[::1]', '10.0.0.1'].map((host) => isServedOn(host, local))).toEqual([true, true, true, false]);
  });
});
