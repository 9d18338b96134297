import type { MemberId, ProgramId } from '../ids.ts';
import type { FeedContent, FeedKind } from './feed-item.ts';

/** What is to be shown to a member. Instants in epoch ms. */
export type NewFeedItem = {
  /** Of the business fact it tells of, ids alone: a member gets one item a key. */
  readonly key: string;
  readonly kind: FeedKind;
  readonly memberId: MemberId;
  /** By which the member opts out of it. */
  readonly topic: string;
  readonly content: FeedContent;
  /** Where it leads, inside the app or an https:// address. */
  readonly deepLink?: string | null;
  /** Left out: at once. */
  readonly visibleFrom?: number;
  /** Left out: it stays until the feed is cleared of what is old. */
  readonly expiresAt?: number;
  /** Is the member's device to be told, too? Only finished words can be. */
  readonly push?: boolean;
  /** Whose loop it tells of: the program's own send rules bind the push, and its pause holds it. */
  readonly programId?: ProgramId;
};
