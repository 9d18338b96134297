import { feedWordsContext } from '../../db/read/feed-words.ts';
import type { FeedItemView } from '../../db/read/feed.ts';
import type { FeedWords } from '../domain/feed/feed-item.ts';
import { sayNotice } from '../domain/feed/say-notice.ts';
import type { MemberId } from '../domain/ids.ts';
import { findLoop } from '../../workflows/registry.ts';
import type { Call } from './route.ts';

/** An item with the words it is shown with. */
export type SaidItem = Omit<FeedItemView, 'content'> & { readonly words: FeedWords };

/** Puts a member's items into words: notices in the language and zone the member has today. An item whose program or loop is gone is left out. */
export async function sayItems({ tx, tenantId }: Pick<Call, 'tx' | 'tenantId'>, memberId: MemberId, items: readonly FeedItemView[]): Promise<SaidItem[]> {
  const programIds = items.flatMap(({ content }) => (content.kind === 'notice' ? [content.programId] : []));
  const context = programIds.length === 0 ? null : await feedWordsContext(tx, { tenantId, memberId, programIds });
  return items.flatMap(({ content, ...item }): SaidItem[] => {
    if (content.kind === 'words') return [{ ...item, words: content }];
    const program = context?.programs.get(content.programId);
    const book = program === undefined ? null : findLoop(program.loop)?.notices ?? null;
    if (context === null || program === undefined || book === null) return [];
    const { tenantName, zone, locale, unitTitles } = context;
    return [{ ...item, words: sayNotice(content, { book, unitTitles, locale, zone, programTitle: program.title, tenantName }) }];
  });
}
