/** A guest's browser keeps the token so long: longer than any challenge runs. */
const KEPT_SECONDS = 60 * 86_400;
const GUEST = 'flywheel_guest';
const OWN = 'flywheel_own';

/** Where a challenge is played. The link's code stands in it and no secret: whoever gets it from a guest is led to the invitation. */
export function playPath(code: string): string {
  return `/play/${code}`;
}

/** Below it are the members' own pages. */
const OWN_PAGES = '/w';

/**
 * Whole `Set-Cookie` values for a guest who was admitted by a link: for its play page; for its invitation, which can so lead back to
 * the game instead of taking another place; and for members' own pages, where nobody who plays as a guest plays the member's part, too: there one a link, so
 * that the next invitation does not take its place. Put them on the answer one by one. `secure`: the tenant is served by https.
 */
export function guestCookies(code: string, token: string, secure: boolean): string[] {
  return [...[playPath(code), `/i/${code}`].map((path) => cookie(GUEST, token, path, secure)), cookie(`${GUEST}_${code}`, token, OWN_PAGES, secure)];
}

/** The token that a guest's browser brings; null: none. Whether it opens anything, the database tells. */
export function guestTokenIn(cookies: string | undefined): string | null {
  return valueIn(cookies, GUEST);
}

/** All tokens of guests that a browser brings to a member's own page. */
export function guestTokensIn(cookies: string | undefined): string[] {
  return pairsIn(cookies).flatMap((pair) => (pair.startsWith(`${GUEST}_`) ? [pair.slice(pair.indexOf('=') + 1)] : []));
}

/** Marks the browser of a member who opens a page of their own (`mark`: `ownMark`): the invitations of all their runs then know who is no friend. */
export function ownCookie(mark: string, secure: boolean): string {
  return cookie(OWN, mark, '/i', secure);
}

/** The mark that a browser brings; null: none. Whose it is, `isOwnMark` tells. */
export function ownMarkIn(cookies: string | undefined): string | null {
  return valueIn(cookies, OWN);
}

function cookie(name: string, value: string, path: string, secure: boolean): string {
  return `${name}=${value}; Path=${path}; Max-Age=${String(KEPT_SECONDS)}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

function valueIn(cookies: string | undefined, name: string): string | null {
  const pair = pairsIn(cookies).find((each) => each.startsWith(`${name}=`));
  return pair?.slice(name.length + 1) ?? null;
}

function pairsIn(cookies: string | undefined): string[] {
  return (cookies ?? '').split(';').map((part) => part.trim());
}
