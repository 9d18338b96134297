import { smtpTransport } from '../../src/providers/email/smtp.ts';
import { parseSmtpUrl } from '../../src/providers/email/smtp-url.ts';

describe('SMTP_URL', () => {
  test.each([
    ['smtp://mail.example', { host: 'mail.example', port: 587, secure: false, requireTls: false, ignoreTls: false, rejectUnauthorized: true }],
    ['smtp://127.0.0.1:1025', { host: '127.0.0.1', port: 1025, secure: false, requireTls: false, ignoreTls: false, rejectUnauthorized: true }],
    ['smtp://[::1]:2525/', { host: '::1', port: 2525, secure: false, requireTls: false, ignoreTls: false, rejectUnauthorized: true }],
    ['smtps://u%40x.example:p%2Fw%23%25@mail.example', { host: 'mail.example', port: 465, secure: true, auth: { user: 'u@x.example', pass: 'p/w#%' }, requireTls: false, ignoreTls: false, rejectUnauthorized: true }],
    ['smtp://u:p@127.0.0.1:1025', { host: '127.0.0.1', port: 1025, secure: false, auth: { user: 'u', pass: 'p' }, requireTls: false, ignoreTls: false, rejectUnauthorized: true }],
    ['smtp://mail.example?ignoreTLS=true&name=app.example', { host: 'mail.example', port: 587, secure: false, requireTls: false, ignoreTls: true, rejectUnauthorized: true, ehloName: 'app.example' }],
    ['smtp://mail.example?requireTLS=true&tls.rejectUnauthorized=false', { host: 'mail.example', port: 587, secure: false, requireTls: true, ignoreTls: false, rejectUnauthorized: false }],
  ])('%s', (url, address) => {
    expect(parseSmtpUrl(url)).toEqual({ outcome: 'ok', address });
  });

  test('a password never crosses a network in the clear unless the operator says so', () => {
    expect(parseSmtpUrl('smtp://u:p@mail.example')).toMatchObject({ address: { requireTls: true } });
    expect(parseSmtpUrl('smtp://u:p@mail.example?requireTLS=false')).toMatchObject({ address: { requireTls: false } });
    expect(parseSmtpUrl('smtp://u:p@mail.example?ignoreTLS=true')).toMatchObject({ address: { requireTls: false, ignoreTls: true } });
  });

  test.each([
    ['', /not a URL/],
    ['mail.example:587', /starts with mail\.example:/],
    ['https://mail.example', /starts with https:/],
    ['smtp://', /host is missing/],
    ['smtp://mail.example:99999', /not a URL/],
    ['smtp://user@mail.example', /user has no password/],
    ['smtp://:secret@mail.example', /password has no user/],
    ['smtp://user:100%secret@mail.example', /%25/],
    ['smtp://user:sec/ret@mail.example', /not a URL|%2F/],
    ['smtp://user:pw@mail.example/inbox', /%2F/],
    ['smtp://user:pw@mail.example#x', /%23/],
    ['smtp://mail.example?pool=true', /option pool is not known/],
    ['smtp://mail.example?requireTLS=yes', /requireTLS is true or false/],
    ['smtp://mail.example?requireTLS=true&ignoreTLS=true', /contradict/],
    ['smtp://mail.example?name=a b', /host name/],
  ])('%j is refused in words that help and do not leak', (url, why) => {
    const parsed = parseSmtpUrl(url);
    expect(parsed).toMatchObject({ outcome: 'invalid', message: expect.stringMatching(why) });
    expect(JSON.stringify(parsed)).not.toMatch(/secret|sec\/ret/);
    expect(() => smtpTransport({ url })).toThrow(/SMTP URL cannot be used/);
  });
});
