import type { FactScalar } from '../../src/domain/run/fact.ts';
import type { LiveRunLife } from './live-runs.ts';

/** A guest's id by name. */
export const guest = (name: string): string => `gst_01ksr49200081040g208104${name}`.padEnd(30, '0');

/** What one friend does, as the run hears of it. */
export function friend(life: LiveRunLife, name = 'ben') {
  const data: Record<string, FactScalar> = { guestId: guest(name), role: 'friend', personId: guest(name) };
  return {
    opens: () => life.tell('friend_opened'),
    comes: () => life.tell('friend_came', { id: `${name}-came` }),
    begins: () => life.tell('friend_began', { id: `${name}-began`, data }),
    reachesValue: () => life.tell('friend_reached_value', { id: `${name}-value`, data }),
    finishes: (right: number, round = 1) => life.tell('friend_finished', { id: `${name}-finished-${String(round)}`, data: { ...data, right, of: 5, round } }),
    playsAgain: () => life.tell('rematch_began', { id: `${name}-again`, data }),
    joins: () => life.tell('friend_joined', { id: `${name}-joined`, data: { personId: `mbr_01ksr49200081040g208104${name}`, role: 'friend' } }),
    declines: () => life.tell('friend_declined', { id: `${name}-declined` }),
  };
}
