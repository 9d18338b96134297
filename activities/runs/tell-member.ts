import { queueFeedItems } from '../../db/write/feed/queue-feed-items.ts';
import { readListeners, type RunListener } from '../../db/read/run-people.ts';
import type { NewFeedItem } from '../../src/domain/feed/new-feed-item.ts';
import { FEED_LIMITS } from '../../src/domain/feed/feed-item.ts';
import type { Keyring } from '../../src/config/keyring.ts';
import { asId } from '../../src/domain/ids.ts';
import { cleanLine } from '../../src/domain/message/clean-text.ts';
import { fillSlots } from '../../src/domain/message/placeholders.ts';
import { pickWords, sayValues } from '../../src/domain/message/render-run-message.ts';
import { findLiveLoop } from '../../workflows/registry.ts';
import { boardLinks } from './board-links.ts';
import type { RunsDeps } from './move-run.ts';

/** `until`: then it is no news any more (epoch ms). */
export type TellMemberInput = {
  readonly tenantId: string;
  readonly runId: string;
  readonly step: string;
  readonly to: readonly string[];
  readonly message: string;
  readonly values: Readonly<Record<string, string | number>>;
  readonly until: number | null;
  readonly deepLink: string | null;
};

/** Puts an item into the feeds of the members in some roles of a run, in their own languages: one a step and member. Of a run with a board it leads there, where it leads nowhere else. */
export async function tellMember({ db, clock, keyring }: RunsDeps & { readonly keyring: Keyring }, input: TellMemberInput): Promise<void> {
  const [tenantId, runId] = [asId('tnt', input.tenantId), asId('run', input.runId)];
  await db.asTenant(tenantId, async (tx) => {
    const listeners = await readListeners(tx, { tenantId, runId, roles: input.to });
    const hasBoard = listeners.some(({ loop }) => findLiveLoop(loop)?.definition.life.board !== undefined);
    const linkOf = hasBoard ? await boardLinks(tx, keyring, { tenantId, runId }) : () => null;
    const items = listeners.map((listener) => feedItemFor(listener, { ...input, deepLink: input.deepLink ?? linkOf(listener.memberId) }));
    await queueFeedItems(tx, { tenantId, items, now: clock.now() });
  });
}

/** A message of the run's loop as an item for one member's feed, in the member's language. */
export function feedItemFor({ memberId, programId, loop, topic, programTitle, tenantName, locale, zone }: RunListener, { runId, step, message, values, until, deepLink }: Omit<TellMemberInput, 'tenantId' | 'to'>): NewFeedItem {
  const live = findLiveLoop(loop);
  if (live === null) throw new Error(`the loop ${loop} has no words`);
  const { dates, words } = pickWords({ copy: live.words, locale, message });
  const said = { ...sayValues({ kinds: live.definition.life.messages?.[message] ?? {}, values, zone }, dates), programTitle, tenantName, recipientName: '' };
  const say = (template: string, most: number): string => cleanLine(fillSlots(template, said), most);
  return {
    key: `${runId}:${step}`, kind: 'notification', memberId, programId, topic,
    content: { kind: 'words', title: say(words.subject, FEED_LIMITS.title), body: say(words.paragraphs[0], FEED_LIMITS.body), callToAction: say(words.callToAction, FEED_LIMITS.callToAction) },
    deepLink,
    ...(until === null ? {} : { expiresAt: until }),
  };
}
