import { isIPv4 } from 'node:net';

/** A name for this machine itself: such hosts exist in development only. Takes a URL's `hostname`. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]'
    || (isIPv4(hostname) && hostname.startsWith('127.'));
}

/** Reads a URL as browsers do; null where they would not. */
export function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/** The host name in `name`, `name:port` or a URL, as browsers write it; null where it is none. */
export function hostnameOf(text: string): string | null {
  const url = parseUrl(text.includes('://') ? text : `http://${text}`);
  return url === null || url.hostname === '' ? null : url.hostname;
}

/**
 * Is a tenant's link served on the host a request names? On the host of its public URL and on its link hosts,
 * whatever the port: proxies drop it. All names of this machine are one, so that a link that says `localhost`
 * opens on 127.0.0.1 in development.
 */
export function isServedOn(requestHost: string, tenant: { publicUrl: string; linkHosts: readonly string[] }): boolean {
  const asked = hostnameOf(requestHost);
  if (asked === null) return false;
  return [tenant.publicUrl, ...tenant.linkHosts].some((own) => {
    const hostname = hostnameOf(own);
    return hostname !== null && (hostname === asked || (isLoopback(hostname) && isLoopback(asked)));
  });
}
