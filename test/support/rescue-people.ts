import type { LiveRunLife } from './live-runs.ts';

/** A buddy who is a member of the app, and one who is a guest. */
export const MEMBER = 'mbr_01ksr49200081040g2081040bb';
export const GUEST = 'gst_01ksr49200081040g2081040bb';

/** What the two do, as the run hears of it. A buddy is a member of the app unless it is a guest. */
export function people({ tell }: LiveRunLife, personId = MEMBER) {
  return {
    joins: () => tell('buddy_joined', { id: 'joined' }),
    declines: () => tell('buddy_declined', { id: 'declined' }),
    buddyFinishes: () => tell('buddy_finished', { id: 'buddy', data: { personId, role: 'friend' } }),
    memberFinishes: () => tell('member_finished', { id: 'member' }),
    practisesAlone: () => tell('streak_saved_alone', { id: 'alone' }),
    signsUp: (as = MEMBER) => tell('buddy_signed_up', { id: `signed-up-${as}`, data: { personId: as } }),
  };
}
