import { verdictOf } from '../../activities/messages/provider-verdict.ts';
import type { HandOff } from '../../src/providers/transport.ts';

const taken: HandOff = { outcome: 'handed_off', providerMessageId: 'x', receipt: '250 ok' };

test.each<[string, string, HandOff]>([
  ['a message that was taken', 'answered', taken],
  ['no answer after the last byte', 'failed', { outcome: 'unknown', reason: 'no_answer', detail: '' }],
  ['a login that is refused', 'failed', { outcome: 'retry', reason: 'smtp_auth_failed', retryAfterMs: 60_000, detail: '' }],
  ['a vendor that limits us', 'failed', { outcome: 'retry', reason: 'rate_limited', retryAfterMs: 30_000, detail: '' }],
  ['a recipient put off', 'answered', { outcome: 'retry', reason: 'deferred', retryAfterMs: 300_000, detail: '' }],
  ['a refused sender', 'answered', { outcome: 'permanent', reason: 'sender_refused', suppress: false, detail: '' }],
  ['a message we refused ourselves', 'none', { outcome: 'permanent', reason: 'invalid_message', suppress: false, detail: '' }],
  ['a pooled connection that the server had closed', 'none', { outcome: 'retry', reason: 'connection_lost', retryAfterMs: 500, detail: '' }],
  ['a connection that broke', 'failed', { outcome: 'retry', reason: 'connection_lost', retryAfterMs: 30_000, detail: '' }],
  ['a worker that shuts down', 'none', { outcome: 'retry', reason: 'transport_closed', retryAfterMs: 1_000, detail: '' }],
])('%s says of the provider: %s', (_what, kind, handOff) => {
  expect(verdictOf(handOff).kind).toBe(kind);
});
