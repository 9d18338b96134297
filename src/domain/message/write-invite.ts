import type { ConsentBasis } from '../invite/refusal-reasons.ts';
import type { ComposedEmail } from './compose.ts';
import { composeEmail } from './compose.ts';
import type { CopyBook } from './copy.ts';
import type { CopyOverride } from './copy-override.ts';
import type { InviteContext, RenderedMessage } from './render-invite.ts';
import { renderInvite } from './render-invite.ts';

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

/** All that one message of an invite is made of, opened. */
export type InviteParts = {
  /** Names this one message for good; becomes the Message-ID. */
  readonly messageKey: string;
  readonly tenant: InviteSender;
  /** The loop's words, and title and own words as the invite's version of the program has them. */
  readonly copy: CopyBook;
  readonly programTitle: string;
  readonly override: CopyOverride | undefined;
  /** 0 the invitation, 1 and up its reminders. */
  readonly step: number;
  readonly recipient: { readonly address: string; readonly name: string | null; readonly locale: string | null; readonly zone: string | undefined };
  readonly inviter: InviteContext['inviter'];
  readonly relationship: string | null;
  readonly consentBasis: ConsentBasis | null;
  /** Paths under the tenant's public address. */
  readonly linkPath: string;
  readonly unsubscribePath: string;
  readonly expiresAt: number;
};

/** Writes the mail of one step: for sending and for previews alike. Pure; throws where a part is missing that it must not leave without. */
export function writeInvite(parts: InviteParts): { readonly rendered: RenderedMessage; readonly email: ComposedEmail } {
  const { tenant, recipient } = parts;
  const unsubscribeUrl = new URL(parts.unsubscribePath, tenant.publicUrl).href;
  const rendered = renderInvite({
    copy: parts.copy,
    override: parts.override,
    step: parts.step,
    locale: recipient.locale,
    inviter: parts.inviter,
    inviteeName: recipient.name,
    relationship: parts.relationship,
    consentBasis: parts.consentBasis,
    tenantName: tenant.name,
    fromName: tenant.fromName,
    postalAddress: tenant.postalAddress,
    programTitle: parts.programTitle,
    linkUrl: new URL(parts.linkPath, tenant.publicUrl).href,
    unsubscribeUrl,
    expiresAt: parts.expiresAt,
    zone: recipient.zone ?? tenant.zone,
  });
  const email = composeEmail({
    messageKey: parts.messageKey,
    rendered,
    from: { address: tenant.fromAddress },
    replyTo: tenant.replyTo === null ? null : { address: tenant.replyTo },
    to: { name: recipient.name, address: recipient.address },
    unsubscribeUrl,
  });
  return { rendered, email };
}
