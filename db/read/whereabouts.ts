import { zonesOfPlace } from '../../src/domain/law/places.ts';
import type { ZoneOrigin } from '../../src/domain/zone/zone-candidates.ts';
import type { Tx } from '../client.ts';

/**
 * Where a recipient is, as its plan needs it, of a contact `c` and the member `m` it may be: a member's own zone and place
 * count before what an invite said of them. A member's zone without a place says the place by itself. Of whom nothing is
 * known but the tenant, the tenant's zone counts as it is today. Their own quiet hours are the member's, or what somebody who
 * is no member chose for the address. What is read by this is to go through `located`.
 */
export function whereabouts(tx: Tx) {
  return tx.sql`
    case when m.zone is not null then array[m.zone]
      when c.zone_source = 'tenant' then array[(select t.zone from tenants t where t.id = c.tenant_id)]
      else coalesce(c.zones, '{}') end as zones,
    case when m.zone is not null then m.zone_source else c.zone_source end as "zoneSource",
    case when m.place is not null then array[m.place] when m.zone is not null then '{}' else coalesce(c.places, '{}') end as places,
    coalesce(m.is_minor, false) as "isMinor",
    coalesce(m.quiet_hours, c.quiet_hours) as "memberQuiet"`;
}

type Located = { readonly zones: readonly string[]; readonly zoneSource: ZoneOrigin | null; readonly places: readonly string[] };

/** Who has a place and no zone is on the clocks of that place, not on the tenant's. */
export function located<Row extends Located>(row: Row): Omit<Row, keyof Located> & { zones: string[]; zoneSource: Row['zoneSource'] | 'address'; places: string[] } {
  const { zones, zoneSource, places } = row;
  const ofPlaces = zoneSource === null || zoneSource === 'tenant' ? [...new Set(places.flatMap(zonesOfPlace))].toSorted() : [];
  return ofPlaces.length > 0
    ? { ...row, zones: ofPlaces, zoneSource: 'address', places: [...places] }
    : { ...row, zones: [...zones], zoneSource, places: [...places] };
}
