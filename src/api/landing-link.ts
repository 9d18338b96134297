import { checkDestination } from '../domain/link/check-destination.ts';
import { landingUrl } from '../domain/link/landing-url.ts';
import type { Utm } from '../domain/link/landing-url.ts';
import type { TouchId } from '../domain/ids.ts';
import { shareKit } from '../domain/share/share-kit.ts';
import type { ShareKit } from '../domain/share/share-kit.ts';
import { textOf } from './pages/html.ts';
import { qrCode } from './pages/referral-qr.ts';

/** Where the landing page of a link is. */
export function landingPath(code: string): string {
  return `/i/${code}`;
}

export function landingAddress(publicUrl: string, code: string): string {
  return `${publicUrl.replace(/\/+$/, '')}${landingPath(code)}`;
}

type Leads = { readonly destination: string; readonly utm: Utm; readonly publicUrl: string; readonly allowedDestinations: readonly string[] };

/** Where whoever accepts on a visit goes on to, with its `clickId`; null: the tenant no longer lets links lead there. `query`: the page's own. */
export function leadsTo({ destination, utm, ...rules }: Leads, id: TouchId, query: string): string | null {
  const checked = checkDestination(destination, rules);
  return checked.outcome === 'refused' ? null : landingUrl(checked.href, { id, utm, asked: new URLSearchParams(query) });
}

/** Everything it takes to share a link, its QR code as an SVG document among it. `qrLabel` says what the code is. */
export function shareKitOf(shared: { url: string; text: string; subject: string }, qrLabel: string): ShareKit {
  return shareKit(shared, (url) => textOf(qrCode(url, qrLabel)).replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" '));
}
