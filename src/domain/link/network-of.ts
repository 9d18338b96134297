import { isIPv4, isIPv6 } from 'node:net';

/**
 * The part of an IP address that tells one visitor's line from another's: IPv4 whole, IPv6 its first 64 bits, for
 * one home or phone has all the rest to itself (RFC 4291 2.5.4, RFC 8981: the rest changes daily). An IPv4 address in
 * IPv6 clothes (`::ffff:192.0.2.1`) is the IPv4 address. Null where the text is no address.
 */
export function networkOf(address: string): string | null {
  const bare = address.split('%', 1)[0] ?? '';
  if (isIPv4(bare)) return bare;
  if (!isIPv6(bare)) return null;
  const groups = groupsOf(bare);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return groups.slice(6).flatMap((group) => [group >> 8, group & 255]).join('.');
  }
  return `${groups.slice(0, 4).map((group) => group.toString(16)).join(':')}::/64`;
}

/** The eight groups. `URL` writes every spelling of an IPv6 address the one canonical way (RFC 5952). */
function groupsOf(address: string): number[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const parse = (part: string): number[] => part.split(':').filter((group) => group !== '').map((group) => parseInt(group, 16));
  const [before, after] = [parse(head), parse(tail ?? '')];
  const gap = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return [...before, ...gap, ...after];
}
