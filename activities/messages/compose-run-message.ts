import type { Person, PinnedProgram, SendingTenant } from '../../db/read/message-context.ts';
import type { RunOfMail } from '../../db/read/runs-of-mails.ts';
import type { Keyring } from '../../src/config/keyring.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { renderRunMessage } from '../../src/domain/message/render-run-message.ts';
import type { OwnParts } from '../../src/domain/message/write-invite.ts';
import type { RunMessage } from '../../src/domain/notice/run-message.ts';
import type { OutgoingMessage } from '../../src/providers/transport.ts';
import { findLoop } from '../../workflows/registry.ts';
import { aboutMember, mailToMember } from './to-member.ts';

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
  const rendered = renderRunMessage({
    copy: loop.words, furniture: loop.notices, message, values,
    kinds: loop.definition.life?.messages?.[message] ?? {},
    privates: Object.fromEntries(Object.entries(run?.privates ?? {}).map(([name, sealed]) => [name, keyring.open(tenantId, Buffer.from(sealed, 'base64'))])),
    shared: run === undefined || run.code === null ? null : { url: new URL(`/i/${run.code}`, tenant.publicUrl).href, page: loop.definition.life?.page, input: run.input },
    ...aboutMember({ tenant, program, recipient }, own),
  });
  return mailToMember(rendered, tenant, own);
}
