import type { FactKind, FactOf, OutcomeOf, StageOf } from '../kit/run-definition.ts';
import type { LifeDefinition } from '../kit/live-life.ts';
import type { buddyChallengeDefinition } from './definition.ts';

type Life = LifeDefinition<typeof buddyChallengeDefinition>;
type Stage = StageOf<Life>;
export type FriendNews = FactOf<Life, FactKind<Life>>;

/** What was agreed at the start. */
type Challenge = { readonly score?: number; readonly invited: number; readonly terms: { readonly places: number; readonly rematches: number } };
type Friend = { readonly right: number; readonly round: number };

const IN_ORDER: readonly Stage[] = ['offered', 'sent', 'opened', 'playing', 'completed', 'compared', 'rewarded'];

/** What a challenge knows of its friends, whatever the order in which it hears of them, however often. */
export function gatherFriends({ score, invited, terms: { places, rematches } }: Challenge) {
  const began = new Set<string>();
  const valued = new Set<string>();
  const finished = new Map<string, Friend>();
  const joined = new Set<string>();
  let came = 0;
  let declined = 0;
  let gotIt = invited;
  let reached: Stage = 'offered';
  const reach = (stage: Stage): void => { if (IN_ORDER.indexOf(stage) > IN_ORDER.indexOf(reached)) reached = stage; };
  /** All who were asked by name and got the mail. Of a link that is passed on nobody declines for whoever else has it: without them only its time ends it. */
  const haveAllDeclined = (): boolean => gotIt > 0 && declined >= gotIt;
  const isSettled = ({ right, round }: Friend): boolean => rematches === 0 || round > 1 || (score !== undefined && right > score);

  return {
    note(news: FriendNews): void {
      switch (news.kind) {
        case 'friend_opened': return reach('opened');
        case 'friend_came': came += 1; return reach('opened');
        case 'friend_declined': declined += 1; return;
        case 'friend_unreached': gotIt = Math.min(gotIt, news.data.reached); return;
        case 'friend_asked_again': gotIt = news.data.reached; return;
        case 'friend_began': began.add(news.data.guestId); return reach('playing');
        case 'rematch_began': return;
        case 'friend_reached_value': valued.add(news.data.guestId); return reach(joined.size > 0 ? 'rewarded' : 'playing');
        case 'friend_joined': joined.add(news.data.personId); if (valued.size > 0) reach('rewarded'); return;
        case 'friend_finished': {
          const { guestId, right, round } = news.data;
          if ((finished.get(guestId)?.round ?? 0) < round) finished.set(guestId, { right, round });
          return reach('completed');
        }
      }
    },
    /** The furthest that it has come; it never goes back. */
    stage: (): Stage => reached,
    reach,
    /** Nothing more can come of it: all places are played to the end, rematch included, and signed up; or all who were asked would rather not. */
    areDone(): boolean {
      if (came === 0 && began.size === 0 && haveAllDeclined()) return true;
      return joined.size >= places && finished.size >= places && [...finished.values()].every(isSettled);
    },
    outcome(): OutcomeOf<Life> {
      const best = Math.max(...[...finished.values()].map(({ right }) => right));
      if (finished.size > 0) return score === undefined ? 'played' : best > score ? 'lost' : best === score ? 'tied' : 'won';
      if (began.size > 0) return 'unfinished';
      return came === 0 && haveAllDeclined() ? 'declined' : 'expired';
    },
  };
}
