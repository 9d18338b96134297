import { PAGE_HAPPENINGS } from '../landing/life-page.ts';
import { PLAY_HAPPENINGS } from '../play/guest-role.ts';

/**
 * A message of the run, or an invite of its start, came back after it had left. Its `member` may hear of it: with `step`, and with `reached`: how many people
 * that step has reached, whose last message of it has not come back.
 */
export const MESSAGE_BOUNCED = 'message_bounced';

/** An operator has sent the messages of a step once more, with `step` and `reached` as above, those that wait included. The `member` may hear of it: what had come back may arrive now. */
export const MESSAGE_SENT_AGAIN = 'message_sent_again';

/** What runs hear from our own pages and rows alone: an app's event of such a type is stored as its own, and tells no run. */
export const TOLD_BY_US: readonly string[] = [...PAGE_HAPPENINGS, ...PLAY_HAPPENINGS, 'referral_activated', MESSAGE_BOUNCED, MESSAGE_SENT_AGAIN];

export function isToldByUs(type: string): boolean {
  return TOLD_BY_US.includes(type);
}
