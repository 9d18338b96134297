import { smtpTransport } from '../../src/providers/email/smtp.ts';
import type { OutgoingMessage, Transport } from '../../src/providers/transport.ts';
import { mailSink } from './mail-sink.ts';
import type { MailSink } from './mail-sink.ts';
import { sampleMessage } from './sample-message.ts';

describe('nobody but the recipient is reached, whatever the fields hold', () => {
  let sink: MailSink;
  let transport: Transport;
  beforeAll(async () => {
    sink = await mailSink();
    transport = smtpTransport({ url: `smtp://127.0.0.1:${String(sink.port)}`, connections: 2 });
  });
  afterAll(async () => {
    await transport.close();
    await sink.close();
  });
  beforeEach(() => {
    sink.arrived.length = 0;
  });

  const inject = 'Hi\r\nBcc: evil@x.example\r\nX-Evil: 1\n\nbody\0\u2028Cc: evil@x.example';

  test.each<[string, Partial<OutgoingMessage>]>([
    ['the subject', { subject: inject }],
    ['the sender\'s name', { from: { name: inject, address: 'hello@lumen.example' } }],
    ['the recipient\'s name', { to: { name: inject, address: 'ben@friends.example' } }],
    ['a recipient\'s name that looks like an address list', { to: { name: '" <evil@x.example>, "', address: 'ben@friends.example' } }],
    ['the reply-to name', { replyTo: { name: inject, address: 'help@lumen.example' } }],
    ['the bodies', { text: `${inject}\r\n.\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<evil@x.example>\r\n`, html: `<p>\r\n.\r\n${inject}</p>` }],
  ])('line breaks, NUL and lists in %s add no header and no recipient', async (_where, changes) => {
    expect(await transport.send(sampleMessage(changes))).toMatchObject({ outcome: 'handed_off' });
    expect(sink.arrived).toHaveLength(1);
    const mail = sink.arrived[0];
    expect(mail?.rcptTo).toEqual(['ben@friends.example']);
    expect(mail?.parsed.headers.map((header) => header.key)).not.toEqual(expect.arrayContaining(['x-evil']));
    expect(mail?.parsed.cc ?? []).toEqual([]);
    expect(mail?.parsed.bcc ?? []).toEqual([]);
    expect(mail?.parsed.to).toMatchObject([{ address: 'ben@friends.example' }]);
    expect(mail?.raw.split('\r\n\r\n')[0]).not.toContain('\0');
  });

  test.each([
    'ben@friends.example, evil@x.example',
    'ben@friends.example;evil@x.example',
    'ben@friends.example evil@x.example',
    'evil@x.example\r\nRCPT TO:<evil@x.example>',
    'ben@friends.example>\r\nRCPT TO:<evil@x.example',
    '<ben@friends.example>',
    'Ben <ben@friends.example>',
    '@x.example:ben@friends.example',
    'ben@friends.example@x.example',
    '"a b"@friends.example',
    'ben@[127.0.0.1]',
    'team: ben@friends.example, evil@x.example;',
    'ben\0@friends.example',
    'ben\u202e@friends.example',
    'ben',
    '',
  ])('the recipient %j is refused before the wire', async (address) => {
    expect(await transport.send(sampleMessage({ to: { address } }))).toMatchObject({ outcome: 'permanent', reason: 'invalid_message', suppress: false });
    expect(sink.arrived).toEqual([]);
  });

  test.each([
    [{ Bcc: 'evil@x.example' }],
    [{ to: 'evil@x.example' }],
    [{ 'Content-Type': 'text/plain' }],
    [{ 'X-Ok\r\nBcc': 'evil@x.example' }],
    [{ 'X-Ok': 'a\r\nBcc: evil@x.example' }],
    [{ 'X-Ok': 'a\nBcc: evil@x.example' }],
    [{ 'X-Ok': 'x'.repeat(901) }],
  ])('the free headers %j are refused before the wire', async (headers) => {
    const clean: Record<string, string> = {};
    for (const [name, value] of Object.entries(headers)) clean[name] = String(value);
    expect(await transport.send(sampleMessage({ headers: clean }))).toMatchObject({ outcome: 'permanent', reason: 'invalid_message' });
    expect(sink.arrived).toEqual([]);
  });
});
