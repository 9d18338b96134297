import { smtpTransport } from '../../src/providers/email/smtp.ts';
import type { SmtpOptions } from '../../src/providers/email/smtp.ts';
import type { HandOff } from '../../src/providers/transport.ts';
import { mailSink } from './mail-sink.ts';
import { sampleMessage } from './sample-message.ts';
import { scriptedSmtp } from './scripted-smtp.ts';
import type { Act, Script, Step } from './scripted-smtp.ts';

/** Short where silence is what is tested; elsewhere long, so that a busy machine is not taken for a silent server. */
const quick = { connectMs: 300, greetingMs: 300, answerMs: 300 };
const patient = { connectMs: 20_000, greetingMs: 20_000, answerMs: 20_000 };
/** More than the sockets' buffers hold, so that a server which stops reading is noticed in mid-body. */
const hugeText = `${'x'.repeat(70)}\n`.repeat(300_000);

async function talk(script: Script, pipelining: boolean, text = 'Hello.\n', options: Partial<SmtpOptions> = {}): Promise<{ result: HandOff; read: number }> {
  const server = await scriptedSmtp(script, { pipelining });
  const transport = smtpTransport({ url: `smtp://127.0.0.1:${String(server.port)}`, connections: 1, timeouts: patient, ...options });
  try {
    return { result: await transport.send(sampleMessage({ text })), read: server.received.length };
  } finally {
    await transport.close();
    await server.close();
  }
}

const at = (wanted: Step, act: Act): Script => ({ step }) => (step === wanted ? act : null);
const later = '451 4.7.1 Greylisted';
const tooMany = '421 4.7.0 Too many connections';
const never = '550 5.7.1 Refused';
const half = { reply: '451 4.3.0 Half a li', then: 'hang_up' } as const;

describe.each([false, true])('the dialogue decides the outcome (pipelining: %s)', (pipelining) => {
  test.each<[Step, Act, Partial<HandOff>]>([
    ['greeting', later, { outcome: 'retry', reason: 'server_busy', retryAfterMs: 300_000 }],
    ['greeting', tooMany, { outcome: 'retry', reason: 'server_busy', retryAfterMs: 30_000 }],
    ['ehlo', tooMany, { outcome: 'retry', reason: 'server_busy', retryAfterMs: 30_000 }],
    ['mail', tooMany, { outcome: 'retry', reason: 'server_busy', retryAfterMs: 30_000 }],
    ['rcpt', tooMany, { outcome: 'retry', reason: 'server_busy', retryAfterMs: 30_000 }],
    ['mail', later, { outcome: 'retry', reason: 'deferred', retryAfterMs: 300_000 }],
    ['rcpt', later, { outcome: 'retry', reason: 'deferred', retryAfterMs: 300_000 }],
    ['data', later, { outcome: 'retry', reason: 'deferred', retryAfterMs: 300_000 }],
    ['dot', later, { outcome: 'retry', reason: 'deferred', retryAfterMs: 300_000 }],
    ['dot', '421 4.3.2 Shutting down', { outcome: 'retry', reason: 'server_busy', retryAfterMs: 30_000 }],
    ['mail', '530 5.7.0 Authentication required', { outcome: 'retry', reason: 'smtp_auth_failed' }],
    ['mail', '503 5.5.1 Bad sequence', { outcome: 'retry', reason: 'smtp_protocol_error' }],
    ['greeting', '554 5.3.2 No service here', { outcome: 'retry', reason: 'smtp_protocol_error' }],
    ['mail', never, { outcome: 'permanent', reason: 'sender_refused', suppress: false }],
    ['rcpt', never, { outcome: 'permanent', reason: 'recipient_refused', suppress: false }],
    ['data', never, { outcome: 'permanent', reason: 'rejected', suppress: false }],
    ['dot', never, { outcome: 'permanent', reason: 'rejected', suppress: false }],
    ['rcpt', '550 5.1.1 No such user', { outcome: 'permanent', reason: 'mailbox_unavailable', suppress: true }],
    ['dot', '550 5.1.1 No such user', { outcome: 'permanent', reason: 'mailbox_unavailable', suppress: true }],
    ['mail', '552 5.3.4 Too big', { outcome: 'permanent', reason: 'too_large', suppress: false }],
    ['greeting', 'hang_up', { outcome: 'retry', reason: 'cannot_connect' }],
    ['ehlo', 'hang_up', { outcome: 'retry', reason: 'cannot_connect' }],
    ['mail', 'hang_up', { outcome: 'retry', reason: 'connection_lost' }],
    ['rcpt', 'hang_up', { outcome: 'retry', reason: 'connection_lost' }],
    ['data', 'hang_up', { outcome: 'retry', reason: 'connection_lost' }],
    ['greeting', 'silence', { outcome: 'retry', reason: 'cannot_connect' }],
    ['mail', 'silence', { outcome: 'retry', reason: 'timed_out' }],
    ['data', 'silence', { outcome: 'retry', reason: 'timed_out' }],
    ['dot', 'hang_up', { outcome: 'unknown', reason: 'no_answer' }],
    ['dot', 'silence', { outcome: 'unknown', reason: 'no_answer' }],
    ['dot', { reply: '25', then: 'hang_up' }, { outcome: 'unknown' }],
    ['dot', half, { outcome: 'retry', reason: 'deferred' }],
    ['dot', '354 Go on', { outcome: 'unknown', reason: 'unclear_answer' }],
  ])('at %s: %j', async (step, act, expected) => {
    const { result, read } = await talk(at(step, act), pipelining, 'Hello.\n', act === 'silence' ? { timeouts: quick } : {});
    expect(result).toMatchObject(expected);
    expect(read).toBe(step === 'dot' ? 1 : 0);
  });
});

describe('a message whose end has not left', () => {
  test.each<[Act, Partial<HandOff>]>([
    ['hang_up', { outcome: 'retry', reason: 'connection_lost' }],
    ['silence', { outcome: 'retry', reason: 'timed_out' }],
  ])('in mid-body: %j is safe to try again, since the final dot never left', async (act, expected) => {
    expect((await talk(at('body', act), false, hugeText, act === 'silence' ? { timeouts: quick } : {})).result).toMatchObject(expected);
  });

  test('a 250 that comes before the message has ended is not believed', async () => {
    const early: Script = ({ step }) => (step === 'data' ? '354 Go ahead\r\n250 2.0.0 Already queued' : null);
    expect((await talk(early, false, hugeText)).result).toMatchObject({ outcome: 'unknown', reason: 'unclear_answer' });
  });
});

describe('the pool', () => {
  test('an idle connection that the server closed is replaced, and the next message arrives once', async () => {
    const server = await scriptedSmtp(() => null);
    const transport = smtpTransport({ url: `smtp://127.0.0.1:${String(server.port)}`, connections: 1, timeouts: patient });
    expect(await transport.send(sampleMessage())).toMatchObject({ outcome: 'handed_off' });
    await server.hangUpOnAll();
    const second = await transport.send(sampleMessage());
    const settled = second.outcome === 'retry' ? await transport.send(sampleMessage()) : second;
    expect(settled).toMatchObject({ outcome: 'handed_off' });
    expect(server.received).toHaveLength(2);
    expect(server.connections()).toBe(2);
    await transport.close();
    await server.close();
  });

  test('a reused connection that dies at MAIL FROM is a quick retry: nothing was sent', async () => {
    const server = await scriptedSmtp(({ step, message, connection }) => (connection === 1 && message === 2 && step === 'mail' ? 'hang_up' : null));
    const transport = smtpTransport({ url: `smtp://127.0.0.1:${String(server.port)}`, connections: 1, timeouts: patient });
    await transport.send(sampleMessage());
    const second = await transport.send(sampleMessage());
    expect(second).toMatchObject({ outcome: 'retry', reason: 'connection_lost' });
    expect(second.outcome === 'retry' && second.retryAfterMs).toBeLessThanOrEqual(1000);
    expect(await transport.send(sampleMessage())).toMatchObject({ outcome: 'handed_off' });
    await transport.close();
    await server.close();
  });

  test('a message that every used connection dies over is not tried again at once for ever', async () => {
    const server = await scriptedSmtp(({ step, message }) => (step === 'rcpt' && message === 2 ? { reply: '421 4.3.2 Goodbye', then: 'hang_up' } : null));
    const transport = smtpTransport({ url: `smtp://127.0.0.1:${String(server.port)}`, connections: 1, timeouts: patient });
    const waits: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      await transport.send(sampleMessage({ messageId: `<other${String(i)}@lumen.example>` }));
      const result = await transport.send(sampleMessage());
      expect(result).toMatchObject({ outcome: 'retry' });
      waits.push(result.outcome === 'retry' ? result.retryAfterMs : 0);
    }
    expect(waits.slice(1)).toEqual([30_000, 30_000]);
    await transport.close();
    await server.close();
  });

  test('one connection\'s death after the dot makes only its own message unknown', async () => {
    const server = await scriptedSmtp(({ step, connection, message }) => (connection === 2 && message === 3 && step === 'dot' ? 'hang_up' : null));
    const transport = smtpTransport({ url: `smtp://127.0.0.1:${String(server.port)}`, connections: 3, timeouts: patient });
    const results = await Promise.all(Array.from({ length: 30 }, (_, n) => transport.send(sampleMessage({ messageId: `<m${String(n)}@lumen.example>` }))));
    expect(results.filter((result) => result.outcome === 'unknown')).toHaveLength(1);
    expect(results.filter((result) => result.outcome === 'handed_off')).toHaveLength(29);
    expect(server.received).toHaveLength(30);
    await transport.close();
    await server.close();
  });

  test('never more connections than asked for', async () => {
    const sink = await mailSink();
    const transport = smtpTransport({ url: `smtp://127.0.0.1:${String(sink.port)}`, connections: 3 });
    await Promise.all(Array.from({ length: 30 }, () => transport.send(sampleMessage())));
    expect(sink.peak()).toBe(3);
    await transport.close();
    await sink.close();
  });

  test('a server that never goes silent and never answers is given up after the message\'s own limit', async () => {
    const drip: Script = ({ step }) => (step === 'dot' ? 'silence' : null);
    const { result } = await talk(drip, false, 'Hello.\n', { timeouts: { answerMs: 60_000, messageMs: 200 } });
    expect(result).toMatchObject({ outcome: 'unknown', reason: 'no_answer' });
  });

  test('close cuts a stalled message after its bound and tells the truth about it', async () => {
    const server = await scriptedSmtp(at('dot', 'silence'));
    const transport = smtpTransport({ url: `smtp://127.0.0.1:${String(server.port)}`, connections: 1, timeouts: { answerMs: 60_000, closeMs: 100 } });
    const stalled = transport.send(sampleMessage());
    await until(() => server.received.length === 1);
    await transport.close();
    expect(await stalled).toMatchObject({ outcome: 'unknown' });
    await server.close();
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
