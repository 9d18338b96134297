import type { Person, PinnedProgram, SendingTenant } from '../../db/read/message-context.ts';
import type { RunOfMail } from '../../db/read/runs-of-mails.ts';
import type { Keyring } from '../../src/config/keyring.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { composeEmail } from '../../src/domain/message/compose.ts';
import { renderRunMessage } from '../../src/domain/message/render-run-message.ts';
import type { OwnParts } from '../../src/domain/message/write-invite.ts';
import type { RunMessage } from '../../src/domain/notice/run-message.ts';
import type { OutgoingMessage } from '../../src/providers/transport.ts';
import { findLoop } from '../../workflows/registry.ts';

export type RunMessageParts = {
  readonly keyring: Pick<Keyring, 'open'>;
  readonly tenantId: TenantId;
  readonly notice: RunMessage;
  readonly run: RunOfMail | undefined;
  readonly tenant: SendingTenant;
  readonly program: PinnedProgram | undefined;
  readonly recipient: Person | undefined;
};

/** Writes the mail of a run's message, in the member's own language, with the loop's words. Throws where a part is missing: that row is refused, not its group. */
export function composeRunMessage({ keyring, tenantId, notice: { message, values }, run, tenant, program, recipient }: RunMessageParts, own: OwnParts & { readonly preferencePath: string }): OutgoingMessage {
  const loop = program === undefined ? null : findLoop(program.loop);
  if (program === undefined || recipient === undefined || loop === null || loop.words === null || loop.notices === null) throw new Error('program, words or contact are gone');
  const at = (path: string): string => new URL(path, tenant.publicUrl).href;
  const unsubscribeUrl = at(own.unsubscribePath);
  const rendered = renderRunMessage({
    copy: loop.words, furniture: loop.notices, message, values,
    kinds: loop.definition.life?.messages?.[message] ?? {},
    privates: Object.fromEntries(Object.entries(run?.privates ?? {}).map(([name, sealed]) => [name, keyring.open(tenantId, Buffer.from(sealed, 'base64'))])),
    shared: run === undefined || run.code === null ? null : { url: at(`/i/${run.code}`), page: loop.definition.life?.page, input: run.input },
    locale: recipient.locale,
    zone: recipient.zones[0] ?? tenant.zone,
    recipientName: own.recipient.name,
    programTitle: program.title,
    tenantName: tenant.name,
    fromName: tenant.fromName,
    postalAddress: tenant.postalAddress,
    linkUrl: at(own.linkPath),
    unsubscribeUrl,
    preferenceUrl: at(own.preferencePath),
  });
  return composeEmail({
    messageKey: own.messageKey, rendered, unsubscribeUrl,
    from: { address: tenant.fromAddress },
    replyTo: tenant.replyTo === null ? null : { address: tenant.replyTo },
    to: own.recipient,
  });
}
