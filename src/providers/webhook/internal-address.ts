import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** IANA's special-purpose registry (RFC 6890 and its updates), multicast, and one cloud's metadata service that stands outside it. */
const IPV4: readonly (readonly [network: string, bits: number])[] = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // carrier-grade NAT; a cloud's metadata service
  ['127.0.0.0', 8], // loopback
  ['169.254.0.0', 16], // link-local; metadata services
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // IETF protocols; a cloud's metadata service
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays, given up
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
  ['168.63.129.16', 32], // Azure's wire server
];
/** Of IPv6 only 2000::/3 is global unicast; these parts of it are not, or carry an IPv4 address inside. */
const IPV6_GLOBAL = ['2000::', 3] as const;
const IPV6: readonly (readonly [network: string, bits: number])[] = [
  ['2001::', 23], // IETF protocols: Teredo, ORCHID
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4: an IPv4 address inside
  ['3fff::', 20], // documentation
];

const internal = new BlockList();
for (const [network, bits] of IPV4) internal.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of IPV6) internal.addSubnet(network, bits, 'ipv6');
const globalUnicast = new BlockList();
globalUnicast.addSubnet(...IPV6_GLOBAL, 'ipv6');

/**
 * Does this IP address lead anywhere but into the public network? Loopback, private, link-local, carrier-grade NAT, metadata services,
 * multicast, reserved, and every IPv6 address that maps or carries an IPv4 one. What is no address is internal, too.
 */
export function isInternalAddress(address: string): boolean {
  if (isIPv4(address)) return internal.check(address, 'ipv4');
  // A zone (fe80::1%eth0) names an interface of this machine.
  if (!isIPv6(address) || address.includes('%')) return true;
  return !globalUnicast.check(address, 'ipv6') || internal.check(address, 'ipv6');
}
