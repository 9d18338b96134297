import { toMail } from '../../src/providers/email/to-mail.ts';
import { sampleMessage } from './sample-message.ts';

const PDF = { mediaType: 'application/pdf', content: Buffer.from('%PDF-1.7') } as const;

test('a file goes beside the text by its bytes, under its name', () => {
  const mail = toMail({ ...sampleMessage(), attachments: [{ ...PDF, fileName: 'report-2026-W23.pdf' }] });
  expect(mail).toMatchObject({ outcome: 'ok', mail: { attachments: [{ filename: 'report-2026-W23.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF-1.7') }] } });
});

test.each(['', 'a b.pdf', '../report.pdf', 'a\r\nBcc: x@y.example', 'ü.pdf', `${'a'.repeat(121)}`])('a file named %j is refused', (fileName) => {
  expect(toMail({ ...sampleMessage(), attachments: [{ ...PDF, fileName }] })).toMatchObject({ outcome: 'invalid' });
});

test('a message without files has none', () => {
  expect(toMail(sampleMessage())).toMatchObject({ outcome: 'ok', mail: expect.not.objectContaining({ attachments: expect.anything() }) });
});
