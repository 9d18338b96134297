import { classifyRefusal } from '../../src/providers/email/classify-refusal.ts';
import { vendorWords } from '../../src/providers/email/vendor-words.ts';

describe('a 5xx suppresses an address only when the address is what is wrong', () => {
  test.each<[string, string, string, boolean]>([
    ['RCPT TO', '550 5.1.1 The email account that you tried to reach does not exist', 'mailbox_unavailable', true],
    ['RCPT TO', '550 5.1.2 Bad destination system', 'mailbox_unavailable', true],
    ['RCPT TO', '556 5.1.10 Recipient address has null MX', 'mailbox_unavailable', true],
    ['RCPT TO', '550 5.2.1 Account disabled', 'mailbox_unavailable', true],
    ['DATA', '550-5.1.1 No such user here\n550 5.1.1 see help', 'mailbox_unavailable', true],
    ['RCPT TO', '550 No such user here', 'mailbox_unavailable', true],
    ['RCPT TO', '550 ben: user unknown', 'mailbox_unavailable', true],
    ['RCPT TO', '553 Invalid recipient', 'mailbox_unavailable', true],
    ['RCPT TO', '550 5.7.1 user unknown to our policy', 'recipient_refused', false],
    ['RCPT TO', '550 Mailbox unavailable', 'recipient_refused', false],
    ['RCPT TO', '554 5.7.1 Relay access denied', 'recipient_refused', false],
    ['RCPT TO', '550 Blocked: your account at the sender is unknown to us', 'recipient_refused', false],
    ['RCPT TO', '552 5.2.2 Over quota', 'mailbox_full', false],
    ['RCPT TO', '552 Over quota', 'mailbox_full', false],
    ['DATA', '552 Too large', 'too_large', false],
    ['MAIL FROM', '552 5.3.4 Too large', 'too_large', false],
    ['MAIL FROM', '550 5.1.1 No such user', 'sender_refused', false],
    ['RCPT TO', '550 5.1.8 Sender domain not found', 'sender_refused', false],
    ['DATA', '554 5.7.1 Spam', 'rejected', false],
    ['DATA', '554 Message rejected: address is not verified', 'rejected', false],
    ['DATA', '550 ', 'rejected', false],
  ])('%s: %s', (command, response, reason, suppress) => {
    expect(classifyRefusal(Number(response.slice(0, 3)), response, command, 'd')).toEqual({ outcome: 'permanent', reason, detail: 'd', suppress });
  });

  test('a reply of any size is judged in linear time', () => {
    const started = process.hrtime.bigint();
    classifyRefusal(550, `550 ${'user '.repeat(200_000)}`, 'RCPT TO', '');
    vendorWords('a@'.repeat(500_000));
    vendorWords('a'.repeat(1_000_000));
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(5_000);
  });
});

describe('a vendor\'s words are kept without addresses, on one line, in bounds', () => {
  test.each([
    ['250 2.0.0 Ok: queued as 4F1', '250 2.0.0 Ok: queued as 4F1'],
    ['550 5.1.1 <ben@friends.example>: no such user ben@friends.example', '550 5.1.1 <…>: no such user …'],
    ['550-line one\r\n550 line\ttwo\u0000\u202e', '550-line one 550 line two'],
    ['550 бен@пример.рф unknown', '550 … unknown'],
    ['550 "odd name"@friends.example', '550 "odd name"@friends.example'],
  ])('%j', (raw, kept) => {
    expect(vendorWords(raw)).toBe(kept);
  });

  test('long replies are cut', () => {
    expect(vendorWords('x'.repeat(10_000)).length).toBeLessThanOrEqual(200);
  });
});
