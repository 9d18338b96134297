import { readListenersById } from '../../db/read/run-people.ts';
import { queueFeedItems } from '../../db/write/feed/queue-feed-items.ts';
import { noteRanks } from '../../db/write/rally/note-ranks.ts';
import type { Keyring } from '../../src/config/keyring.ts';
import { asId } from '../../src/domain/ids.ts';
import { boardLinks } from './board-links.ts';
import type { RunsDeps } from './move-run.ts';
import { feedItemFor } from './tell-member.ts';

/** `message`: of the loop's, with `rank` and `places`; `aDay`: how often somebody gets it within 24 hours; `until`: then it is no news any more (epoch ms). */
export type LookAtBoardInput = { readonly tenantId: string; readonly runId: string; readonly message: string; readonly aDay: number; readonly until: number };
export type BoardLook = { readonly nudged: number };

/**
 * Looks at the ranks of a run's board: notes them, and puts an item into the feed of each member who was overtaken since the last look, leading to the board, with a
 * push by the rules of any message. Of a board that is over nobody is told. One transaction: nobody is told twice of one look, and a repeat after it finds nothing new.
 */
export async function lookAtBoard({ db, clock, keyring }: RunsDeps & { readonly keyring: Keyring }, { message, aDay, until, ...input }: LookAtBoardInput): Promise<BoardLook> {
  const [tenantId, runId] = [asId('tnt', input.tenantId), asId('run', input.runId)];
  return db.asTenant(tenantId, async (tx) => {
    const now = clock.now();
    if (now >= until) return { nudged: 0 }; // an operator paused it until then
    const noted = await noteRanks(tx, { tenantId, runId, aDay, now });
    if (noted === null || noted.nudged.length === 0) return { nudged: 0 };
    const listeners = new Map((await readListenersById(tx, { tenantId, runId, memberIds: noted.nudged.map(({ personId }) => personId) })).map((one) => [one.memberId, one]));
    const linkOf = await boardLinks(tx, keyring, { tenantId, runId });
    const queued = await queueFeedItems(tx, {
      tenantId, now,
      items: noted.nudged.flatMap(({ personId, rank, notedRank }) => {
        const listener = listeners.get(personId);
        if (listener === undefined) return [];
        const values = { rank, places: rank - (notedRank ?? rank) };
        return [{ ...feedItemFor(listener, { runId, step: `overtaken_${String(noted.look)}`, message, values, until: Math.min(until, noted.endsAt), deepLink: linkOf(personId) }), push: true }];
      }),
    });
    return { nudged: queued.filter(({ outcome }) => outcome === 'queued').length };
  });
}
