import type { MemberId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { QuietHours, ZoneSource } from '../schema/people.ts';

/** What a member's own row says of it, whoever reads it. */
export type MemberFields = {
  id: MemberId;
  externalId: string;
  locale: string | null;
  zone: string | null;
  zoneSource: ZoneSource | null;
  quietHours: QuietHours | null;
  birthYear: number | null;
  isMinor: boolean;
  parentAllows: boolean;
  /** `YYYY-MM-DD`. */
  eventDates: string[];
  /** ISO 3166-1 or -2. */
  place: string | null;
  attributes: Record<string, string | number | boolean | null>;
};

/** The columns of these fields, where `members` is called `m`. */
export function memberFields({ sql }: Tx) {
  return sql`
    m.id, m.external_id as "externalId", m.locale, m.zone, m.zone_source as "zoneSource", m.quiet_hours as "quietHours",
    m.birth_year as "birthYear", m.is_minor as "isMinor", m.parent_allows as "parentAllows", m.event_dates::text[] as "eventDates", m.place, m.attributes`;
}
