import type { Delivered } from '../kit/deliver.ts';
import { liveLife, type LiveRun } from '../kit/live-life.ts';
import { streakRescueDefinition } from './definition.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const NEWS = ['buddy_joined', 'buddy_declined', 'buddy_unreached', 'buddy_asked_again', 'buddy_finished', 'member_finished', 'streak_saved_alone'] as const;

/** Its whole life: ask the buddy, wait for both to finish until two hours are over or the streak is, let both earn. */
export const streakRescue = liveLife(streakRescueDefinition, async (run) => {
  const { startedAt, streakEndsAt, terms: { windowMinutes, signUpDays } } = run.input;
  const until = Math.min(startedAt + windowMinutes * MINUTE_MS, streakEndsAt);
  if (until <= startedAt) return run.close('too_late');

  run.stage('asked');
  const asked = askBuddy(run, until); // nobody waits for it to leave: a buddy may come by the link before
  const heard = new Set<(typeof NEWS)[number]>();
  let isGuest = false;
  while (!(heard.has('member_finished') && heard.has('buddy_finished'))) {
    const news = await run.next(NEWS, { until });
    if (news.kind === 'deadline') return closeUnfinished(run, heard, await asked);
    heard.add(news.kind);
    if (news.kind === 'buddy_asked_again') heard.delete('buddy_unreached');
    if (news.kind === 'buddy_finished') isGuest = news.data.personId.startsWith('gst_');
    if (heard.has('buddy_joined') || heard.has('buddy_finished')) run.stage('co_practice');
    else if (news.kind === 'buddy_unreached') await run.tell({ to: 'member', step: 'unreached', message: 'unreached', values: { until }, until });
    else if (news.kind === 'streak_saved_alone') return run.close('saved_alone');
    else if (news.kind === 'buddy_declined' && wasNamed(run)) return run.close(heard.has('member_finished') ? 'member_alone' : 'declined');
    if (news.kind === 'buddy_joined') await run.tell({ to: 'member', step: 'joined', message: 'joined', values: { until }, until });
  }

  run.stage('rescued');
  const { granted } = await run.grant('rescued');
  await run.tell({ to: ['member', 'buddy', 'friend'], step: 'rescued', message: granted > 0 ? 'rescued' : 'saved', values: {} });
  // Only a member can have a shield: a guest who helped has theirs on signing up.
  if (isGuest) await grantOnSignUp(run, until + signUpDays * DAY_MS);
  return run.close('rescued');
});

type Rescue = LiveRun<typeof streakRescueDefinition>;

/** By a mail to an invitee or to the member who was named; null: the link alone, which the member passes on. */
async function askBuddy(run: Rescue, until: number): Promise<Delivered | null> {
  if (!wasNamed(run)) return null;
  // Whatever ends the life meanwhile ends the waits of the story, too.
  return (run.input.invited > 0 ? run.deliver({ to: 'invitees' }, { before: until }) : run.deliver({ to: 'buddy', step: 'ask', message: 'ask', values: { until } }, { before: until })).catch(() => null);
}

/** Of a link that is passed on nobody declines for all who have it. */
function wasNamed({ input: { invited, buddy } }: Rescue): boolean {
  return invited > 0 || buddy !== undefined;
}

/** Granting again gives who is new in it theirs, and takes all of it back where the guest turns out to be the member. */
async function grantOnSignUp(run: Rescue, until: number): Promise<void> {
  for (;;) {
    const joined = await run.next(['buddy_signed_up'], { until });
    if (joined.kind === 'deadline') return;
    await run.grant('rescued');
    if (joined.data.personId !== run.input.memberId) return;
  }
}

function closeUnfinished(run: Rescue, heard: ReadonlySet<string>, asked: Delivered | null) {
  if (heard.has('member_finished')) return run.close('member_alone');
  if (heard.has('buddy_finished')) return run.close('buddy_alone');
  if (heard.has('buddy_joined')) return run.close('unfinished');
  if (heard.has('buddy_unreached')) return run.close('not_sent', 'bounced');
  return asked?.outcome === 'not_sent' ? run.close('not_sent', asked.reason ?? undefined) : run.close('expired');
}
