import { isIP } from 'node:net';
import { isInternalAddress } from './internal-address.ts';

export type UrlCheck = { outcome: 'allowed'; url: URL } | { outcome: 'refused'; reason: 'bad_url' | 'internal_address'; say: string };

const LONGEST_URL = 500;
/** Names that no public server has (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`), and those that clouds use inside. */
const INTERNAL_SUFFIXES = ['localhost', 'local', 'internal', 'intranet', 'lan', 'home.arpa', 'localdomain'];

/**
 * May a webhook go to this address, as far as can be told without asking a name server? Allowed is a whole `https://` address without
 * user and fragment, whose host is neither an internal address nor a name that only exists inside a network. What a name leads to is
 * looked at whenever something is sent. `allowInternal` is for development: `http://` and any host. The words name what to do, and repeat nothing of the address.
 */
export function checkWebhookUrl(text: string, { allowInternal }: { allowInternal: boolean }): UrlCheck {
  if (text.length > LONGEST_URL) return bad(`An address has at most ${String(LONGEST_URL)} characters.`);
  if (/[\p{Cc}\s\\]/u.test(text)) return bad('An address holds no spaces, control characters or backslashes.');
  if (!/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text)) return bad('Give a whole address that starts with https://.');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !allowInternal) return bad('The address has to start with https://.');
  if (url.username !== '' || url.password !== '') return bad('The address may name no user or password: who calls is told by the signature.');
  if (url.hash !== '') return bad('The address may have no fragment: leave out what stands after the #.');
  if (url.port === '0') return bad('There is no port 0.');
  return allowInternal || !isInternalHost(hostOf(url)) ? { outcome: 'allowed', url }
    : { outcome: 'refused', reason: 'internal_address', say: 'The host is an internal address or a name that only exists inside a network. Give one that is reached from the internet.' };
}

/** The host as a name or an IP address, without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

function isInternalHost(host: string): boolean {
  if (isIP(host) !== 0) return isInternalAddress(host);
  const name = host.replace(/\.$/, '');
  return !name.includes('.') || INTERNAL_SUFFIXES.some((suffix) => name.endsWith(`.${suffix}`));
}

function bad(say: string): UrlCheck {
  return { outcome: 'refused', reason: 'bad_url', say };
}
