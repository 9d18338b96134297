import { hostnameOf, isLoopback } from './hosts.ts';

/** Where a link leads of which nobody said where: the first host of the tenant's list; without one its own address. */
export function defaultDestination({ publicUrl, allowedDestinations: [host] }: { publicUrl: string; allowedDestinations: readonly string[] }): string {
  if (host === undefined) return publicUrl;
  const isHere = isLoopback(hostnameOf(`https://${host}/`) ?? '');
  return `${isHere ? 'http' : 'https'}://${host}/`;
}
