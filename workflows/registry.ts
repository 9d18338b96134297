import type { CopyBook } from '../src/domain/message/copy.ts';
import type { LoopDefinition } from '../src/domain/program/terms.ts';
import { inviteCopy } from './invite/copy.ts';
import { inviteDefinition } from './invite/definition.ts';

/* Every loop, its definition and its words; the API, console, reports and docs read loops from here. One line a loop. */
const table = {
  invite: { definition: inviteDefinition, copy: inviteCopy },
};

export type LoopKey = keyof typeof table;
export type Loop<Key extends string = string> = { readonly definition: LoopDefinition<Key>; readonly copy: CopyBook };

/** Total, and each under its own key: a definition with another key does not compile. */
export const loops: { readonly [Key in LoopKey]: Loop<Key> } = table;

/** A loop by its key, as it comes from outside; null when there is none of that name. */
export function findLoop(key: string): Loop<LoopKey> | null {
  return isLoopKey(key) ? loops[key] : null;
}

export function isLoopKey(key: string): key is LoopKey {
  return Object.hasOwn(loops, key);
}
