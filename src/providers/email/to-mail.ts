import type { SendMailOptions } from 'nodemailer';
import type { Mailbox, OutgoingMessage } from '../transport.ts';

export type Mail = { readonly outcome: 'ok'; readonly mail: SendMailOptions } | { readonly outcome: 'invalid'; readonly why: string };

/** One address and nothing else: no space, no list, no route, no comment, no quoting, no control character. */
const ADDRESS = /^[^\s<>()[\]\\,;:"@\p{C}]+@[^\s<>()[\]\\,;:"@\p{C}]+$/u;
const MESSAGE_ID = /^<[\x21-\x3b\x3d\x3f\x41-\x7e]+@[\x21-\x3b\x3d\x3f\x41-\x7e]+>$/;
const HEADER_NAME = /^[A-Za-z0-9-]{1,60}$/;
const HEADER_VALUE = /^[\x20-\x7e]{1,900}$/;
const FILE_NAME = /^[A-Za-z0-9._-]{1,120}$/;
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** Headers that the message's own fields set; as free headers they could add recipients or contradict those. */
const OWNED: ReadonlySet<string> = new Set([
  'from', 'sender', 'to', 'cc', 'bcc', 'reply-to', 'subject', 'date', 'message-id', 'mime-version', 'return-path', 'dkim-signature',
]);

/**
 * The message in nodemailer's terms. Addresses go as objects (a string would be parsed as a list), line breaks in
 * names and subject become spaces, and free headers go out exactly as given. Refuses what could change who gets it.
 */
export function toMail(message: OutgoingMessage): Mail {
  for (const mailbox of [message.to, message.from, ...(message.replyTo === undefined ? [] : [message.replyTo])]) {
    if (!ADDRESS.test(mailbox.address) || mailbox.address.length > 320) return { outcome: 'invalid', why: 'an address is not one plain address' };
  }
  if (!MESSAGE_ID.test(message.messageId)) return { outcome: 'invalid', why: 'the message id is not of the form <id@domain>' };
  for (const [name, value] of Object.entries(message.headers)) {
    if (!HEADER_NAME.test(name) || OWNED.has(name.toLowerCase()) || name.toLowerCase().startsWith('content-')) {
      return { outcome: 'invalid', why: `the header ${name.replace(BREAKS, ' ').slice(0, 60)} cannot be set here` };
    }
    if (!HEADER_VALUE.test(value)) return { outcome: 'invalid', why: `the header ${name} is not one line of at most 900 ASCII characters` };
  }
  const attachments = message.attachments ?? [];
  if (!attachments.every(({ fileName }) => FILE_NAME.test(fileName))) return { outcome: 'invalid', why: 'a file beside the text has a name that cannot stand in a header' };
  return {
    outcome: 'ok',
    mail: {
      messageId: message.messageId,
      from: party(message.from),
      to: party(message.to),
      ...(message.replyTo === undefined ? {} : { replyTo: party(message.replyTo) }),
      subject: message.subject.replace(BREAKS, ' '),
      text: message.text,
      html: message.html,
      ...(attachments.length === 0 ? {} : { attachments: attachments.map(({ fileName, mediaType, content }) => ({ filename: fileName, contentType: mediaType, content: Buffer.from(content) })) }),
      headers: Object.entries(message.headers).map(([key, value]) => ({ key, value: { prepared: true, value } })),
      xMailer: false,
    },
  };
}

function party(mailbox: Mailbox): { name: string; address: string } {
  return { name: (mailbox.name ?? '').replace(BREAKS, ' ').trim(), address: mailbox.address };
}
