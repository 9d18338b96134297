import { mondayAfter } from '../../src/domain/report/monday-after.ts';
import { liveLife } from '../kit/live-life.ts';
import { proudParentDefinition } from './definition.ts';

const DAY_MS = 86_400_000;

/**
 * Its whole life: the card on the Monday after the week, news of each friend's child until the next card. In which hour of that Monday it
 * leaves say the program's send rules, by the parent's own clock; what friends earn for the parent, the program's rewards.
 */
export const proudParent = liveLife(proudParentDefinition, async (run) => {
  const { week, skillsImproved, minutes, streakDays, terms: { waitDays } } = run.input;
  const monday = mondayAfter(week);

  run.stage('waiting');
  await run.next([], { until: monday.beginsAt });

  run.stage('sending');
  const card = await run.deliver({ to: 'member', step: 'card', message: 'card', values: { skillsImproved, minutes, streakDays } }, { before: monday.endsAt });
  if (card.outcome === 'not_sent') return run.close('not_sent', card.reason ?? undefined); // an unknown hand-off may have arrived: go on

  run.stage('shared');
  const until = monday.beginsAt + waitDays * DAY_MS;
  for (let hasJoined = false; ; hasJoined = true) {
    const news = await run.next(['friend_activated'], { until });
    if (news.kind === 'deadline') return run.close(hasJoined ? 'shared_and_joined' : 'quiet_week');
    run.stage('joined');
    await run.tell({ to: 'member', step: `joined_${news.data.referralId.slice(-26)}`, message: 'friend_activated', values: {}, until: until + DAY_MS });
  }
});
