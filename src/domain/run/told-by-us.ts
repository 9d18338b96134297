import { PAGE_HAPPENINGS } from '../landing/life-page.ts';
import { PLAY_HAPPENINGS } from '../play/guest-role.ts';

/** What runs hear from our own pages and rows alone: an app's event of such a type is stored as its own, and tells no run. */
export const TOLD_BY_US: readonly string[] = [...PAGE_HAPPENINGS, ...PLAY_HAPPENINGS, 'referral_activated'];

export function isToldByUs(type: string): boolean {
  return TOLD_BY_US.includes(type);
}
