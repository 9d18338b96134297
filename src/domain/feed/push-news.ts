import type { FeedItemId, MemberId } from '../ids.ts';
import type { FeedKind, FeedWords } from './feed-item.ts';

/** An item whose push is to leave now. Instants in epoch ms. */
export type Push = {
  readonly id: FeedItemId;
  readonly memberId: MemberId;
  readonly externalId: string;
  readonly kind: FeedKind;
  readonly topic: string;
  readonly content: FeedWords;
  readonly deepLink: string | null;
  readonly expiresAt: number | null;
};

/**
 * A push as the tenant's webhooks tell it (`push.requested`): which devices a member has the app knows, and so does its own push
 * service. Read and clicked come back as marks of the feed item.
 */
export function pushNews({ id, memberId, externalId, kind, topic, content, deepLink, expiresAt }: Push, at: number) {
  return {
    type: 'push.requested', subjectId: id, sequenceOf: null, at,
    data: {
      feedItemId: id, memberId, externalId, kind, topic, title: content.title, body: content.body, deepLink,
      expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    },
  } as const;
}
