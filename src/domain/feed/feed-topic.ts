import type { MemberId } from '../ids.ts';

/** By which streams of a member's feed are told to look again. */
export function feedTopic(memberId: MemberId): string {
  return `feed/${memberId}`;
}
