import { createFairPlaces } from './fair-places.ts';
import { createLighterFirst } from './lighter-first.ts';

/**
 * How many messages of a process may be claimed at once, and how many of those on the wire. Shared by all lanes: what is
 * claimed is what a crash leaves unknown, so nothing is claimed without a permit.
 */
export type SharedPermits = {
  /** A tenant's part in them: all its lanes together have one share. */
  of(tenant: string): Permits;
};

export type Permits = {
  /** Whoever claims sits at the table as long as it goes on: all tenants who sit there have equal shares. */
  sit(): Seat;
  give(count: number): void;
  /** Waits in line for a place on the wire; false when `signal` ends the wait. */
  enterWire(signal: AbortSignal): Promise<boolean>;
  leaveWire(): void;
  /** So many more (less than 0: fewer) of its messages are on the wire without an answer for long. */
  stall(count: number): void;
};

export type Seat = {
  /** Waits until at least one is free, then takes up to `most`, and no more than its share; 0 when `signal` ends the wait. */
  take(most: number, signal: AbortSignal): Promise<number>;
  rise(): void;
};

/** Of a wire so narrow, a spare place would cost a tenant alone too much. */
const TOO_NARROW = 4;
const MOST_SPARE = 4;

/** Places on the wire that nobody gets who has one already: one in ten. */
export function spareOf(wire: number): number {
  return wire < TOO_NARROW ? 0 : Math.min(MOST_SPARE, Math.max(1, Math.floor(wire / 10)));
}

type Guest = { seats: number; stalled: number };

/**
 * `total` may be claimed, half of them on the wire: one group goes out while another is prepared or recorded.
 *
 * A tenant alone has all but the spare ones. While another waits it gets no further place beyond half of them. Messages that a
 * server stalls over may stay for minutes and cannot be called back: a tenant that has such ones has at most half of what
 * others' stalled ones leave. So there is a place for the next tenant, however many recipients of one stall.
 */
export function createPermits(total: number): SharedPermits {
  const precedence = createLighterFirst();
  const wireTotal = Math.max(1, Math.floor(total / 2));
  const spare = spareOf(wireTotal);
  const guests = new Map<string, Guest>();
  const stalledOf = (tenant: string): number => guests.get(tenant)?.stalled ?? 0;
  const half = (tenant: string): number => {
    const byOthers = [...guests].reduce((sum, [other, { stalled }]) => sum + (other === tenant ? 0 : stalled), 0);
    return Math.max(1, Math.ceil((wireTotal - byOthers) / 2));
  };
  const wireCap = (tenant: string, contested: boolean): number => (contested || stalledOf(tenant) > 0 ? half(tenant) : wireTotal);
  /**
   * Without shares who has most gives most back at once and takes most again, and a lane that comes later gets crumbs. A
   * share is taken by the group: while others sit there, a tenant has one under way rather than two of half the size, which
   * would cost all of them more.
   */
  const shareOf = (): number => {
    const seated = [...guests.values()].filter(({ seats }) => seats > 0).length;
    return Math.max(1, Math.floor((total - 2 * spare) / Math.max(1, seated)));
  };
  const wire = createFairPlaces({ total: wireTotal, spare, cap: wireCap });
  const claims = createFairPlaces({
    total,
    spare: 2 * spare,
    // What cannot come on to the wire is not claimed.
    cap: (tenant, contested) => stalledOf(tenant) + Math.min(shareOf(), 2 * Math.max(0, wireCap(tenant, contested) - stalledOf(tenant))),
  });
  const change = (tenant: string, by: Partial<Guest>): void => {
    const { seats, stalled } = guests.get(tenant) ?? { seats: 0, stalled: 0 };
    const guest = { seats: seats + (by.seats ?? 0), stalled: stalled + (by.stalled ?? 0) };
    if (guest.seats === 0 && guest.stalled === 0) guests.delete(tenant);
    else guests.set(tenant, guest);
  };
  return {
    of: (tenant) => ({
      sit() {
        change(tenant, { seats: 1 });
        precedence.sit(tenant);
        return {
          async take(most, signal) {
            await precedence.pass(tenant, signal);
            return claims.enter(tenant, most, signal);
          },
          rise() {
            change(tenant, { seats: -1 });
            precedence.rise(tenant);
            claims.look();
          },
        };
      },
      give: (count) => claims.leave(tenant, count),
      enterWire: async (signal) => (await wire.enter(tenant, 1, signal)) === 1,
      leaveWire() {
        precedence.served(tenant);
        wire.leave(tenant, 1);
      },
      stall(count) {
        change(tenant, { stalled: count });
        wire.look();
        claims.look();
      },
    }),
  };
}
