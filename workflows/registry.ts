import type { CopyBook } from '../src/domain/message/copy.ts';
import type { NoticeBook } from '../src/domain/message/notice-copy.ts';
import type { LoopDefinition } from '../src/domain/program/terms.ts';
import { inviteCopy } from './invite/copy.ts';
import { inviteDefinition } from './invite/definition.ts';
import { referralNotices } from './referral/copy.ts';
import { referralDefinition } from './referral/definition.ts';

/* Every loop, its definition and its words to invitees (null: it invites nobody) and to members (null: it tells them nothing); the API, console, reports and docs read loops from here. One line a loop. */
const table = {
  invite: { definition: inviteDefinition, copy: inviteCopy, notices: referralNotices },
  referral: { definition: referralDefinition, copy: null, notices: referralNotices },
};

export type LoopKey = keyof typeof table;
export type Loop<Key extends string = string> = { readonly definition: LoopDefinition<Key>; readonly copy: CopyBook | null; readonly notices: NoticeBook | null };

/** Total, and each under its own key: a definition with another key does not compile. */
export const loops: { readonly [Key in LoopKey]: Loop<Key> } = table;

/** A loop by its key, as it comes from outside; null when there is none of that name. */
export function findLoop(key: string): Loop<LoopKey> | null {
  return isLoopKey(key) ? loops[key] : null;
}

export function isLoopKey(key: string): key is LoopKey {
  return Object.hasOwn(loops, key);
}
