import type { OutgoingMessage } from '../../src/providers/transport.ts';

export function sampleMessage(changes: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    messageId: '<msg-1@lumen.example>',
    from: { name: 'Ana via Lumen', address: 'hello@lumen.example' },
    to: { name: 'Ben', address: 'ben@friends.example' },
    subject: 'Ana invites you to Lumen',
    text: 'Hello Ben.\n',
    html: '<p>Hello Ben.</p>',
    headers: {},
    ...changes,
  };
}
