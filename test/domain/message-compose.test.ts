import { composeEmail } from '../../src/domain/message/compose.ts';
import type { ComposeInput } from '../../src/domain/message/compose.ts';
import { renderInvite } from '../../src/domain/message/render-invite.ts';
import type { OutgoingMessage } from '../../src/providers/transport.ts';
import { sampleContext } from './message-sample.ts';

function input(changes: Partial<ComposeInput> = {}): ComposeInput {
  const context = sampleContext();
  return {
    messageKey: 'inv_01k.0',
    rendered: renderInvite(context),
    from: { address: 'hello@lumen.example' },
    replyTo: { address: 'help@lumen.example' },
    to: { name: 'Ben', address: 'ben@friends.example' },
    unsubscribeUrl: context.unsubscribeUrl,
    ...changes,
  };
}

test('an envelope the transport takes: our id, the tenant\'s own address, the one-click pair of RFC 8058', () => {
  const message: OutgoingMessage = composeEmail(input());
  expect(message).toMatchObject({
    messageId: '<inv_01k.0@lumen.example>',
    from: { name: 'Ana via Lumen', address: 'hello@lumen.example' },
    replyTo: { address: 'help@lumen.example' },
    to: { name: 'Ben', address: 'ben@friends.example' },
    subject: 'Ana wants to share Lumen with you',
    headers: {
      'List-Unsubscribe': '<https://go.lumen.example/u/t0k3n-t0k3n-t0k3n-t0k3n>',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Auto-Submitted': 'auto-generated',
    },
  });
});

test('the same message composed again is the same message', () => {
  expect(composeEmail(input())).toEqual(composeEmail(input()));
});

test('names are optional and clean', () => {
  expect(composeEmail(input({ to: { name: ' \r\n', address: 'ben@friends.example' }, replyTo: null })).to).toEqual({ address: 'ben@friends.example' });
  expect(composeEmail(input({ to: { name: 'B\r\nen\u202e', address: 'ben@friends.example' } })).to.name).toBe('B en');
});

test.each<[string, Partial<ComposeInput>]>([
  ['a key with a space', { messageKey: 'a b' }],
  ['a key with an address', { messageKey: 'ben@friends.example' }],
  ['a key with a line break', { messageKey: 'a\r\nb' }],
  ['an unsubscribe address with a line break', { unsubscribeUrl: 'https://x.example/u\r\nBcc: a@b' }],
  ['an unsubscribe address with a bracket', { unsubscribeUrl: 'https://x.example/u>' }],
  ['an unsubscribe address that is no web address', { unsubscribeUrl: 'mailto:a@b.example' }],
])('%s is refused', (_name, changes) => {
  expect(() => composeEmail(input(changes))).toThrow();
});
