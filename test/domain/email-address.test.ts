import fc from 'fast-check';
import { EMAIL_PROBLEMS, parseEmailAddress } from '../../src/domain/contact/email-address.ts';

describe('an address as typed, and the mailbox it reaches', () => {
  test.each([
    ['ben@friends.example', 'ben@friends.example', 'ben@friends.example'],
    ['  Ben@Friends.EXAMPLE\n', 'Ben@friends.example', 'ben@friends.example'],
    ['Be.N+x@Gmail.com', 'Be.N+x@gmail.com', 'ben@gmail.com'],
    ['be.n@googlemail.com', 'be.n@googlemail.com', 'ben@gmail.com'],
    ['+x@gmail.com', '+x@gmail.com', '+x@gmail.com'],
    ['Be.N+x@outlook.com', 'Be.N+x@outlook.com', 'be.n@outlook.com'],
    ['ben+x@hotmail.co.uk', 'ben+x@hotmail.co.uk', 'ben@hotmail.co.uk'],
    ['ben+x@live.com.au', 'ben+x@live.com.au', 'ben@live.com.au'],
    ['ben+x@msn.com', 'ben+x@msn.com', 'ben@msn.com'],
    ['b.en+x@icloud.com', 'b.en+x@icloud.com', 'b.en@icloud.com'],
    ['ben+x@me.com', 'ben+x@me.com', 'ben@me.com'],
    ['ben+x@friends.example', 'ben+x@friends.example', 'ben+x@friends.example'],
    ['ben+x@gmail.com.evil.example', 'ben+x@gmail.com.evil.example', 'ben+x@gmail.com.evil.example'],
    ['ben+x@myoutlook.com', 'ben+x@myoutlook.com', 'ben+x@myoutlook.com'],
    ["o'brien@friends.example", "o'brien@friends.example", "o'brien@friends.example"],
    ['!#$%&*+-/=?^_{|}~@friends.example', '!#$%&*+-/=?^_{|}~@friends.example', '!#$%&*+-/=?^_{|}~@friends.example'],
    ['ben@Bücher.example', 'ben@xn--bcher-kva.example', 'ben@xn--bcher-kva.example'],
    ['ben@例え.テスト', 'ben@xn--r8jz45g.xn--zckzah', 'ben@xn--r8jz45g.xn--zckzah'],
    ['ben@xn--bcher-kva.example', 'ben@xn--bcher-kva.example', 'ben@xn--bcher-kva.example'],
    ['ben@ｆriends。example', 'ben@friends.example', 'ben@friends.example'],
    ['ben@a-b.c-d.example', 'ben@a-b.c-d.example', 'ben@a-b.c-d.example'],
    [`${'a'.repeat(64)}@friends.example`, `${'a'.repeat(64)}@friends.example`, `${'a'.repeat(64)}@friends.example`],
  ])('%j', (raw, address, mailbox) => {
    expect(parseEmailAddress(raw)).toMatchObject({ outcome: 'ok', address, mailbox });
  });
});

describe('what is not one plain address is refused with the reason', () => {
  test.each([
    ['', 'empty'],
    [' \t', 'empty'],
    ['ben', 'not_one_at'],
    ['@friends.example', 'local_part'],
    ['ben@', 'domain'],
    ['ben@a@friends.example', 'not_one_at'],
    ['ben@friends.example, evil@x.example', 'stray_character'],
    ['ben@friends.example;evil@x.example', 'stray_character'],
    ['Ben <ben@friends.example>', 'stray_character'],
    ['<ben@friends.example>', 'stray_character'],
    ['"ben"@friends.example', 'stray_character'],
    ['"b@n"@friends.example', 'stray_character'],
    ['ben (home)@friends.example', 'stray_character'],
    ['@relay.example:ben@friends.example', 'stray_character'],
    ['ben@friends.example\r\nBcc: x', 'stray_character'],
    ['be\0n@friends.example', 'stray_character'],
    ['be\u200bn@friends.example', 'stray_character'],
    ['ben\u202e@friends.example', 'stray_character'],
    ['ben@friends.exa mple', 'stray_character'],
    ['ben\\@friends.example', 'stray_character'],
    ['.ben@friends.example', 'local_part'],
    ['ben.@friends.example', 'local_part'],
    ['b..en@friends.example', 'local_part'],
    ['bén@friends.example', 'non_ascii_local_part'],
    ['бен@friends.example', 'non_ascii_local_part'],
    ['ben@localhost', 'domain_without_dot'],
    ['ben@127.0.0.1', 'domain'],
    ['ben@1.2', 'domain'],
    ['ben@[127.0.0.1]', 'stray_character'],
    ['ben@friends..example', 'domain'],
    ['ben@.example', 'domain'],
    ['ben@friends.example.', 'domain'],
    ['ben@-friends.example', 'domain'],
    ['ben@friends-.example', 'domain'],
    ['ben@fri_ends.example', 'domain'],
    ['ben@friends.example/x', 'domain'],
    ['ben@friends.example?x', 'domain'],
    ['ben@fr%69ends.example', 'domain'],
    ["ben@fri'ends.example", 'stray_character'],
    ['ben@xn--a.example', 'domain'],
    [`ben@${'a'.repeat(64)}.example`, 'domain'],
    [`${'a'.repeat(65)}@friends.example`, 'too_long'],
    [`${'a'.repeat(60)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(20)}.example`, 'too_long'],
    [`${'a'.repeat(2_000_000)}@friends.example`, 'not_one_at'],
  ])('%.60j', (raw, reason) => {
    expect(parseEmailAddress(raw)).toEqual({ outcome: 'invalid', reason });
  });

  test('each reason is a sentence to act on', () => {
    for (const sentence of Object.values(EMAIL_PROBLEMS)) expect(sentence).toMatch(/^The .+\.$|^Letters .+\.$/);
  });
});

describe('for any input', () => {
  test('what is accepted has one @, no separator or control character, and parses to itself', () => {
    const any = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.emailAddress(), fc.tuple(fc.emailAddress(), fc.string({ maxLength: 5 })).map(([a, b]) => a + b));
    fc.assert(
      fc.property(any, (raw) => {
        const parsed = parseEmailAddress(raw);
        if (parsed.outcome === 'invalid') return;
        expect(parsed.address).toMatch(/^[^\s@,;<>()"\\]{1,64}@[a-z0-9.-]+$/);
        expect(parseEmailAddress(parsed.address)).toEqual(parsed);
        expect(parseEmailAddress(parsed.mailbox)).toMatchObject({ outcome: 'ok', mailbox: parsed.mailbox });
      }),
      { seed: 3, numRuns: 3000 },
    );
  });
});
