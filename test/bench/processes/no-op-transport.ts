import { Module } from 'node:module';
import type { HandOff, OutgoingMessage, Transport } from '../../../src/providers/transport.ts';

/** Everything the no-op channel was handed, with when (epoch ms), since it was last forgotten. */
export const handed: { messageId: string; to: string; at: number }[] = [];

/** A channel that does nothing: takes each message at once, a hundred side by side. */
function noOpTransport(): Transport {
  return {
    provider: 'no-op',
    channel: 'email',
    wireLimit: 100,
    send({ messageId, to }: OutgoingMessage): Promise<HandOff> {
      handed.push({ messageId, to: to.address, at: performance.timeOrigin + performance.now() });
      return Promise.resolve({ outcome: 'handed_off', providerMessageId: messageId.slice(1, -1), receipt: '250 2.0.0 taken by nobody' });
    },
    verify: () => Promise.resolve({ ok: true }),
    close: () => Promise.resolve(),
  };
}

/**
 * Puts the no-op channel where the worker takes its SMTP transport from, before the worker is loaded: what is measured is
 * the very worker that is shipped, with its pool sizes, permits and slots, but for the one thing that would leave it.
 */
export function replaceSmtp(): void {
  const file = require.resolve('../../../src/providers/email/smtp.ts');
  const replaced = new Module(file);
  replaced.filename = file;
  replaced.loaded = true;
  replaced.exports = { smtpTransport: noOpTransport };
  require.cache[file] = replaced;
}
