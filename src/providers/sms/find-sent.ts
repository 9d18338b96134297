import { z } from 'zod';
import type { TwilioCaller } from './twilio-call.ts';
import { phoneless } from './phoneless.ts';

/** What an attempt of unknown outcome looked like. */
export type Sought = {
  /** E.164. */
  readonly to: string;
  readonly text: string;
  /** Something that only this attempt's text holds, such as its link: found in a text that the vendor changed a little. */
  readonly marker?: string;
  /** When the attempt's request ran, epoch ms. */
  readonly from: number;
  readonly until: number;
  /** Messages that are known to be other attempts'. */
  readonly others?: ReadonlySet<string>;
};

/**
 * `found`: the vendor has it, once. `not_found`: it does not, as far as it lists. `unclear`: it could not be asked, has
 * removed texts, or lists more than can be told apart.
 */
export type Found =
  | { readonly outcome: 'found'; readonly providerMessageId: string; readonly status: string; readonly errorCode: number | null }
  | { readonly outcome: 'not_found' }
  | { readonly outcome: 'unclear'; readonly detail: string };

export type FindSent = (sought: Sought) => Promise<Found>;

const listed = z.object({
  sid: z.string(),
  direction: z.string(),
  body: z.string().nullable(),
  status: z.string(),
  error_code: z.number().nullable(),
  date_created: z.string().nullable(),
});
const list = z.object({ messages: z.array(listed), next_page_uri: z.string().nullish() });
type Listed = z.output<typeof listed>;

/** Clocks differ, and the list knows seconds only. */
const SLACK_MS = 60_000;
const PAGE_SIZE = 200;

/**
 * Looks for a message by recipient, time and text: the list tells neither the callback nor anything else of ours. Asks
 * twice, within the window of `DateSent` and without: what still waits in the vendor's queue has no such date.
 * Ask when a minute or two have passed; a list may lag behind.
 */
export function findSentWith(caller: TwilioCaller): FindSent {
  return async (sought) => {
    const window = { dateSentAfter: new Date(sought.from - SLACK_MS), dateSentBefore: new Date(sought.until + SLACK_MS + 10 * 3_600_000) };
    const pages = [await ask(caller, { to: sought.to, ...window }), await ask(caller, { to: sought.to })];
    const trouble = pages.find((page) => typeof page === 'string');
    const seen = new Map(pages.flatMap((page) => (typeof page === 'string' ? [] : page.messages.map((message) => [message.sid, message] as const))));
    const candidates = [...seen.values()].filter((message) => isInTime(message, sought) && message.direction.startsWith('outbound') && sought.others?.has(message.sid) !== true);
    const same = candidates.filter(({ body }) => hasText(body, sought));
    const [only] = same;
    if (only !== undefined && same.length === 1) return { outcome: 'found', providerMessageId: only.sid, status: only.status, errorCode: only.error_code };
    if (only !== undefined) return { outcome: 'unclear', detail: `${same.length} messages with this text` };
    if (typeof trouble === 'string') return { outcome: 'unclear', detail: trouble };
    if (candidates.some(({ body }) => body === null || body === '')) return { outcome: 'unclear', detail: 'the vendor has removed the text of a message of that time' };
    return isWhole(pages[0]) ? { outcome: 'not_found' } : { outcome: 'unclear', detail: 'more messages of that time than one page' };
  };
}

type Page = z.output<typeof list>;

async function ask(caller: TwilioCaller, filter: { to: string; dateSentAfter?: Date; dateSentBefore?: Date }): Promise<Page | string> {
  const told = await caller.call((messages) => messages.page({ ...filter, pageSize: PAGE_SIZE }));
  if (told.kind === 'silence') return phoneless(told.silence.code ?? 'no answer');
  const page = list.safeParse(told.answer.body);
  return told.answer.status === 200 && page.success ? page.data : `HTTP ${told.answer.status}`;
}

function isWhole(page: Page | string | undefined): boolean {
  return typeof page === 'object' && (page.next_page_uri ?? null) === null;
}

function isInTime({ date_created: date }: Listed, { from, until }: Sought): boolean {
  const createdAt = Date.parse(date ?? '');
  // a date we cannot read rules nothing out
  return Number.isNaN(createdAt) || (createdAt >= from - SLACK_MS && createdAt <= until + SLACK_MS);
}

/** The same text, or one that ends in it (a trial account puts words before it); white space may differ. */
function hasText(body: string | null, { text, marker }: Sought): boolean {
  const [kept, own] = [plain(body ?? ''), plain(text)];
  return own !== '' && (kept === own || kept.endsWith(own) || (marker !== undefined && marker !== '' && kept.includes(marker)));
}

function plain(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}
