import { cleanLine } from './clean-text.ts';
import type { RenderedMessage } from './render-invite.ts';

export type ComposeInput = {
  /** Names this one message for good (an invite, its step); becomes the Message-ID, so no personal data. */
  readonly messageKey: string;
  readonly rendered: Pick<RenderedMessage, 'senderName' | 'subject' | 'text' | 'html'>;
  readonly from: { readonly address: string };
  readonly replyTo?: { readonly name?: string; readonly address: string } | null | undefined;
  readonly to: { readonly name?: string | null | undefined; readonly address: string };
  readonly unsubscribeUrl: string;
};

type Party = { readonly name?: string; readonly address: string };

/** What the e-mail transport takes; the same shape as the port's message. */
export type ComposedEmail = {
  readonly messageId: string;
  readonly from: Party;
  readonly replyTo?: Party;
  readonly to: Party;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
};

/**
 * Puts rendered words into an envelope. The address is always the tenant's own (its SPF and DKIM must align), only
 * the name says who invites. Pure: the same key gives the same Message-ID, so a repeat is recognised as one.
 *
 * - `List-Unsubscribe` with `List-Unsubscribe-Post: List-Unsubscribe=One-Click`: RFC 8058; Gmail and Yahoo require
 *   them of bulk senders (support.google.com/a/answer/81126).
 * - `Auto-Submitted: auto-generated`: RFC 3834, 5: keeps out-of-office answers away.
 * - No `Precedence`: never standardised (RFC 2076, 3.9) and asked for by neither RFC 3834 nor Gmail's rules today.
 *
 * Throws on a key or an unsubscribe address that cannot stand in a header.
 */
export function composeEmail(input: ComposeInput): ComposedEmail {
  if (!/^[A-Za-z0-9._-]{1,120}$/.test(input.messageKey)) throw new Error('a message key is 1 to 120 letters, digits, dots, dashes or underscores');
  if (!/^https?:\/\/[\x21-\x3b\x3d\x3f-\x7e]{1,800}$/.test(input.unsubscribeUrl)) throw new Error('the unsubscribe address does not fit into a header');
  const domain = input.from.address.slice(input.from.address.lastIndexOf('@') + 1);
  return {
    messageId: `<${input.messageKey}@${domain}>`,
    from: party(input.rendered.senderName, input.from.address),
    ...(input.replyTo == null ? {} : { replyTo: party(input.replyTo.name, input.replyTo.address) }),
    to: party(input.to.name, input.to.address),
    subject: input.rendered.subject,
    text: input.rendered.text,
    html: input.rendered.html,
    headers: {
      'List-Unsubscribe': `<${input.unsubscribeUrl}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Auto-Submitted': 'auto-generated',
    },
  };
}

function party(name: string | null | undefined, address: string): Party {
  const clean = cleanLine(name ?? '', 100);
  return clean === '' ? { address } : { name: clean, address };
}
