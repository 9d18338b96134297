/** Whose pages may use a publishable key. */
export type OriginList = {
  /** As `readOrigin` gives them. */
  readonly allowedOrigins: readonly string[];
  /** Pages of the own machine, on whatever port, too. */
  readonly isDevelopment: boolean;
};

const LONGEST = 255;
const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/** An https origin as browsers write it (RFC 6454, section 6.2): scheme, host in small letters, port where it is not 443; null where the text is none. No path, no wildcard. */
export function readOrigin(text: string): string | null {
  if (text.length > LONGEST || !URL.canParse(text)) return null;
  const { protocol, origin, host } = new URL(text);
  return protocol === 'https:' && !host.includes('*') && (text.toLowerCase() === origin || text.toLowerCase() === `${origin}/`) ? origin : null;
}

/** Is this header `Origin` that of a page which may use the key? Compared as a whole: a longer host that ends alike is another. */
export function isAllowedOrigin(origin: string, { allowedOrigins, isDevelopment }: OriginList): boolean {
  return allowedOrigins.includes(origin) || (isDevelopment && isLocalOrigin(origin));
}

/** Could any key allow it? `null`, as sandboxed frames and files send, and plain http are nobody's. */
export function isPossibleOrigin(origin: string): boolean {
  return readOrigin(origin) === origin || isLocalOrigin(origin);
}

function isLocalOrigin(origin: string): boolean {
  if (origin.length > LONGEST || !URL.canParse(origin)) return false;
  const { protocol, hostname, origin: whole } = new URL(origin);
  return protocol === 'http:' && LOCAL_HOSTS.has(hostname) && whole === origin;
}
