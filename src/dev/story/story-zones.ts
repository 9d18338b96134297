import { localDay } from '../../domain/invite/local-day.ts';

/** Cities around the world: at any instant one of them is awake and one asleep. */
const CITIES = [
  'Pacific/Honolulu', 'America/Los_Angeles', 'America/Denver', 'America/New_York', 'America/Sao_Paulo', 'Europe/London', 'Europe/Berlin',
  'Africa/Nairobi', 'Asia/Dubai', 'Asia/Kolkata', 'Asia/Bangkok', 'Asia/Tokyo', 'Australia/Sydney', 'Pacific/Auckland',
] as const;

/** A zone in which it is the middle of the day, and one in which it is night (`now` in epoch ms). */
export function storyZones(now: number): { awake: string; asleep: string } {
  const hourIn = (zone: string): number => Number(new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hourCycle: 'h23', timeZone: zone }).format(now));
  const awake = CITIES.find((zone) => hourIn(zone) >= 10 && hourIn(zone) <= 17);
  const asleep = CITIES.find((zone) => hourIn(zone) >= 22 || hourIn(zone) <= 5);
  if (awake === undefined || asleep === undefined) throw new Error('no city is awake, or none asleep');
  return { awake, asleep };
}

/** An instant as a zone's clock shows it: `08:00 tomorrow in Asia/Tokyo`. */
export function localTime(at: number, zone: string, now: number): string {
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone }).format(at);
  const day = localDay(at, zone) === localDay(now, zone) ? 'today' : 'tomorrow';
  return `${time} ${day} in ${zone}`;
}
