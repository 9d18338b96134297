import type { CopyBook, LocaleCopy } from '../src/domain/message/copy.ts';
import type { LiveCopy, LiveWords } from '../src/domain/message/live-copy.ts';
import type { NoticeBook } from '../src/domain/message/notice-copy.ts';
import type { LiveLoopDefinition } from '../src/domain/program/live-loop.ts';
import type { LoopDefinition } from '../src/domain/program/terms.ts';
import { buddyChallengeCopy } from './buddy-challenge/copy.ts';
import { buddyChallengeDefinition } from './buddy-challenge/definition.ts';
import { achievementSpotlightCopy } from './achievement-spotlight/copy.ts';
import { achievementSpotlightDefinition } from './achievement-spotlight/definition.ts';
import { inviteCopy } from './invite/copy.ts';
import { inviteDefinition } from './invite/definition.ts';
import { proudParentCopy } from './proud-parent/copy.ts';
import { proudParentDefinition } from './proud-parent/definition.ts';
import { referralNotices } from './referral/copy.ts';
import { referralDefinition } from './referral/definition.ts';
import { resultsRallyCopy } from './results-rally/copy.ts';
import { resultsRallyDefinition } from './results-rally/definition.ts';
import { sellerToBuyerCopy } from './seller-to-buyer/copy.ts';
import { sellerToBuyerDefinition } from './seller-to-buyer/definition.ts';
import { streakRescueCopy } from './streak-rescue/copy.ts';
import { streakRescueDefinition } from './streak-rescue/definition.ts';
import { studyBuddyNudgeCopy } from './study-buddy-nudge/copy.ts';
import { studyBuddyNudgeDefinition } from './study-buddy-nudge/definition.ts';

/* Every loop, its definition and its words; the API, console, reports and docs read loops from here. One line a loop. */
const table = {
  invite: { definition: inviteDefinition, copy: inviteCopy, notices: referralNotices, words: null },
  referral: { definition: referralDefinition, copy: null, notices: referralNotices, words: null },
  'buddy-challenge': live(buddyChallengeDefinition, buddyChallengeCopy),
  'proud-parent': live(proudParentDefinition, proudParentCopy),
  'achievement-spotlight': live(achievementSpotlightDefinition, achievementSpotlightCopy),
  'results-rally': live(resultsRallyDefinition, resultsRallyCopy),
  'seller-to-buyer': live(sellerToBuyerDefinition, sellerToBuyerCopy),
  'streak-rescue': live(streakRescueDefinition, streakRescueCopy),
  'study-buddy-nudge': live(studyBuddyNudgeDefinition, studyBuddyNudgeCopy),
};

export type LoopKey = keyof typeof table;
export type Loop<Key extends string = string> = {
  readonly definition: LoopDefinition<Key>;
  /** To invitees; null: it invites nobody by message. */
  readonly copy: CopyBook | null;
  /** To members, of rewards and of those they brought; null: it tells them nothing. */
  readonly notices: NoticeBook | null;
  /** All the words of a live loop; null: it is none. */
  readonly words: LiveCopy | null;
};
/** A loop with a life of its own. */
export type LiveLoop<Key extends string = string> = Loop<Key> & { readonly definition: LiveLoopDefinition<Key>; readonly words: LiveCopy };

/** Total, and each under its own key: a definition with another key does not compile. */
export const loops: { readonly [Key in LoopKey]: Loop<Key> } = table;

/** A loop by its key, as it comes from outside; null when there is none of that name. */
export function findLoop(key: string): Loop<LoopKey> | null {
  return isLoopKey(key) ? loops[key] : null;
}

/** The same of one that is started as runs; null also where it is another. */
export function findLiveLoop(key: string): LiveLoop<LoopKey> | null {
  const loop = findLoop(key);
  return loop !== null && isLive(loop) ? loop : null;
}

/** The keys of all live loops. */
export function liveLoopKeys(): LoopKey[] {
  return Object.values(loops).filter(isLive).map(({ definition }) => definition.key);
}

export function isLoopKey(key: string): key is LoopKey {
  return Object.hasOwn(loops, key);
}

function isLive<Key extends string>(loop: Loop<Key>): loop is LiveLoop<Key> {
  return loop.definition.life !== undefined && loop.words !== null;
}

/** The line of a live loop: its words to invitees are those of its copy. */
function live<const Key extends string>(definition: LiveLoopDefinition<Key>, words: LiveCopy): LiveLoop<Key> {
  return { definition, copy: inviteBook(words), notices: referralNotices, words };
}

function inviteBook(words: LiveCopy): CopyBook | null {
  const { en } = words;
  if (en.invite === undefined) return null;
  const others = Object.entries(words).flatMap(([language, { invite }]: [string, LiveWords]): [string, LocaleCopy][] => (invite === undefined ? [] : [[language, invite]]));
  return { ...Object.fromEntries(others), en: en.invite };
}
