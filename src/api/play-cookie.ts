/** A guest's browser keeps the token so long: longer than any challenge runs. */
const KEPT_SECONDS = 60 * 86_400;
const GUEST = 'flywheel_guest';
const OWN = 'flywheel_own';

/** Where a challenge is played. The link's code stands in it and no secret: whoever gets it from a guest is led to the invitation. */
export function playPath(code: string): string {
  return `/play/${code}`;
}

/**
 * Whole `Set-Cookie` values for a guest who was admitted by a link: for its play page, and for its invitation, which can so lead back to
 * the game instead of taking another place. Put them on the answer one by one. `secure`: the tenant is served by https.
 */
export function guestCookies(code: string, token: string, secure: boolean): string[] {
  return [playPath(code), `/i/${code}`].map((path) => cookie(GUEST, token, path, secure));
}

/** The token that a guest's browser brings; null: none. Whether it opens anything, the database tells. */
export function guestTokenIn(cookies: string | undefined): string | null {
  return valueIn(cookies, GUEST);
}

/** Marks the browser of the member whose link this is, where it opens the waiting page: the invitation then knows who is no friend. */
export function ownLinkCookie(code: string, secure: boolean): string {
  return cookie(OWN, '1', `/i/${code}`, secure);
}

export function isOwnLinkIn(cookies: string | undefined): boolean {
  return valueIn(cookies, OWN) !== null;
}

function cookie(name: string, value: string, path: string, secure: boolean): string {
  return `${name}=${value}; Path=${path}; Max-Age=${String(KEPT_SECONDS)}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

function valueIn(cookies: string | undefined, name: string): string | null {
  const pair = (cookies ?? '').split(';').map((part) => part.trim()).find((part) => part.startsWith(`${name}=`));
  return pair?.slice(name.length + 1) ?? null;
}
