const HOUR_MS = 3_600_000;
const EVENING_HOUR = 18;
/** UTC+14 is the farthest east there is. */
const FARTHEST_EAST = 14;

/** A zone in which it is between six and seven in the evening at `now`: awake, and the day ends within six hours. The names of these zones count hours west of UTC. */
export function eveningZone(now: number): string {
  const east = EVENING_HOUR - new Date(now - (now % HOUR_MS)).getUTCHours();
  const ahead = east > FARTHEST_EAST ? east - 24 : east;
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${String(Math.abs(ahead))}`;
}
