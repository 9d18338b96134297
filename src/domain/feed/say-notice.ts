import { cleanLine } from '../message/clean-text.ts';
import { pickLocale } from '../message/copy.ts';
import { canonicalTag } from '../message/locale-tags.ts';
import type { NoticeBook } from '../message/notice-copy.ts';
import { fillSlots } from '../message/placeholders.ts';
import { NAME_MAX } from '../message/placeholder-values.ts';
import { saidValues } from '../message/render-notice.ts';
import { FEED_LIMITS, type FeedNotice, type FeedWords } from './feed-item.ts';

/** What is known where the words are read: see `NoticeContext`. */
export type NoticeSaidIn = {
  readonly book: NoticeBook;
  readonly unitTitles: ReadonlyMap<string, string>;
  readonly locale: string | null;
  readonly zone: string;
  readonly programTitle: string;
  readonly tenantName: string;
};

/** A notice in the words of its mail, as short as a feed is: the mail's subject, and the line that inboxes show beside it. Pure. Throws for a value that its words name and it has not. */
export function sayNotice({ notice, values }: FeedNotice, { book, unitTitles, locale, zone, programTitle, tenantName }: NoticeSaidIn): FeedWords {
  const picked = pickLocale(book, canonicalTag(locale));
  const said = { ...saidValues({ values, unitTitles, zone }, picked), tenantName: cleanLine(tenantName, NAME_MAX), programTitle: cleanLine(programTitle, NAME_MAX) };
  const say = (template: string, max: number): string => cleanLine(fillSlots(template, said), max);
  const words = picked.copy.kinds[notice];
  return { kind: 'words', title: say(words.subject, FEED_LIMITS.title), body: say(words.preheader, FEED_LIMITS.body), callToAction: say(words.callToAction, FEED_LIMITS.callToAction) };
}
