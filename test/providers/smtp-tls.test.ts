import { smtpTransport } from '../../src/providers/email/smtp.ts';
import { mailSink } from './mail-sink.ts';
import { sampleMessage } from './sample-message.ts';

/** The test server's certificate is its package's public sample: nobody should trust it, and we do not by default. */
describe('TLS', () => {
  test.each<[string, boolean, string, boolean, string]>([
    ['STARTTLS with an untrusted certificate', false, 'smtp://127.0.0.1:PORT', false, 'smtp_tls_failed'],
    ['STARTTLS, trust waived', false, 'smtp://127.0.0.1:PORT?tls.rejectUnauthorized=false', true, ''],
    ['STARTTLS offered but ignored on purpose', false, 'smtp://127.0.0.1:PORT?ignoreTLS=true', true, ''],
    ['smtps with an untrusted certificate', true, 'smtps://127.0.0.1:PORT', false, 'smtp_tls_failed'],
    ['smtps, trust waived', true, 'smtps://127.0.0.1:PORT?tls.rejectUnauthorized=false', true, ''],
    ['smtps spoken to a plain port', false, 'smtps://127.0.0.1:PORT', false, 'smtp_tls_failed'],
  ])('%s', async (_name, secure, url, works, reason) => {
    const sink = await mailSink({ secure, disabledCommands: ['AUTH'] });
    const transport = smtpTransport({ url: url.replace('PORT', String(sink.port)), connections: 1 });
    expect(await transport.verify()).toMatchObject({ ok: works });
    expect(await transport.send(sampleMessage())).toMatchObject(works ? { outcome: 'handed_off' } : { outcome: 'retry', reason });
    expect(sink.arrived).toHaveLength(works ? 1 : 0);
    await transport.close();
    await sink.close();
  });

  test('required TLS that the server lacks sends nothing', async () => {
    const sink = await mailSink();
    const transport = smtpTransport({ url: `smtp://127.0.0.1:${String(sink.port)}?requireTLS=true`, connections: 1 });
    expect(await transport.send(sampleMessage())).toMatchObject({ outcome: 'retry', reason: 'smtp_tls_failed' });
    expect(sink.arrived).toEqual([]);
    await transport.close();
    await sink.close();
  });

  test('a login that works sends, one that is missing is the operator\'s matter', async () => {
    const sink = await mailSink({
      disabledCommands: ['STARTTLS'],
      authOptional: false,
      onAuth: (auth, _session, done) => (auth.password === 'p@ss/word' ? done(null, { user: 'app' }) : done(new Error('no'))),
    });
    const right = smtpTransport({ url: `smtp://app:p%40ss%2Fword@127.0.0.1:${String(sink.port)}`, connections: 1 });
    expect(await right.send(sampleMessage())).toMatchObject({ outcome: 'handed_off' });
    const missing = smtpTransport({ url: `smtp://127.0.0.1:${String(sink.port)}`, connections: 1 });
    expect(await missing.send(sampleMessage())).toMatchObject({ outcome: 'retry', reason: 'smtp_auth_failed' });
    await right.close();
    await missing.close();
    await sink.close();
  });
});
