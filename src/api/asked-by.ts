import type { IncomingMessage } from 'node:http';

/** Is this address, so many hops before us, one of our proxies? */
export type Trust = (address: string, hop: number) => boolean;

/** What Express was told of proxies, for those who ask without it. */
export function trustOf(app: { get(name: string): unknown }): Trust {
  const trusts = app.get('trust proxy fn');
  if (typeof trusts !== 'function') throw new Error('Express keeps its trust in proxies elsewhere');
  return (address, hop) => Reflect.apply(trusts, undefined, [address, hop]) === true;
}

/** The address a request comes from, as Express's `request.ip`: the nearest that is none of our proxies'. */
export function addressOf({ socket, headers }: IncomingMessage, trusts: Trust): string {
  let address = socket.remoteAddress ?? '';
  if (!trusts(address, 0)) return address;
  const forwarded = headers['x-forwarded-for'];
  if (forwarded === undefined) return address;
  const before = String(forwarded).split(',').map((part) => part.trim()).filter((part) => part !== '').toReversed();
  for (const [hop, next] of before.entries()) {
    address = next;
    if (!trusts(next, hop + 1)) break;
  }
  return address;
}

/** The host it asks for, without its port, as Express's `request.hostname`: by what a proxy of ours says, else by `Host`. */
export function hostOf({ socket, headers }: IncomingMessage, trusts: Trust): string {
  const forwarded = trusts(socket.remoteAddress ?? '', 0) ? headers['x-forwarded-host'] : undefined;
  const host = (forwarded === undefined || forwarded === '' ? headers.host : String(forwarded).split(',', 1)[0]?.trimEnd()) ?? '';
  const port = host.indexOf(':', host.startsWith('[') ? host.indexOf(']') + 1 : 0);
  return port === -1 ? host : host.slice(0, port);
}
