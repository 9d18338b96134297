import { lookup, Resolver } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';

export type HostAddress = { readonly address: string; readonly family: 4 | 6 };
/** Every address of a host; none where the name is not known. Throws where no name server answers. */
export type ResolveHost = (host: string, signal: AbortSignal) => Promise<readonly HostAddress[]>;

const QUERY = { timeout: 3_000, tries: 2 } as const;

/**
 * Asks the name servers, and nothing else: a machine's own list of hosts holds names that are nobody's outside. Not by the system's
 * resolver, which has four threads for the whole process: a few names that do not answer would hold up every other look-up.
 */
export const resolvePublicHost: ResolveHost = async (host, signal) => {
  if (isIP(host) !== 0) return [toAddress(host)];
  const resolver = new Resolver(QUERY);
  const cancel = (): void => { resolver.cancel(); };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const failure = answers.find((answer) => answer.status === 'rejected' && !saysThatThereIsNone(answer.reason));
    if (found.length === 0 && failure?.status === 'rejected') throw failure.reason;
    return found.map(toAddress);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
};

/** As every program of this machine does: for development, where hosts are this machine's own. */
export const resolveAnyHost: ResolveHost = async (host) => (await lookup(host, { all: true })).map(({ address }) => toAddress(address));

function toAddress(address: string): HostAddress {
  return { address, family: isIP(address) === 6 ? 6 : 4 };
}

function saysThatThereIsNone(reason: unknown): boolean {
  return reason instanceof Error && 'code' in reason && (reason.code === 'ENODATA' || reason.code === 'ENOTFOUND');
}

/**
 * The look-up of a connection that may go to these addresses alone: those that were checked, whatever the name answers a second
 * time. Called for a name only; an address that stands in the URL itself was checked as it stands.
 */
export function onlyTo(addresses: readonly HostAddress[]): LookupFunction {
  return (_host, { all }, done) => {
    const [first] = addresses;
    if (all === true) done(null, addresses.map(({ address, family }) => ({ address, family })));
    else done(null, first?.address ?? '', first?.family ?? 4);
  };
}
