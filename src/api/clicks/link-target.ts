import { z } from 'zod';
import { asId } from '../../domain/ids.ts';
import type { RunId, TenantId, TouchId } from '../../domain/ids.ts';
import { checkDestination } from '../../domain/link/check-destination.ts';
import { isServedOn } from '../../domain/link/hosts.ts';
import { landingUrl } from '../../domain/link/landing-url.ts';
import type { Utm } from '../../domain/link/landing-url.ts';
import { remember } from './remember.ts';

/** What a link is, worked out from the text that `findLinks` gives for it. */
export type LinkTarget = {
  readonly tenantId: TenantId;
  /** Of the run whose landing page it leads to; null: it leads to its destination at once. */
  readonly runId: RunId | null;
  readonly isRevoked: boolean;
  /** Its cookie may go over https only. */
  readonly isSecure: boolean;
  isServedOn(requestHost: string): boolean;
  /** Where a click goes, with its id and the campaign fields of the short link's own query; null: the tenant no longer lets links lead there. */
  readonly landing: ((id: TouchId, query: string) => string) | null;
};

const targetText = z.object({
  tenantId: z.string(), runId: z.string().nullish(), destination: z.string(), utm: z.record(z.string(), z.string()), isRevoked: z.boolean(),
  publicUrl: z.string(), linkHosts: z.array(z.string()), allowedDestinations: z.array(z.string()),
});

/** Some, for there are tenants with hosts of their own, and none longer than a name may be (RFC 1035, 2.3.4): anybody may ask for any. */
const MOST_HOSTS = 8;
const LONGEST_HOST = 255;
/** Like an id wherever it stands in an address. */
const PLACEHOLDER = asId('tch', 'tch_00000000000000000000000000');

/** Reads what `findLinks` gives. Throws where it is not what it should be. */
export function readTarget(text: string): LinkTarget {
  const { tenantId, runId, destination, utm, isRevoked, ...rules } = targetText.parse(JSON.parse(text));
  const checked = checkDestination(destination, rules);
  const servedOn = remember(MOST_HOSTS, (requestHost) => isServedOn(requestHost, rules));
  return {
    tenantId: asId('tnt', tenantId),
    runId: runId === null || runId === undefined ? null : asId('run', runId),
    isRevoked,
    isSecure: rules.publicUrl.startsWith('https:'),
    isServedOn: (requestHost) => requestHost.length <= LONGEST_HOST && servedOn(requestHost),
    landing: checked.outcome === 'refused' ? null : landingOf(checked.href, utm),
  };
}

/** Of a click without a query all is known but its id. */
function landingOf(href: string, utm: Utm): (id: TouchId, query: string) => string {
  const asked = new URLSearchParams();
  const parts = landingUrl(href, { id: PLACEHOLDER, utm, asked }).split(`clickId=${PLACEHOLDER}`);
  const [before, after, more] = parts;
  return (id, query) => (query === '' && before !== undefined && after !== undefined && more === undefined
    ? `${before}clickId=${id}${after}`
    : landingUrl(href, { id, utm, asked: new URLSearchParams(query) }));
}
