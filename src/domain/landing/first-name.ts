import { cleanPersonName } from '../message/clean-text.ts';

/**
 * How a page for somebody who may be a stranger names a member: by the first word of the name that the app gave for its invitations, and
 * by nothing where that name may not stand in a mail either (an address, a link, a number, no letter). A page can be passed on to anybody, so it says less than a mail.
 */
export function firstNameOf(name: string | null): string | null {
  const [first = ''] = (cleanPersonName(name) ?? '').split(' ');
  return /\p{L}/u.test(first) ? first : null;
}
