import { generateKeyPairSync } from 'node:crypto';
import { smtpTransport } from '../../src/providers/email/smtp.ts';
import type { SmtpOptions } from '../../src/providers/email/smtp.ts';
import { mailSink } from './mail-sink.ts';
import type { Arrived } from './mail-sink.ts';
import { sampleMessage } from './sample-message.ts';
import { scriptedSmtp } from './scripted-smtp.ts';
import type { Script } from './scripted-smtp.ts';
import { describeTransportContract } from './transport-contract.ts';
import type { Behaviour, Stand } from './transport-contract.ts';
import type { OutgoingMessage } from '../../src/providers/transport.ts';

const scripts: Record<Exclude<Behaviour, 'accepts' | 'refuses_our_login' | 'is_unreachable'>, Script> = {
  says_later: ({ step }) => (step === 'rcpt' ? '450 4.2.0 <ben@friends.example>: greylisted, see us later' : null),
  says_no_such_address: ({ step }) => (step === 'rcpt' ? '550 5.1.1 <ben@friends.example>: no such user' : null),
  refuses_this_message: ({ step }) => (step === 'dot' ? '554 5.7.1 <ben@friends.example>: content refused' : null),
  hangs_up_before_the_message: ({ step }) => (step === 'mail' ? 'hang_up' : null),
  hangs_up_after_the_message: ({ step }) => (step === 'dot' ? 'hang_up' : null),
  is_silent_after_the_message: ({ step }) => (step === 'dot' ? 'silence' : null),
};

async function stand(behaviour: Behaviour): Promise<Stand<OutgoingMessage>> {
  const common = { connections: 3, timeouts: { answerMs: behaviour === 'is_silent_after_the_message' ? 300 : 20_000 } };
  if (behaviour === 'accepts' || behaviour === 'is_unreachable') {
    const sink = await mailSink();
    if (behaviour === 'is_unreachable') await sink.close();
    return {
      transport: smtpTransport({ ...common, url: `smtp://127.0.0.1:${String(sink.port)}` }),
      reached: () => sink.arrived.flatMap((mail) => mail.rcptTo),
      stop: () => (behaviour === 'accepts' ? sink.close() : Promise.resolve()),
    };
  }
  if (behaviour === 'refuses_our_login') {
    const sink = await mailSink({ disabledCommands: ['STARTTLS'], authOptional: false, onAuth: (_auth, _session, done) => done(new Error('no')) });
    return { transport: smtpTransport({ ...common, url: `smtp://app:wrong@127.0.0.1:${String(sink.port)}` }), reached: () => [], stop: () => sink.close() };
  }
  const server = await scriptedSmtp(scripts[behaviour]);
  return {
    transport: smtpTransport({ ...common, url: `smtp://127.0.0.1:${String(server.port)}` }),
    reached: () => server.received.flatMap((mail) => mail.to),
    stop: () => server.close(),
  };
}

describeTransportContract('SMTP', {
  stand,
  message: (n) => sampleMessage({ messageId: `<msg-${String(n)}@lumen.example>`, to: { name: 'Ben', address: `ben${String(n)}@friends.example` } }),
  recipientOf: (message) => message.to.address,
  twoInOne: () => sampleMessage({ to: { address: 'ben@friends.example, evil@friends.example' } }),
  retries: [
    ['says_later', 'deferred', 300_000],
    ['refuses_our_login', 'smtp_auth_failed', 10_000],
    ['is_unreachable', 'cannot_connect', 1_000],
    ['hangs_up_before_the_message', 'connection_lost', 1_000],
  ],
  unknowns: ['hangs_up_after_the_message', 'is_silent_after_the_message'],
  badRecipient: 'mailbox_unavailable',
});

async function deliver(message: OutgoingMessage, options: Partial<SmtpOptions> = {}): Promise<Arrived> {
  const sink = await mailSink();
  const transport = smtpTransport({ url: `smtp://127.0.0.1:${String(sink.port)}`, connections: 1, ...options });
  try {
    expect(await transport.send(message)).toMatchObject({ outcome: 'handed_off' });
    const [mail, ...others] = sink.arrived;
    if (mail === undefined) throw new Error('nothing arrived');
    expect(others).toEqual([]);
    return mail;
  } finally {
    await transport.close();
    await sink.close();
  }
}

describe('what arrives is what was written', () => {
  test('non-ASCII names, subject and texts arrive intact', async () => {
    const subject = `Zoë lädt dich ein 🎉 ${'мир '.repeat(30)}`.trim();
    const mail = await deliver(
      sampleMessage({
        from: { name: 'Zoë "Z" via Łumen, Inc.', address: 'hello@lumen.example' },
        replyTo: { name: '支援', address: 'help@lumen.example' },
        to: { name: 'Бен', address: 'ben@xn--bcher-kva.example' },
        subject,
        text: 'Grüße\n.\n..zwei Punkte\n',
        html: '<p lang="de">Grüße 🎉</p>',
      }),
    );
    expect(mail.parsed.subject).toBe(subject);
    expect(mail.parsed.from).toMatchObject({ name: 'Zoë "Z" via Łumen, Inc.', address: 'hello@lumen.example' });
    expect(mail.parsed.replyTo).toMatchObject([{ name: '支援', address: 'help@lumen.example' }]);
    expect(mail.parsed.to).toMatchObject([{ name: 'Бен', address: 'ben@xn--bcher-kva.example' }]);
    expect(mail.rcptTo).toHaveLength(1);
    expect(mail.raw).toContain(' <ben@xn--bcher-kva.example>\r\n');
    expect(mail.parsed.text?.trimEnd()).toBe('Grüße\n.\n..zwei Punkte');
    expect(mail.parsed.html?.trimEnd()).toBe('<p lang="de">Grüße 🎉</p>');
    expect(Math.max(...mail.raw.split('\r\n').map((line) => line.length))).toBeLessThan(998);
  });

  test('the message id is ours and the unsubscribe pair goes out on one line each, unmangled', async () => {
    const link = `<https://go.lumen.example/u/${'a1'.repeat(60)}>`;
    const mail = await deliver(sampleMessage({ headers: { 'List-Unsubscribe': link, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } }));
    expect(mail.raw).toContain(`\r\nMessage-ID: <msg-1@lumen.example>\r\n`);
    expect(`\r\n${mail.raw}`).toContain(`\r\nList-Unsubscribe: ${link}\r\n`);
    expect(`\r\n${mail.raw}`).toContain('\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n');
    expect(mail.raw).not.toMatch(/^X-Mailer:/im);
  });

  test('a DKIM signature covers the unsubscribe pair', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
    const mail = await deliver(
      sampleMessage({ headers: { 'List-Unsubscribe': '<https://go.lumen.example/u/t>', 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } }),
      { dkim: { domainName: 'lumen.example', keySelector: 'fw', privateKey } },
    );
    const signature = mail.parsed.headers.find((header) => header.key === 'dkim-signature')?.value.replace(/\s/g, '').toLowerCase() ?? '';
    expect(signature).toMatch(/;d=lumen\.example;/);
    expect(/;h=([^;]*)/.exec(signature)?.[1]?.split(':')).toEqual(expect.arrayContaining(['from', 'to', 'subject', 'message-id', 'list-unsubscribe', 'list-unsubscribe-post']));
  });

  test('a DKIM key that could not sign is refused at start instead of sending unsigned', () => {
    const { privateKey } = generateKeyPairSync('ed25519', { privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
    for (const key of ['nonsense', privateKey]) {
      const dkim = { domainName: 'lumen.example', keySelector: 'fw', privateKey: key };
      expect(() => smtpTransport({ url: 'smtp://127.0.0.1:25', dkim })).toThrow(/DKIM private key cannot be used/);
    }
  });
});
