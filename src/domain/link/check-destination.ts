import { hostnameOf, isLoopback, parseUrl } from './hosts.ts';

/** What a tenant lets its links lead to: entries are `host` or `host:port`, compared whole. */
export type DestinationRules = { publicUrl: string; allowedDestinations: readonly string[] };
export type DestinationCheck = { outcome: 'allowed'; href: string } | { outcome: 'refused'; say: string };

export const LONGEST_DESTINATION = 2_000;
const ABSOLUTE = /^(https?):\/\/([^/?#]*)/i;
const CONTROL_OR_SPACE = /[\p{Cc}\s]/u;

/**
 * May a link lead there? Checked when a link is made and again at every redirect, for the list may have changed.
 * Allowed is an absolute `https://` URL whose host stands on the tenant's list; `http://` and any port only on this
 * machine itself, and only for a tenant that is served there, which is development. Refused with words to act on is
 * everything that readers of URLs understand in different ways: backslashes, control characters, `user@`, hosts
 * written so that they mean another (letters of other scripts, percent signs, numbers, a dot at the end). The words
 * repeat nothing of the destination, which may hold what is secret.
 */
export function checkDestination(destination: string, rules: DestinationRules): DestinationCheck {
  const written = ABSOLUTE.exec(destination);
  if (destination.length > LONGEST_DESTINATION) return refused(`a destination has at most ${String(LONGEST_DESTINATION)} characters`);
  if (written === null) return refused('a destination is a whole address that starts with https://');
  if (CONTROL_OR_SPACE.test(destination)) return refused('a destination holds no spaces or control characters: write them as %20');
  if (destination.includes('\\')) return refused('a destination holds no backslash: write it as %5C');
  const [scheme = '', authority = ''] = [written[1]?.toLowerCase(), written[2]?.toLowerCase()];
  if (authority.includes('@')) return refused('a destination names no user: leave out what stands before the @');
  const url = parseUrl(destination);
  if (url === null) return refused('the destination is not an address a browser understands');
  if (withoutDefaultPort(scheme, authority) !== url.host) return refused('write the host of the destination plainly: small ASCII letters, no escapes, no dot at its end, an international name in its xn-- form');
  const here = isLoopback(url.hostname);
  if (here && !isLoopback(hostnameOf(rules.publicUrl) ?? '')) return refused('a destination on this machine itself opens for nobody else');
  if (url.protocol !== 'https:' && !here) return refused('a destination starts with https://');
  const listed = rules.allowedDestinations.some((entry) => isListed(url, entry.trim().toLowerCase()));
  if (listed) return { outcome: 'allowed', href: url.href };
  return refused(`the host of the destination is not allowed; this tenant's links may lead to ${rules.allowedDestinations.join(', ') || 'no host yet'}`);
}

function isListed(url: URL, entry: string): boolean {
  return url.host === entry || (url.hostname === entry && isLoopback(url.hostname));
}

function withoutDefaultPort(scheme: string, authority: string): string {
  const port = scheme === 'https' ? ':443' : ':80';
  return authority.endsWith(port) ? authority.slice(0, -port.length) : authority;
}

function refused(say: string): DestinationCheck {
  return { outcome: 'refused', say };
}
