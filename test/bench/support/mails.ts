import type { SendMailOptions } from 'nodemailer';
import { writeInvite } from '../../../src/domain/message/write-invite.ts';
import { toMail } from '../../../src/providers/email/to-mail.ts';
import { findLoop } from '../../../workflows/registry.ts';

/** The mails that the product would write for these addresses, ready for nodemailer. */
export function writtenMails(addresses: readonly string[]): SendMailOptions[] {
  const loop = findLoop('invite');
  if (loop === null || loop.copy === null) throw new Error('there is no invite loop');
  const { copy } = loop;
  return addresses.map((address, i) => {
    const { email } = writeInvite({
      messageKey: `bat_00000000000000000000000000.${String(i)}.0`,
      tenant: {
        name: 'Lumen', fromName: 'Lumen', fromAddress: 'hello@lumen.example', replyTo: null, postalAddress: 'Lumen, 12 Harbour Street, 20457 Hamburg, Germany',
        publicUrl: 'http://127.0.0.1:3000', zone: 'UTC',
      },
      copy, programTitle: 'Study together', override: undefined, step: 0,
      recipient: { address, name: 'Sam Rivers', locale: 'en', zone: 'Europe/Berlin' },
      inviter: { kind: 'tenant' }, relationship: null, consentBasis: 'opt_in',
      linkPath: '/l/AAAAAAAAAAAAAAAA', unsubscribePath: '/u/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', expiresAt: Date.now() + 14 * 86_400_000,
    });
    const composed = toMail(email);
    if (composed.outcome === 'invalid') throw new Error(composed.why);
    return composed.mail;
  });
}
