import { renderNotice } from '../../src/domain/message/render-notice.ts';
import type { RunMessage } from '../../src/domain/notice/run-message.ts';
import type { OwnParts } from '../../src/domain/message/write-invite.ts';
import type { OutgoingMessage } from '../../src/providers/transport.ts';
import type { Person, PinnedProgram, SendingTenant } from '../../db/read/message-context.ts';
import type { ClaimedMessage } from '../../db/write/claim-group.ts';
import { findLoop } from '../../workflows/registry.ts';
import { aboutMember, mailToMember } from './to-member.ts';

export type NoticeParts = {
  readonly notice: Exclude<ClaimedMessage['notice'], RunMessage | null>;
  readonly tenant: SendingTenant;
  readonly program: PinnedProgram | undefined;
  readonly recipient: Person | undefined;
  /** What the tenant calls its own units. */
  readonly unitTitles: ReadonlyMap<string, string>;
};

/** Writes the mail of one notice, in the member's own language. Throws where a part is missing: that row is refused, not its group. */
export function composeNotice({ notice, tenant, program, recipient, unitTitles }: NoticeParts, own: OwnParts & { readonly preferencePath: string }): OutgoingMessage {
  const book = program === undefined ? null : findLoop(program.loop)?.notices ?? null;
  if (program === undefined || recipient === undefined || book === null) throw new Error('program, words or contact are gone');
  const rendered = renderNotice({ ...notice, book, unitTitles, ...aboutMember({ tenant, program, recipient }, own) });
  return mailToMember(rendered, tenant, own);
}
