import type { Person, PinnedProgram, SendingTenant } from '../../db/read/message-context.ts';
import { composeEmail } from '../../src/domain/message/compose.ts';
import type { OwnParts } from '../../src/domain/message/write-invite.ts';
import type { OutgoingMessage } from '../../src/providers/transport.ts';

type Known = { readonly tenant: SendingTenant; readonly program: PinnedProgram; readonly recipient: Person };
type Own = OwnParts & { readonly preferencePath: string };
type Rendered = Parameters<typeof composeEmail>[0]['rendered'];

/** What every mail to a member says beside its own words: from whom, to whom, where its links lead. */
export function aboutMember({ tenant, program, recipient }: Known, own: Own) {
  const at = (path: string): string => new URL(path, tenant.publicUrl).href;
  return {
    locale: recipient.locale,
    zone: recipient.zones[0] ?? tenant.zone,
    recipientName: own.recipient.name,
    programTitle: program.title,
    tenantName: tenant.name,
    fromName: tenant.fromName,
    postalAddress: tenant.postalAddress,
    linkUrl: at(own.linkPath),
    unsubscribeUrl: at(own.unsubscribePath),
    preferenceUrl: at(own.preferencePath),
  };
}

/** The mail, as it leaves. */
export function mailToMember(rendered: Rendered, tenant: SendingTenant, own: Own): OutgoingMessage {
  return composeEmail({
    messageKey: own.messageKey, rendered,
    unsubscribeUrl: new URL(own.unsubscribePath, tenant.publicUrl).href,
    from: { address: tenant.fromAddress },
    replyTo: tenant.replyTo === null ? null : { address: tenant.replyTo },
    to: own.recipient,
  });
}
