import { isIP } from 'node:net';

/** Where and how to reach the relay. `requireTls` is on by default when a password would otherwise cross a network in the clear. */
export type SmtpAddress = {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly auth?: { readonly user: string; readonly pass: string };
  readonly requireTls: boolean;
  readonly ignoreTls: boolean;
  readonly rejectUnauthorized: boolean;
  readonly ehloName?: string;
};

export type SmtpUrl = { readonly outcome: 'ok'; readonly address: SmtpAddress } | { readonly outcome: 'invalid'; readonly message: string };

const FLAGS: ReadonlySet<string> = new Set(['requireTLS', 'ignoreTLS', 'tls.rejectUnauthorized']);
const KNOWN = [...FLAGS, 'name'].join(', ');

/**
 * Reads `smtp://[user:password@]host[:port]` (STARTTLS when offered; port 587) or `smtps://…` (TLS from the first
 * byte; port 465), with the query options `requireTLS`, `ignoreTLS`, `tls.rejectUnauthorized` (true or false) and
 * `name` (said in EHLO). User and password are percent-encoded. The message of a refusal never repeats the password.
 */
export function parseSmtpUrl(raw: string): SmtpUrl {
  const url = URL.canParse(raw.trim()) ? new URL(raw.trim()) : null;
  if (url === null) return invalid('it is not a URL');
  if (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') return invalid(`it starts with ${url.protocol}//`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (host === '') return invalid('the host is missing');
  if (url.pathname !== '' && url.pathname !== '/') return invalid('a path has no meaning here; a "/" in a password is written %2F');
  if (url.hash !== '') return invalid('a "#" in a password is written %23');
  const user = decoded(url.username);
  const pass = decoded(url.password);
  if (user === null || pass === null) return invalid('a "%" in the user or password is written %25');
  if ((user === '') !== (pass === '')) return invalid(user === '' ? 'the password has no user' : 'the user has no password');

  for (const [key, value] of url.searchParams) {
    if (!FLAGS.has(key) && key !== 'name') return invalid(`the option ${key.slice(0, 40)} is not known (known: ${KNOWN})`);
    if (FLAGS.has(key) && value !== 'true' && value !== 'false') return invalid(`${key} is true or false`);
  }
  const name = url.searchParams.get('name');
  if (name !== null && !/^[A-Za-z0-9.:[\]-]{1,255}$/.test(name)) return invalid('name is a host name');
  const requireTls = url.searchParams.get('requireTLS');
  const ignoreTls = url.searchParams.get('ignoreTLS') === 'true';
  if (requireTls === 'true' && ignoreTls) return invalid('requireTLS and ignoreTLS contradict each other');

  const secure = url.protocol === 'smtps:';
  return {
    outcome: 'ok',
    address: {
      host,
      port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
      secure,
      ...(user === '' ? {} : { auth: { user, pass } }),
      requireTls: !secure && (requireTls === null ? user !== '' && !ignoreTls && !isLoopback(host) : requireTls === 'true'),
      ignoreTls,
      rejectUnauthorized: url.searchParams.get('tls.rejectUnauthorized') !== 'false',
      ...(name === null ? {} : { ehloName: name }),
    },
  };
}

function invalid(why: string): SmtpUrl {
  return {
    outcome: 'invalid',
    message: `The SMTP URL cannot be used: ${why}. Expected smtp://user:password@host:587 or smtps://user:password@host:465.`,
  };
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
