import type { ConsentBasis } from '../invite/refusal-reasons.ts';
import type { ComposedEmail } from './compose.ts';
import { composeEmail } from './compose.ts';
import type { CopyBook } from './copy.ts';
import type { CopyOverride } from './copy-override.ts';
import type { InviteContext, RenderedMessage } from './render-invite.ts';
import { inviteLetter } from './render-invite.ts';

/** Who sends, as messages show it. */
export type InviteSender = {
  readonly name: string;
  readonly fromName: string;
  readonly fromAddress: string;
  readonly replyTo: string | null;
  readonly postalAddress: string;
  readonly publicUrl: string;
  readonly zone: string;
};

/** What the messages of a group are made of alike, opened. */
export type LetterParts = {
  readonly tenant: InviteSender;
  /** The loop's words, and title and own words as the invite's version of the program has them. */
  readonly copy: CopyBook;
  readonly programTitle: string;
  readonly override: CopyOverride | undefined;
  /** 0 the invitation, 1 and up its reminders. */
  readonly step: number;
  readonly recipient: { readonly locale: string | null; readonly zone: string | undefined };
  readonly inviter: InviteContext['inviter'];
  readonly relationship: string | null;
  readonly consentBasis: ConsentBasis | null;
  readonly expiresAt: number;
};

/** What is one message's own. */
export type OwnParts = {
  /** Names this one message for good; becomes the Message-ID. */
  readonly messageKey: string;
  readonly recipient: { readonly address: string; readonly name: string | null };
  /** Paths under the tenant's public address. */
  readonly linkPath: string;
  readonly unsubscribePath: string;
  /** Left out: the message has no link to the preference page. */
  readonly preferencePath?: string | undefined;
};

export type InviteParts = LetterParts & OwnParts;
export type WrittenInvite = { readonly rendered: RenderedMessage; readonly email: ComposedEmail };

/** Writes the mail of one step: for sending and for previews alike. Pure; throws where a part is missing that it must not leave without. */
export function writeInvite(parts: InviteParts): WrittenInvite {
  return letterWriter(parts)(parts);
}

/** The same for many, to the byte; what is alike is made once. */
export function letterWriter({ tenant, recipient: { locale, zone }, ...parts }: LetterParts): (own: OwnParts) => WrittenInvite {
  const letter = inviteLetter({ ...parts, locale, tenantName: tenant.name, fromName: tenant.fromName, postalAddress: tenant.postalAddress, zone: zone ?? tenant.zone });
  return ({ messageKey, recipient, linkPath, unsubscribePath, preferencePath }) => {
    const unsubscribeUrl = new URL(unsubscribePath, tenant.publicUrl).href;
    const rendered = letter({
      inviteeName: recipient.name,
      linkUrl: new URL(linkPath, tenant.publicUrl).href,
      unsubscribeUrl,
      preferenceUrl: preferencePath === undefined ? undefined : new URL(preferencePath, tenant.publicUrl).href,
    });
    const email = composeEmail({
      messageKey,
      rendered,
      from: { address: tenant.fromAddress },
      replyTo: tenant.replyTo === null ? null : { address: tenant.replyTo },
      to: { name: recipient.name, address: recipient.address },
      unsubscribeUrl,
    });
    return { rendered, email };
  };
}
