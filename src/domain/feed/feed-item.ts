import type { ProgramId } from '../ids.ts';
import type { NoticeKind } from '../notice/notice-kinds.ts';
import type { NoticeValues } from '../notice/notice-values.ts';

/** A prompt asks for something; a notification tells of something. */
export const FEED_KINDS = ['prompt', 'notification'] as const;
export type FeedKind = (typeof FEED_KINDS)[number];

/** Finished words, in the member's language, as plain text: they name nobody but the member's own business. */
export type FeedWords = { readonly kind: 'words'; readonly title: string; readonly body: string; readonly callToAction: string | null };
/** One of our notices: put into words when it is read, in the language the member has then. */
export type FeedNotice = { readonly kind: 'notice'; readonly notice: NoticeKind; readonly programId: ProgramId; readonly values: NoticeValues };
export type FeedContent = FeedWords | FeedNotice;

export const FEED_LIMITS = { title: 150, body: 500, callToAction: 80, deepLink: 2_000, key: 200 } as const;

/** Where an item stands, of its instants (epoch ms). */
export type FeedInstants = {
  readonly visibleFrom: number;
  readonly expiresAt: number | null;
  readonly readAt: number | null;
  readonly dismissedAt: number | null;
  readonly withdrawnAt: number | null;
};

/** Is it in the feed at `now`? Not before its time, not after its end, nor once the member or the app has put it away. */
export function isShown({ visibleFrom, expiresAt, dismissedAt, withdrawnAt }: FeedInstants, now: number): boolean {
  return visibleFrom <= now && (expiresAt === null || expiresAt > now) && dismissedAt === null && withdrawnAt === null;
}

/** What a member did with an item. A click is a reading, too. */
export const FEED_MARKS = ['read', 'clicked', 'dismissed'] as const;
export type FeedMark = (typeof FEED_MARKS)[number];
