import type { ProgramId, MemberId } from '../ids.ts';
import { NOTICE_TOPIC, type NoticeKind } from '../notice/notice-kinds.ts';
import type { NoticeValues } from '../notice/notice-values.ts';
import type { NewFeedItem } from './new-feed-item.ts';

/** What a member is told by mail, as `queueNotices` takes it. */
type Told = { readonly key: string; readonly kind: NoticeKind; readonly programId: ProgramId; readonly memberId: MemberId; readonly values: NoticeValues; readonly expiresAt?: number };

/**
 * The same news for the feed: under the notice's own key, so that it is there once however often it is queued; without a push, as the
 * mail tells of it already. Its end is the news's own: a hold that is over is told of by what comes after it.
 */
export function feedItemsOfNotices(notices: readonly Told[]): NewFeedItem[] {
  return notices.map(({ key, kind, programId, memberId, values, expiresAt }) => ({
    key, memberId, kind: 'notification', topic: NOTICE_TOPIC,
    content: { kind: 'notice', notice: kind, programId, values },
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }));
}
