import { notAZone } from './read-rules.ts';
import type { ReadRules } from './read-rules.ts';
import { zoneOffsets } from './zone-offsets.ts';
import type { ZoneOffsets } from './zone-offsets.ts';

/** The zones in all of which an instant must be permitted; with `problems` they are not known. */
export type RecipientZones = { readonly zones: readonly ZoneOffsets[]; readonly problems: readonly string[] };

/**
 * The candidate zones of a recipient: `rules.zones` when it names any (the fallback stands in for a name that is no
 * zone), else the recipient's own `zone`, else the fallback.
 */
export function recipientZones(rules: ReadRules, zone: unknown): RecipientZones {
  const fallback = zoneOffsets(rules.fallbackZone);
  if (rules.zones.length === 0) {
    const found = zoneOffsets(zone) ?? fallback;
    if (found !== null) return { zones: [found], problems: [] };
    const reason = zone === null || zone === undefined ? 'not given' : notAZone(zone);
    return { zones: [], problems: [`zone: ${reason}, and ${fallbackText(rules.fallbackZone)}`] };
  }
  const found = new Set<ZoneOffsets>();
  const problems: string[] = [];
  rules.zones.forEach((name, index) => {
    const candidate = zoneOffsets(name) ?? fallback;
    if (candidate !== null) found.add(candidate);
    else problems.push(`zones[${index}]: ${notAZone(name)}, and ${fallbackText(rules.fallbackZone)}`);
  });
  return { zones: [...found], problems };
}

function fallbackText(fallbackZone: unknown): string {
  return fallbackZone === undefined ? 'there is no fallbackZone' : `fallbackZone ${notAZone(fallbackZone)}`;
}
