import { networkOf } from '../link/network-of.ts';

const LOCAL = [/^127\./, /^10\./, /^192\.168\./, /^172\.(?:1[6-9]|2\d|3[01])\./, /^169\.254\./, /^0:0:0:0::/, /^fe[89ab][0-9a-f]:/, /^f[cd][0-9a-f]{2}:/];

/**
 * The network a limit by address counts for: IPv4 whole, IPv6 its first 64 bits; null for none. Loopback, link-local and
 * private addresses (RFC 1918, RFC 4193) are none: no visitor from outside has one, so it is a proxy that the deployment has
 * not named, and all visitors behind it would share one limit and lock each other out, of opting out too.
 */
export function limitedNetwork(address: string): string | null {
  const network = networkOf(address);
  return network === null || LOCAL.some((beginning) => beginning.test(network)) ? null : network;
}
