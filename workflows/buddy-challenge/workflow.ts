import { liveLife } from '../kit/live-life.ts';
import { buddyChallengeDefinition } from './definition.ts';
import { gatherFriends } from './friends.ts';

const HOUR_MS = 3_600_000;
const NEWS = ['friend_opened', 'friend_came', 'friend_declined', 'friend_unreached', 'friend_asked_again', 'friend_began', 'friend_reached_value', 'friend_finished', 'rematch_began', 'friend_joined'] as const;

/**
 * Its whole life: let the mails leave, hear how friends come, play and sign up, tell the member of each result, and say at the end who won. Answers are
 * judged and rewards given where they are told (rows); this carries the time, and what it says is what they say.
 */
export const buddyChallenge = liveLife(buddyChallengeDefinition, async (run) => {
  const { startedAt, terms: { windowHours } } = run.input;
  const endsAt = startedAt + windowHours * HOUR_MS;
  const friends = gatherFriends(run.input);

  run.stage('offered');
  const sent = await run.deliver({ to: 'invitees' }, { before: endsAt });
  if (sent.outcome !== 'not_sent') friends.reach('sent'); // without a mail there is still the link to pass on
  run.stage(friends.stage());

  while (!friends.areDone()) {
    const news = await run.next(NEWS, { until: endsAt });
    if (news.kind === 'deadline') break;
    friends.note(news);
    run.stage(friends.stage());
    if (news.kind !== 'friend_finished') continue;
    const { guestId, round, right, of } = news.data;
    await run.tell({ to: 'member', step: `finished_${guestId.slice(-26)}_${String(round)}`, message: 'friend_finished', values: { right, of } });
    friends.reach('compared');
    run.stage(friends.stage());
  }
  return run.close(friends.outcome());
});
