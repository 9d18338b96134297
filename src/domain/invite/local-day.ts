import { IANAZone } from 'luxon';

/** The calendar day (`YYYY-MM-DD`) that a zone's clock shows at an instant (epoch ms). */
export function localDay(at: number, zone: string): string {
  return new Date(at + IANAZone.create(zone).offset(at) * 60_000).toISOString().slice(0, 10);
}
