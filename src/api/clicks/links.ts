import type { FoundLink } from '../../../db/read/link-target.ts';
import { readTarget } from './link-target.ts';
import type { LinkTarget } from './link-target.ts';

/** `isFresh`: the database has just said so. */
export type KnownLink = { readonly mark: string; readonly target: LinkTarget; readonly isFresh: boolean };

export type Links = {
  recall(code: string): KnownLink | null;
  /** What was just found of a link; null: there is none. */
  note(code: string, found: FoundLink | null): KnownLink | null;
};

/** Two or three kilobytes each. */
const MOST_LINKS = 2_000;

/** Links that were followed, as they were then; the one that was noted longest ago goes first. */
export function rememberLinks(most = MOST_LINKS): Links {
  const links = new Map<string, KnownLink>();
  return {
    recall: (code) => links.get(code) ?? null,
    note(code, found) {
      links.delete(code);
      if (found === null) return null;
      const [oldest] = links.keys();
      if (links.size >= most && oldest !== undefined) links.delete(oldest);
      const link = { mark: found.mark, target: readTarget(found.target) };
      links.set(code, { ...link, isFresh: false });
      return { ...link, isFresh: true };
    },
  };
}

/** Does a link of this host lead to where it was made to lead? */
export function leadsOn(target: LinkTarget, host: string): target is LinkTarget & { landing: NonNullable<LinkTarget['landing']> } {
  return !target.isRevoked && target.landing !== null && target.isServedOn(host);
}
