import type { TouchId } from '../ids.ts';
import { landingUrl, type Utm } from '../link/landing-url.ts';

/**
 * Where a guest goes to sign up: the program's destination with `guestToken`, for the app to send with `signed_up`, and with the `clickId` of the visit
 * by which the guest came. What else stands in the destination stays as it is. `destination` has passed `checkDestination`.
 */
export function signUpUrl(destination: string, { clickId, utm, guestToken }: { clickId: TouchId | null; utm: Utm; guestToken: string }): string {
  const url = new URL(clickId === null ? destination : landingUrl(destination, { id: clickId, utm, asked: new URLSearchParams() }));
  const pairs = url.search === '' ? [] : url.search.slice(1).split('&').filter((pair) => !pair.startsWith('guestToken='));
  url.search = [...pairs, `guestToken=${guestToken}`].join('&');
  return url.href;
}
